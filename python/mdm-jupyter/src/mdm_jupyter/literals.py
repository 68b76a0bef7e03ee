"""Values of Python as mdm writes them."""

import math
import re

from . import words

_NAME = re.compile(r"[^\W\d]\w*\Z")
_RESERVED = frozenset(
    words.CONSTANTS + words.WORD_OPERATORS + words.DECLARATIONS + words.CONTROL
)
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def is_name(text):
    """Whether a text may name a `param`."""
    return bool(_NAME.match(text)) and text not in _RESERVED


def literal(value):
    """The text that mdm reads as a value: None, bool, int, float, str, list, tuple and dict.

    What else YAML has, dates above all, becomes a string.
    """
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(literal, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)}: {literal(value[key])}" for key in value) + "}"
    return _string(str(value))


def _float(value):
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return float.__repr__(value)


def _key(key):
    """Keys are String, Int or Bool; others have no counterpart."""
    if isinstance(key, (bool, int)):
        return literal(key)
    if isinstance(key, str):
        return _string(key)
    raise ValueError(f"mdm has no record key like {key!r}: keys are strings, integers or booleans")


def _string(text):
    return '"' + "".join(map(_character, text)) + '"'


def _character(character):
    if character in _ESCAPES:
        return _ESCAPES[character]
    # Control characters, and the surrogates that no UTF-8 file can hold.
    if ord(character) < 32 or ord(character) == 127:
        return f"\\u{{{ord(character):x}}}"
    if 0xD800 <= ord(character) < 0xE000:
        return "\ufffd"
    return character
