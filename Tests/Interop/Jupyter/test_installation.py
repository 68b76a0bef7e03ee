import json
import os
import pathlib

from conftest import ROOT, mdm, python
from mdm_jupyter import __version__
from mdm_jupyter.literals import literal

PACKAGED = ROOT / "python/mdm-jupyter/kernelspec"


def test_the_packaged_kernelspec_is_what_mdm_installs(tmp_path):
    mdm("kernel", "install", "--prefix", tmp_path, folder=tmp_path)
    installed = tmp_path / "share/jupyter/kernels/mdm"
    assert sorted(path.name for path in installed.iterdir()) == sorted(
        path.name for path in PACKAGED.iterdir())
    ours = json.loads((PACKAGED / "kernel.json").read_text())
    theirs = json.loads((installed / "kernel.json").read_text())
    # The package cannot know where mdm is: it starts the one on PATH.
    assert pathlib.Path(theirs["argv"][0]).resolve() == pathlib.Path(os.environ["MDM"]).resolve()
    theirs["argv"][0] = "mdm"
    assert ours == theirs
    for logo in PACKAGED.glob("logo-*"):
        assert logo.read_bytes() == (installed / logo.name).read_bytes(), logo.name


def test_package_and_program_have_one_version(tmp_path):
    assert mdm("--version", folder=tmp_path).strip().endswith(__version__)


def test_jupyter_lists_the_kernel(tmp_path):
    specs = json.loads(python("jupyter", "kernelspec", "list", "--json", folder=tmp_path))
    assert specs["kernelspecs"]["mdm"]["spec"]["language"] == "mdm"


def test_literals_are_read_as_they_were(tmp_path):
    value = {
        "none": None, "flags": [True, False], "ints": [0, -7, 2**63 - 1, -(2**63)],
        "floats": [0.1, 1e-300, 1e22, -0.0, 5e-324, 1.7976931348623157e308],
        'a "b" \\ {c} $': "tab\tline\nreturn\rnull\0é日🎉\x7f\x1b",
        "": {"nested": [{}, []]},
    }
    (tmp_path / "a.mdm").write_text(f"print(to_json({literal(value)}))\n", encoding="utf-8")
    assert json.loads(mdm("run", "a.mdm", folder=tmp_path)) == value
