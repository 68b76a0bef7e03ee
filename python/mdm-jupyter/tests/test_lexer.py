import pathlib

import pytest
from pygments import lex
from pygments.lexers import get_lexer_by_name, get_lexer_for_filename, guess_lexer
from pygments.token import (
    Comment,
    Error,
    Keyword,
    Name,
    Number,
    Operator,
    String,
    Token,
)

from mdm_jupyter.lexer import MdmLexer

ROOT = pathlib.Path(__file__).resolve().parents[3]
SCRIPTS = sorted(
    path
    for folder in ("notebooks", "stdlib", "Tests/Scripts")
    for path in (ROOT / folder).rglob("*.mdm")
)


def tokens(text):
    return [(kind, piece) for kind, piece in lex(text, MdmLexer()) if piece.strip()]


def kind(text, piece):
    """The token of a piece of the text."""
    return next(its for its, found in tokens(text) if found == piece)


def test_pygments_finds_it_by_name_and_by_file():
    assert isinstance(get_lexer_by_name("mdm"), MdmLexer)
    assert isinstance(get_lexer_for_filename("a.mdm"), MdmLexer)
    assert isinstance(guess_lexer("#!/usr/bin/env -S mdm run\nprint(1)\n"), MdmLexer)


def test_the_repository_has_scripts_to_colour():
    if not (ROOT / "Package.swift").exists():
        pytest.skip("outside of the repository")
    assert len(SCRIPTS) > 100


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_scripts_keep_their_text_and_have_no_error_tokens(path):
    text = path.read_text(encoding="utf-8")
    found = list(MdmLexer(stripnl=False, ensurenl=False).get_tokens(text))
    assert "".join(piece for _, piece in found) == text
    # Scripts that expect an error of the lexer or parser hold what is no mdm.
    if "expect error E01" not in text and "expect error E02" not in text:
        assert [piece for its, piece in found if its in Error] == []


def test_words_names_and_types():
    text = 'let xs: List | None = load("mini")\nreturn xs'
    assert kind(text, "let") is Keyword.Declaration
    assert kind(text, "List") is Keyword.Type and kind(text, "None") is Keyword.Type
    assert kind(text, "load") is Name.Function
    assert kind(text, '"') is String.Double
    assert kind(text, "return") is Keyword
    assert kind("not x", "not") is Operator.Word
    assert kind("a ?? true", "true") is Keyword.Constant


def test_words_are_names_behind_dots_and_before_colons():
    assert kind("x.in", "in") is Name.Attribute
    assert kind("{if: 1}", "if") is Name.Attribute


def test_contextual_words_need_what_follows():
    assert kind("mix {a: 20%}", "mix") is Keyword
    assert kind("let mix = 2", "mix") is Name
    assert kind("param steps: Int = 2", "param") is Keyword.Declaration
    assert kind("reward fn tight(c, e) -> 0..1 { }", "tight") is Name.Function


@pytest.mark.parametrize(
    "number", ["1_000", "1e-4", "2.5", "60%", "10k", "5min", "512MB", "0xff", "0b01", "0o7"]
)
def test_numbers_with_suffixes(number):
    assert tokens(number)[0][0] in Number and tokens(number)[0][1] == number


def test_a_remainder_is_no_percentage():
    assert tokens("7%3")[1] == (Operator, "%")


def test_plain_strings_do_not_interpolate():
    assert all(its in String.Double for its, _ in tokens('"a {b} c"'))
    assert kind('"a\\n"', "\\n") is String.Escape


def test_values_in_format_strings_are_code():
    text = 'f"loss {mean(xs, by: "a"):.3f} {{x}} {r:{width}.2f}"'
    assert kind(text, "mean") is Name.Function
    assert kind(text, "by") is Name.Attribute
    assert kind(text, ".3f") is String.Interpol
    assert kind(text, "{{") is String.Escape
    assert kind(text, "width") is Name
    assert tokens(text)[-1] == (String.Double, '"')


def test_raw_strings_keep_backslashes():
    assert all(its in String for its, _ in tokens(r'r"\d+"'))
    assert kind(r'fr"\d{x}"', "x") is Name


def test_blocks_of_text_go_over_lines():
    assert kind('"""a\nb "c"\n""" + x', "x") is Name


def test_an_open_string_ends_with_its_line():
    assert kind('"open\nlet x = 1', "let") is Keyword.Declaration


def test_comments_documentation_and_cells():
    text = "# %% A cell\n## Help.\n# note\nx"
    found = [its for its, _ in tokens(text)]
    assert found == [Comment.Special, String.Doc, Comment.Single, Name]


def test_commands_of_cells():
    assert kind(":time train(1)", ":time") is Name.Decorator
    assert kind("?train", "?") is Name.Decorator
    assert tokens(":!ls -l")[1] == (String.Other, "ls -l")


def test_every_token_is_of_a_standard_kind():
    for its, _ in lex("fn f(a, ..rest) -> Int { a |> g(_) }", MdmLexer()):
        assert its in Token
