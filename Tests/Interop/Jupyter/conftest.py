"""Notebooks for the tests, and where they run. scripts/jupyter-clients sets the environment."""

import os
import pathlib
import subprocess
import sys
import time

import nbformat
import psutil
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]
MDM = os.environ["MDM"]


def make(*cells, tags=None):
    """A notebook of code cells; `tags` gives a cell's tags by its number."""
    notebook = nbformat.v4.new_notebook(
        metadata={
            "kernelspec": {"name": "mdm", "language": "mdm", "display_name": "mdm"},
            "language_info": {"name": "mdm", "file_extension": ".mdm", "pygments_lexer": "mdm"},
        }
    )
    for index, source in enumerate(cells):
        cell = nbformat.v4.new_code_cell(source)
        cell.metadata["tags"] = (tags or {}).get(index, [])
        notebook.cells.append(cell)
    return notebook


def save(notebook, path):
    nbformat.write(notebook, path)
    return path


def streams(cell, name="stdout"):
    """What a cell wrote."""
    return "".join(
        output.text for output in cell.outputs
        if output.output_type == "stream" and output.name == name)


def results(cell):
    """The texts of a cell's values."""
    return [
        output.data["text/plain"] for output in cell.outputs
        if output.output_type == "execute_result"]


def errors(cell):
    return [output for output in cell.outputs if output.output_type == "error"]


def python(*arguments, folder, status=0, timeout=120):
    """Runs a module of Python as a user does; gives both outputs together."""
    done = subprocess.run(
        [sys.executable, "-m", *map(str, arguments)], cwd=folder, timeout=timeout,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == status, done.stdout
    return done.stdout


def mdm(*arguments, folder, status=0):
    """Runs mdm; gives what it wrote to standard output."""
    done = subprocess.run(
        [MDM, *map(str, arguments)], cwd=folder, timeout=120, capture_output=True, text=True)
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(autouse=True, scope="module")
def no_kernel_is_left():
    """Each client stops the kernels that it started."""
    yield
    deadline = time.monotonic() + 10
    while True:
        left = [
            process for process in psutil.process_iter(["cmdline", "ppid"])
            if (process.info["cmdline"] or [""])[0] == MDM
            and "kernel" in process.info["cmdline"] and is_ours(process)]
        if not left:
            return
        if time.monotonic() > deadline:
            for process in left:
                process.kill()
            pytest.fail(f"{len(left)} kernels were left behind")
        time.sleep(0.05)


def is_ours(process):
    """Whether a kernel reads its connection file where these tests keep them."""
    return any(
        os.environ["JUPYTER_RUNTIME_DIR"] in argument or "mdm-jupyter-clients" in argument
        for argument in process.info["cmdline"])
