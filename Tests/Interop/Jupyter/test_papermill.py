import nbformat
import pytest
from conftest import errors, make, mdm, python, results, save, streams

PARAMETERS = """
param steps: Int = 200, "optimiser steps"
param lr: Float = 1e-4, "peak learning rate"
param name: String = "base", "what the run is called"
param warm: Bool = false
param cap: Float | None = none
param limit: Duration = 5min
param weights: Record = {coco: 1.0}
param seeds: List = [1, 2]
param free = 3
""".strip()


@pytest.fixture
def folder(tmp_path):
    save(
        make(
            PARAMETERS,
            "print(steps, lr, name, not warm, cap, limit * 2, weights, seeds, free)",
            tags={0: ["parameters"]},
        ),
        tmp_path / "in.ipynb",
    )
    return tmp_path


def papermill(folder, *arguments, status=0):
    text = python("papermill", "in.ipynb", "out.ipynb", *arguments, folder=folder, status=status)
    return text, nbformat.read(folder / "out.ipynb", 4) if (folder / "out.ipynb").exists() else None


def test_without_parameters_the_defaults_count(folder):
    _, notebook = papermill(folder)
    assert streams(notebook.cells[1]) == (
        "200 0.0001 base true none 10min {coco: 1.0} [1, 2] 3\n")


def test_each_type_on_the_command_line(folder):
    _, notebook = papermill(
        folder, "-p", "steps", "50", "-p", "lr", "3e-4", "-p", "name", 'a "b" {c}\\', "-p", "warm", "true",
        "-p", "cap", "0.5", "-p", "limit", "30s", "-p", "free", "2.5")
    (injected,) = [
        cell for cell in notebook.cells if "injected-parameters" in cell.metadata.tags]
    assert injected.source.startswith("# Parameters\nparam steps = 50\nparam lr = 0.0003\n")
    assert streams(notebook.cells[2]) == (
        '50 0.0003 a "b" {c}\\ false 0.5 1min {coco: 1.0} [1, 2] 2.5\n')


def test_an_integer_becomes_the_float_that_was_declared(folder):
    _, notebook = papermill(folder, "-p", "lr", "1")
    assert streams(notebook.cells[2]).startswith("200 1.0 ")


def test_yaml_gives_lists_records_and_none(folder):
    _, notebook = papermill(
        folder, "-y", '{seeds: [3, [4, null]], weights: {"a b": 0.5, c: true}, cap: null, warm: true}')
    assert streams(notebook.cells[2]) == (
        '200 0.0001 base false none 10min {"a b": 0.5, c: true} [3, [4, none]] 3\n')


def test_raw_parameters_stay_texts(folder):
    _, notebook = papermill(folder, "-r", "name", "50")
    assert streams(notebook.cells[2]).startswith("200 0.0001 50 ")


def test_a_value_of_another_type_is_an_error_at_the_injected_cell(folder):
    text, notebook = papermill(folder, "-p", "steps", "many", status=1)
    assert '`steps` is a Int, got String "many"' in text
    (failed,) = (cell for cell in notebook.cells if cell.cell_type == "code" and errors(cell))
    assert "injected-parameters" in failed.metadata.tags
    # papermill marks the place for whoever opens the notebook.
    assert "papermill-error-cell-tag" in notebook.cells[0].metadata.tags


def test_an_unknown_parameter_is_a_warning_and_with_our_engine_an_error(folder):
    text, _ = papermill(folder, "-p", "step", "50")
    assert "Passed unknown parameter: step" in text
    text, _ = papermill(folder, "--engine", "mdm", "-p", "step", "50", status=1)
    assert "the notebook has no param `step`: did you mean `steps`?" in text
    papermill(folder, "--engine", "mdm", "-p", "steps", "50")


def test_a_name_that_is_no_name_is_refused(folder):
    text, _ = papermill(folder, "-p", "learning-rate", "1", status=1)
    assert "mdm has no parameter named 'learning-rate'" in text


def test_report_mode_hides_the_code_and_runs_it(folder):
    _, notebook = papermill(folder, "--report-mode", "-p", "steps", "50")
    assert all(cell.metadata.jupyter.source_hidden for cell in notebook.cells)
    assert streams(notebook.cells[2]).startswith("50 ")


def test_help_lists_the_params(folder):
    text = python("papermill", "--help-notebook", "in.ipynb", folder=folder)
    assert "steps: Int (default 200)" in text and "optimiser steps" in text
    assert "cap: Float | None (default none)" in text
    assert "free: Int (default 3)" in text


def test_help_says_what_mdm_says(folder):
    """Our reading of declarations in Python agrees with the parser's."""
    (folder / "in.mdm").write_text(PARAMETERS + "\n")
    from mdm_jupyter.declarations import declarations

    lines = mdm("run", "in.mdm", "--help", folder=folder).splitlines()
    found = [line.split() for line in lines if line.startswith("  --")]
    ours = declarations(PARAMETERS)
    assert [words[0] for words in found] == [f"--{item.name}" for item in ours]
    for line, item in zip((line for line in lines if line.startswith("  --")), ours):
        assert f"(default {item.default})" in line
        assert item.help in line


def test_papermills_output_is_run_again_by_mdm(folder):
    papermill(folder, "-p", "steps", "50")
    mdm("nb", "run", "out.ipynb", "-o", "again.ipynb", folder=folder)
    notebook = nbformat.read(folder / "again.ipynb", 4)
    assert streams(notebook.cells[2]).startswith("50 ")
    mdm("nb", "run", "out.ipynb", "-o", "again.ipynb", "-p", "steps=70", folder=folder)
    notebook = nbformat.read(folder / "again.ipynb", 4)
    assert streams(notebook.cells[2]).startswith("70 ")


def test_running_papermills_output_again_replaces_the_injected_cell(folder):
    papermill(folder, "-p", "steps", "50")
    python("papermill", "out.ipynb", "again.ipynb", "-p", "steps", "60", folder=folder)
    notebook = nbformat.read(folder / "again.ipynb", 4)
    assert len(notebook.cells) == 3
    assert streams(notebook.cells[2]).startswith("60 ")


def test_a_failing_notebook_keeps_what_ran(tmp_path):
    save(make("1 + 1", "[1][2]", "3"), tmp_path / "in.ipynb")
    text, notebook = papermill(tmp_path, status=1)
    assert "E0404" in text
    ran, failed, left = (cell for cell in notebook.cells if cell.cell_type == "code")
    assert results(ran) == ["2"] and errors(failed) and left.outputs == []
