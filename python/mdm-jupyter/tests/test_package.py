import importlib.metadata
import json
import pathlib
import subprocess
import sys

import mdm_jupyter

ROOT = pathlib.Path(__file__).resolve().parents[1]


def test_the_version_is_said_once_more_and_the_same():
    assert importlib.metadata.version("mdm-jupyter") == mdm_jupyter.__version__


def test_importing_it_imports_nothing_else():
    script = "import sys; before = set(sys.modules); import mdm_jupyter; print(set(sys.modules) - before)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "{'mdm_jupyter'}"


def test_literals_declarations_and_words_need_no_other_package():
    script = (
        "import sys, mdm_jupyter.declarations, mdm_jupyter.literals;"
        "print([name for name in ('pygments', 'papermill', 'nbformat') if name in sys.modules])")
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_the_kernelspec_starts_mdm_from_the_path():
    spec = json.loads((ROOT / "kernelspec/kernel.json").read_text())
    assert spec["argv"] == ["mdm", "kernel", "run", "--connection-file", "{connection_file}"]
    assert spec["language"] == "mdm"
