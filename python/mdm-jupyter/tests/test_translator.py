import datetime
import math

import pytest

pytest.importorskip("papermill")

import nbformat
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillException
from papermill.inspection import inspect_notebook
from papermill.parameterize import parameterize_notebook
from papermill.translators import papermill_translators, translate_parameters

from mdm_jupyter.engine import MdmEngine
from mdm_jupyter.literals import literal
from mdm_jupyter.translator import MdmTranslator


def notebook(*sources, tags=("parameters",)):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    for cell in cells:
        cell.metadata["tags"] = list(tags) if cell is cells[0] else []
    kernel = {"name": "mdm", "language": "mdm", "display_name": "mdm"}
    return nbformat.v4.new_notebook(
        cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "mdm"}, "papermill": {}}
    )


def test_papermill_finds_translator_and_engine():
    assert papermill_translators.find_translator("mdm", "mdm") is MdmTranslator
    assert papermill_translators.find_translator("another-kernel", "mdm") is MdmTranslator
    assert papermill_engines.get_engine("mdm") is MdmEngine


@pytest.mark.parametrize(
    "value, text",
    [
        (None, "none"), (True, "true"), (False, "false"), (3, "3"), (-3, "-3"), (1e-4, "0.0001"),
        (1e22, "1e+22"), (2.0, "2.0"), (math.inf, "inf"), (-math.inf, "-inf"), (math.nan, "nan"),
        ("a", '"a"'), ('a "b" \\ {c}', '"a \\"b\\" \\\\ {c}"'), ("a\nb\tc\r", '"a\\nb\\tc\\r"'),
        ("\0\x7f", '"\\u{0}\\u{7f}"'), ("é 日本 🎉", '"é 日本 🎉"'), ("\ud800", '"\ufffd"'),
        ([], "[]"), ([1, [2.5, None]], "[1, [2.5, none]]"), ((1, 2), "[1, 2]"),
        ({}, "{}"), ({"a b": 1, "c": [True]}, '{"a b": 1, "c": [true]}'), ({1: 2}, "{1: 2}"),
        (datetime.date(2024, 5, 1), '"2024-05-01"'),
    ],
)
def test_values(value, text):
    assert literal(value) == text
    assert MdmTranslator.translate(value) == text


def test_keys_without_a_counterpart_are_refused():
    with pytest.raises(PapermillException, match="no record key like 1.5"):
        MdmTranslator.translate({1.5: 2})


def test_numbers_that_are_subclasses_are_plain():
    class Count(int):
        def __repr__(self):
            return "Count"

    class Rate(float):
        def __repr__(self):
            return "Rate"

    assert literal(Count(3)) == "3"
    assert literal(Rate(0.5)) == "0.5"


def test_the_injected_cell():
    assert translate_parameters("mdm", "mdm", {"lr": 1e-3, "name": "a"}, "Parameters") == (
        '# Parameters\nparam lr = 0.001\nparam name = "a"\n')


def test_comments_of_several_lines_stay_comments():
    assert MdmTranslator.comment("a\n\nb") == "# a\n#\n# b"


@pytest.mark.parametrize("name", ["learning-rate", "2x", "let", "a b", "", "x\n"])
def test_names_that_cannot_be_params_are_refused(name):
    with pytest.raises(PapermillException, match="no parameter named"):
        MdmTranslator.codify({name: 1})


def test_the_cell_is_injected_behind_the_tagged_one():
    made = parameterize_notebook(
        notebook("param lr = 1.0", "print(lr)"), {"lr": 2.0}, engine_name="mdm")
    assert [cell.source for cell in made.cells] == [
        "param lr = 1.0", "# Parameters\nparam lr = 2.0\n", "print(lr)"]


def test_inspection(tmp_path):
    path = tmp_path / "a.ipynb"
    nbformat.write(notebook('param lr: Float = 1e-4, "peak"\nparam n = 3', "n"), path)
    found = inspect_notebook(str(path))
    assert found["lr"] == {
        "name": "lr", "inferred_type_name": "Float", "default": "1e-4", "help": "peak"}
    assert found["n"]["inferred_type_name"] == "Int"
