"""The `param` declarations of a cell, read without a kernel."""

import re
from collections import namedtuple

__all__ = ["Declaration", "declarations"]

Declaration = namedtuple("Declaration", ["name", "type", "default", "help"])

_PARAM = re.compile(r"\s*param\s+([^\W\d]\w*)\s*(?::([^=]*))?=(?!=)", re.DOTALL)
# Comments, then strings in their eight forms, then brackets, commas, line ends and all else.
_PIECE = re.compile(
    r'(?P<comment>\#[^\n]*)'
    r'|(?P<string>(?:\b(?:fr|rf|f|r))?(?:"""(?:\\.|[^\\])*?"""|"(?:\\.|[^"\\\n])*"))'
    r"|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<comma>,)|(?P<line>\n)|(?P<other>[^\W]+|.)",
    re.DOTALL,
)
# A line goes on behind these, and before a line that begins with `|>` or a dot.
_GOES_ON = re.compile(r"(?:[-+*/%<>=|~,.]|\?\?|->|\b(?:and|or|not|in))\Z")
_CONTINUES = re.compile(r"\s*(?:#[^\n]*\s*)*(?:\|>|\.(?!\.))")
_ESCAPE = re.compile(r"\\(?:u\{([0-9A-Fa-f]+)\}|(.))", re.DOTALL)
_LITERALS = (
    (re.compile(r"true|false"), "Bool"),
    (re.compile(r"-?\d[\d_]*(?:k|M|B|T)?"), "Int"),
    (re.compile(r"-?\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?%?"), "Float"),
    (re.compile(r"-?\d[\d_.]*(?:us|ms|s|min|h|d)"), "Duration"),
    (re.compile(r"-?\d[\d_.]*(?:[KMGT]i?B)"), "Size"),
    (re.compile(r'r?".*"', re.DOTALL), "String"),
    (re.compile(r"\[.*\]", re.DOTALL), "List"),
    (re.compile(r"\{.*\}", re.DOTALL), "Record"),
)


def declarations(source):
    """The `param`s at the top level of a cell, in order; what cannot be read is passed over."""
    found = []
    for statement in _statements(source):
        match = _PARAM.match("".join(text for _, text in statement))
        if not match:
            continue
        name, kind = match.group(1), (match.group(2) or "").strip()
        default, help_text = _value(statement, match.end())
        found.append(Declaration(name, kind or _implied(default), default, help_text))
    return found


def _statements(source):
    """The statements as lists of pieces, without comments."""
    statement, depth = [], 0
    for match in _PIECE.finditer(source):
        kind, text = match.lastgroup, match.group()
        depth += (kind == "open") - (kind == "close")
        if kind == "comment":
            continue
        if kind == "line" and depth <= 0:
            so_far = "".join(text for _, text in statement).rstrip()
            if not _GOES_ON.search(so_far) and not _CONTINUES.match(source, match.end()):
                yield statement
                statement, depth = [], 0
                continue
        statement.append((kind, text))
    yield statement


def _value(statement, start):
    """The default's text and the help behind it."""
    default, help_text, depth, position, is_help = [], "", 0, 0, False
    for kind, text in statement:
        position += len(text)
        if position <= start:
            continue
        depth += (kind == "open") - (kind == "close")
        if is_help:
            if kind == "string":
                help_text = _unquoted(text)
                break
        elif kind == "comma" and depth == 0:
            is_help = True
        else:
            default.append(text)
    return " ".join("".join(default).split()), help_text


def _unquoted(text):
    """What a plain or raw string says."""
    is_raw = text.startswith("r")
    text = text.lstrip("fr")
    text = text[3:-3].strip() if text.startswith('"""') else text[1:-1]
    return text if is_raw else _ESCAPE.sub(_unescaped, text)


def _unescaped(match):
    if match.group(1):
        scalar = int(match.group(1), 16)
        return chr(scalar) if scalar < 0x110000 else match.group()
    return {"n": "\n", "t": "\t", "r": "\r"}.get(match.group(2), match.group(2))


def _implied(default):
    """The type of a literal; papermill shows "None" as unknown."""
    for pattern, name in _LITERALS:
        if pattern.fullmatch(default):
            return name
    return "None"
