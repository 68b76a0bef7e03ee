import os
import time

import pytest
from conftest import errors, make, results, streams
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

TRAINING = 'let base = policy("mini")\nlet even = uniform(load("mini"))'


def run(notebook, **options):
    NotebookClient(notebook, kernel_name="mdm", timeout=60, **options).execute()
    return notebook.cells


def test_values_prints_and_names_go_from_cell_to_cell():
    first, second = run(make("let x = 20\nprint(x)", "x + 1"))
    assert streams(first) == "20\n" and first.execution_count == 1
    assert results(second) == ["21"] and second.execution_count == 2


def test_a_failing_cell_stops_the_run_and_keeps_its_error():
    notebook = make("let x = 1", "[1][3]", "print(x)")
    with pytest.raises(CellExecutionError, match="E0404"):
        run(notebook)
    (error,) = errors(notebook.cells[1])
    assert error.ename == "E0404"
    assert "cell[2]:1:" in "\n".join(error.traceback)
    assert notebook.cells[2].outputs == []


def test_cells_that_may_fail_do_not_stop_the_run():
    cells = run(make("prnt(1)", "print(2)", tags={0: ["raises-exception"]}))
    assert "prnt" in errors(cells[0])[0].evalue
    assert streams(cells[1]) == "2\n"


def test_all_errors_may_be_allowed():
    cells = run(make('error("mine")', "1"), allow_errors=True)
    assert errors(cells[0])[0].evalue == "mine"
    assert results(cells[1]) == ["1"]


def test_a_cell_that_takes_too_long_is_interrupted_and_the_names_stay():
    notebook = make("let kept = 5", "while true { }", "kept")
    client = NotebookClient(
        notebook, kernel_name="mdm", timeout=2, interrupt_on_timeout=True, allow_errors=True)
    client.execute()
    assert errors(notebook.cells[1])[0].ename == "Interrupted"
    assert results(notebook.cells[2]) == ["5"]


def test_a_training_that_is_interrupted_gives_its_partial_run():
    notebook = make(
        TRAINING,
        "let r = train(base, even, steps: 100_000, evaluate: 0)",
        "r.status",
    )
    client = NotebookClient(
        notebook, kernel_name="mdm", timeout=5, interrupt_on_timeout=True, allow_errors=True)
    client.execute()
    assert results(notebook.cells[2]) == ['interrupted']


def test_ten_megabytes_of_output_are_bounded_and_that_is_said():
    notebook = make('let line = "x" * 999\nfor i in 0..12_000 { print(line) }', "1 + 1")
    start = time.monotonic()
    cells = run(notebook, coalesce_streams=True)
    assert time.monotonic() - start < 60
    written = streams(cells[0])
    assert 5_000_000 < len(written) <= 11_000_000
    assert "outputs are cut here" in streams(cells[0], "stderr")
    assert results(cells[1]) == ["2"]


def test_a_plot_has_all_its_forms():
    (cell,) = run(make("plot([1, 4, 9, 16])"))
    data = cell.outputs[-1].data
    assert set(data) >= {
        "text/plain", "image/png", "image/svg+xml", "application/vnd.mdm.plot+json"}
    assert data["image/svg+xml"].lstrip().startswith("<")


def test_a_display_with_an_id_is_replaced():
    (cell,) = run(make('display("one", id: "a")\ndisplay("two", id: "a")'))
    shown = [output for output in cell.outputs if output.output_type == "display_data"]
    assert [output.data["text/plain"] for output in shown] == ["two"]


def test_progress_leaves_one_output_and_not_one_for_each_step():
    (_, cell) = run(make(
        TRAINING, "let r = train(base, even, steps: 8, evaluate: 0)"))
    assert len(cell.outputs) <= 1


def test_the_kernelspec_of_the_python_package_works_too(monkeypatch):
    monkeypatch.setenv("JUPYTER_PATH", os.environ["MDM_JUPYTER_SITE"] + "/share/jupyter")
    (cell,) = run(make("6 * 7"))
    assert results(cell) == ["42"]
