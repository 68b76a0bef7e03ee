from conftest import make, python, save


def nbmake(folder, *arguments, status=0):
    return python(
        "pytest", "--nbmake", "-p", "no:cacheprovider", "-q", *arguments, ".", folder=folder, status=status)


def test_notebooks_that_run_pass(tmp_path):
    save(make("let x = 2", "assert x == 2"), tmp_path / "a.ipynb")
    save(make("print(1)"), tmp_path / "b.ipynb")
    assert "2 passed" in nbmake(tmp_path)


def test_an_assertion_that_does_not_hold_fails_the_notebook(tmp_path):
    save(make("let x = 2", "assert x == 3"), tmp_path / "a.ipynb")
    text = nbmake(tmp_path, status=1)
    assert "1 failed" in text
    assert "assert x == 3" in text


def test_the_time_limit_holds(tmp_path):
    save(make("while true { }"), tmp_path / "a.ipynb")
    assert "1 failed" in nbmake(tmp_path, "--nbmake-timeout=2", status=1)


def test_outputs_may_be_written_back(tmp_path):
    import nbformat

    path = save(make("6 * 7"), tmp_path / "a.ipynb")
    nbmake(tmp_path, "--overwrite")
    assert nbformat.read(path, 4).cells[0].outputs[0].data["text/plain"] == "42"
