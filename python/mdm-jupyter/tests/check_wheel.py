"""Checks a wheel: what is in it, what it says of itself, and that it works when unpacked.

    python check_wheel.py mdm_jupyter-0.1.0-py3-none-any.whl
"""

import configparser
import email.parser
import json
import pathlib
import subprocess
import sys
import tempfile
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[1]


def main(path):
    if not path.endswith("-py3-none-any.whl"):
        sys.exit(f"{path}: not a wheel for every Python 3")
    with zipfile.ZipFile(path) as wheel, tempfile.TemporaryDirectory() as folder:
        if wheel.testzip():
            sys.exit(f"{path}: {wheel.testzip()} is damaged")
        files = set(wheel.namelist())
        data = f"{'-'.join(pathlib.Path(path).name.split('-')[:2])}.data/data/share/jupyter/kernels/mdm/"
        info = next(name for name in files if name.endswith(".dist-info/METADATA"))[: -len("METADATA")]
        expected = {f"mdm_jupyter/{file.name}" for file in (ROOT / "src/mdm_jupyter").glob("*.py")}
        expected |= {data + file.name for file in (ROOT / "kernelspec").iterdir()}
        expected |= {info + name for name in ("METADATA", "WHEEL", "RECORD", "entry_points.txt", "top_level.txt")}
        same("files", files, expected)

        for file in (ROOT / "kernelspec").iterdir():
            same(file.name, wheel.read(data + file.name), file.read_bytes())
        json.loads(wheel.read(data + "kernel.json"))

        metadata = email.parser.Parser().parsestr(wheel.read(info + "METADATA").decode())
        same("name", metadata["Name"], "mdm-jupyter")
        same("Python", metadata["Requires-Python"], ">=3.9")
        needs = [need for need in metadata.get_all("Requires-Dist", []) if "extra" not in need]
        same("dependencies", needs, [])

        points = configparser.ConfigParser()
        points.read_string(wheel.read(info + "entry_points.txt").decode())
        same("lexer", dict(points["pygments.lexers"]), {"mdm": "mdm_jupyter.lexer:MdmLexer"})
        same("engine", dict(points["papermill.engine"]), {"mdm": "mdm_jupyter.engine:MdmEngine"})

        # Unpacked and nothing else on the path, it imports and does its work.
        wheel.extractall(folder)
        script = (
            "import sys; sys.path.insert(0, sys.argv[1])\n"
            "from mdm_jupyter import __version__, declarations, literals\n"
            "print(__version__, literals.literal({'a': [1.5, None]}))"
        )
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", script, folder], capture_output=True, text=True, timeout=60)
        same("import", done.stdout + done.stderr, f"{metadata['Version']} {{\"a\": [1.5, none]}}\n")
    print(f"{pathlib.Path(path).name}: {len(files)} files, as they should be")


def same(what, found, expected):
    if found != expected:
        if isinstance(found, set):
            missing, more = sorted(expected - found), sorted(found - expected)
            sys.exit(f"wheel: {what}: missing {missing}, more than expected {more}")
        sys.exit(f"wheel: {what}: {found!r} instead of {expected!r}")


if __name__ == "__main__":
    main(sys.argv[1])
