"""Colours of mdm for Pygments, and so for nbconvert, Sphinx and Quarto."""

import re

from pygments.lexer import RegexLexer, bygroups, default, include, words
from pygments.token import (
    Comment,
    Error,
    Keyword,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Whitespace,
)

from . import words as vocabulary

__all__ = ["MdmLexer"]

NAME = r"[^\W\d]\w*"
# A word of the language is a name behind a dot and a key before a colon.
BEFORE = r"(?<![.\w])"
AFTER = r"\b(?!\s*:(?!=))"


def _reserved(group):
    return words(group, prefix=BEFORE, suffix=AFTER)


def _strings():
    """The eight forms of strings; `f` and `r` may stand in front in either order."""
    rules = []
    for prefix, state in (("(?:fr|rf)", "raw-format"), ("f", "format"), ("r", "raw"), ("", "text")):
        before = r"\b" + prefix if prefix else ""
        affix = String.Affix if prefix else String.Double
        rules.append((f'({before})(""")', bygroups(affix, String.Double), f"{state}-block"))
        rules.append((f'({before})(")', bygroups(affix, String.Double), f"{state}-line"))
    return rules


def _string_states():
    states = {}
    for name, is_raw, is_format in (
        ("text", False, False),
        ("raw", True, False),
        ("format", False, True),
        ("raw-format", True, True),
    ):
        inside = []
        if not is_raw:
            inside.append((r"\\(?:u\{[0-9A-Fa-f]+\}|[^\n])", String.Escape))
        if is_format:
            inside.append((r"\{\{|\}\}", String.Escape))
            inside.append((r"\{", String.Interpol, "value"))
        special = '"' + ("" if is_raw else r"\\") + ("{}" if is_format else "")
        states[f"{name}-block"] = [
            (r'"""', String.Double, "#pop"),
            *inside,
            (f"[^{special}]+", String.Double),
            (r"[\"\\{}]", String.Double),
        ]
        states[f"{name}-line"] = [
            (r'"', String.Double, "#pop"),
            # A string that is not closed ends with its line.
            (r"\n", Whitespace, "#pop"),
            *inside,
            (f"[^{special}\n]+", String.Double),
            (r"[\\{}]", String.Double),
        ]
    return states


class MdmLexer(RegexLexer):
    """Scripts and notebook cells of mdm."""

    name = "mdm"
    aliases = ["mdm"]
    filenames = ["*.mdm"]
    mimetypes = ["text/x-mdm"]
    flags = re.MULTILINE

    tokens = {
        "root": [
            (r"\A#!.*$", Comment.Hashbang),
            # Commands of cells: `:time …`, `:!cmd`, `?name`, `??name`, `?"words"`.
            (r"\A(\s*)(:!)(.*)$", bygroups(Whitespace, Name.Decorator, String.Other)),
            (r"\A(\s*)(:[a-z_]+)", bygroups(Whitespace, Name.Decorator)),
            (r"\A(\s*)(\?\??)(.*)$", bygroups(Whitespace, Name.Decorator, Name)),
            (r"^# %%.*$", Comment.Special),
            (r"^[ \t]*##(?!#).*$", String.Doc),
            (r"#.*$", Comment.Single),
            include("expression"),
            (r"[()\[\]{}]", Punctuation),
        ],
        "expression": [
            (r"\s+", Whitespace),
            *_strings(),
            (r"0[xX][0-9A-Fa-f_]+\b", Number.Hex),
            (r"0[oO][0-7_]+\b", Number.Oct),
            (r"0b[01_]+\b", Number.Bin),
            (
                r"\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?"
                r"(?:(?:" + "|".join(vocabulary.NUMBER_SUFFIXES) + r')\b|%(?![\w(\[{"]))?',
                Number,
            ),
            (
                rf"{BEFORE}(fn)(\s+)({NAME})",
                bygroups(Keyword.Declaration, Whitespace, Name.Function),
            ),
            (
                rf"{BEFORE}(param)(\s+)({NAME})",
                bygroups(Keyword.Declaration, Whitespace, Name.Variable),
            ),
            (
                rf"{BEFORE}(use)(\s+)({NAME})",
                bygroups(Keyword.Namespace, Whitespace, Name.Namespace),
            ),
            (_reserved(vocabulary.CONSTANTS), Keyword.Constant),
            (_reserved(vocabulary.WORD_OPERATORS), Operator.Word),
            (_reserved(vocabulary.DECLARATIONS), Keyword.Declaration),
            (_reserved(vocabulary.CONTROL), Keyword),
            *(
                (rf"{BEFORE}{word}(?={following})", Keyword)
                for word, following in vocabulary.CONTEXTUAL
            ),
            # Types stand behind `:` or `->`, several with bars between them.
            (
                r"(->|:)(\s*)(?=[A-Z])",
                bygroups(Operator, Whitespace),
                "types",
            ),
            (rf"(\.)({NAME})(?=\()", bygroups(Operator, Name.Function)),
            (rf"(?<!\.)(\.)({NAME})", bygroups(Operator, Name.Attribute)),
            (rf"{NAME}(?=\()", Name.Function),
            (rf"{NAME}(?=\s*:(?!=))", Name.Attribute),
            (NAME, Name),
            (words(vocabulary.OPERATORS), Operator),
            (r"[,:;.]", Punctuation),
        ],
        "types": [
            (r"([A-Z]\w*)(\s*)(\|)(\s*)(?=[A-Z])", bygroups(
                Keyword.Type, Whitespace, Operator, Whitespace)),
            (r"[A-Z]\w*", Keyword.Type, "#pop"),
            default("#pop"),
        ],
        # The value in a format string; its colon begins a format only outside of brackets.
        "value": [
            (r"\}", String.Interpol, "#pop"),
            (r":", String.Interpol, "format"),
            (r"[(\[{]", Punctuation, "brackets"),
            include("expression"),
            (r".", Error),
        ],
        "brackets": [
            (r"[)\]}]", Punctuation, "#pop"),
            (r"[(\[{]", Punctuation, "#push"),
            include("expression"),
            (r".", Error),
        ],
        "format": [
            (r"(?=\})", String.Interpol, "#pop"),
            (r"\{", String.Interpol, "value"),
            (r'[^{}"\n]+', String.Interpol),
            default("#pop"),
        ],
        **_string_states(),
    }

    def analyse_text(text):
        """How likely a text without a name is mdm."""
        if re.match(r"#!.*\bmdm\b", text):
            return 1.0
        if re.search(rf"^reward fn {NAME}\(", text, re.MULTILINE):
            return 0.4
        return 0.0
