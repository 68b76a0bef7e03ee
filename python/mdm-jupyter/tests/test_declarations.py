import pytest

from mdm_jupyter.declarations import declarations


def one(text):
    (found,) = declarations(text)
    return tuple(found)


def test_name_type_default_and_help():
    assert one('param lr: Float = 1e-4, "peak learning rate"') == (
        "lr", "Float", "1e-4", "peak learning rate")


def test_several_with_other_statements_and_comments_between():
    text = """
# The run's parameters.
param steps: Int = 200, "optimiser steps"   # more is slower
let x = 3; print("param y = 3")
param out: String | None = none
fn f() {
  let param_x = 1
}
param bands = [0.1,
  0.2], "where to look"
"""
    assert [(item.name, item.type, item.default, item.help) for item in declarations(text)] == [
        ("steps", "Int", "200", "optimiser steps"),
        ("out", "String | None", "none", ""),
        ("bands", "List", "[0.1, 0.2]", "where to look"),
    ]


@pytest.mark.parametrize(
    "default, kind",
    [
        ("3", "Int"), ("-3", "Int"), ("10k", "Int"), ("0.5", "Float"), ("1e-4", "Float"),
        ("60%", "Float"), ("true", "Bool"), ('"a"', "String"), ("5min", "Duration"),
        ("512MB", "Size"), ("[1]", "List"), ("{a: 1}", "Record"), ("f(2)", "None"),
    ],
)
def test_the_type_of_a_literal_is_implied(default, kind):
    assert one(f"param x = {default}") == ("x", kind, default, "")


def test_strings_may_hold_commas_signs_and_quotes():
    assert one(r'param s: String = "a, \"b\" = # c", "d \u{e9}, e"') == (
        "s", "String", r'"a, \"b\" = # c"', "d é, e")


def test_help_may_stand_on_the_next_line():
    assert one('param x: Int = 1,\n  "on the next line"')[3] == "on the next line"


def test_a_default_may_go_on_behind_an_operator_or_before_a_pipe():
    assert one("param x = 1 +\n  2")[2] == "1 + 2"
    assert one("param x = xs\n  |> first()")[2] == "xs |> first()"


@pytest.mark.parametrize("text", ["", "param", "param x", 'param x = "open', "param x = [1", "}{"])
def test_what_cannot_be_read_is_no_error(text):
    declarations(text)
