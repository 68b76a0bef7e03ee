"""The words of mdm. Made by `mdm editors`; change it there."""

CONSTANTS = (
    "true",
    "false",
    "none",
)
WORD_OPERATORS = (
    "and",
    "or",
    "not",
    "in",
)
DECLARATIONS = (
    "let",
    "var",
    "fn",
)
CONTROL = (
    "return",
    "if",
    "else",
    "match",
    "for",
    "while",
    "break",
    "continue",
    "try",
    "defer",
    "assert",
    "expect",
)

# Names elsewhere; words of the language where the pattern follows.
CONTEXTUAL = (
    ("across", r'\s+seeds\b'),
    ("as", r'\s+[A-Za-z_]\w*'),
    ("budget", r'\('),
    ("by", r'\s+[\w(-]'),
    ("catch", r'\s+(?:[A-Za-z_]\w*\s*)?\{'),
    ("mix", r'\s*\{'),
    ("param", r'\s+[A-Za-z_]\w*'),
    ("pub", r'\s+(?:fn|let|var|reward)\b'),
    ("reward", r'\s+fn\b'),
    ("seeds", r'\('),
    ("spawn", r'\s+[A-Za-z_]\w*'),
    ("test", r'\s+"'),
    ("use", r'\s+[\w"]'),
)

# The longest first.
NUMBER_SUFFIXES = (
    "GiB",
    "KiB",
    "MiB",
    "TiB",
    "min",
    "GB",
    "KB",
    "MB",
    "TB",
    "ms",
    "us",
    "B",
    "M",
    "T",
    "d",
    "h",
    "k",
    "s",
)
OPERATORS = (
    "**=",
    "..=",
    "//=",
    "??=",
    "!=",
    "%=",
    "**",
    "*=",
    "+-",
    "+=",
    "-=",
    "->",
    "..",
    "//",
    "/=",
    "<=",
    "==",
    ">=",
    "??",
    "|>",
    "~=",
    "%",
    "*",
    "+",
    "-",
    "/",
    "<",
    "=",
    ">",
    "|",
)
