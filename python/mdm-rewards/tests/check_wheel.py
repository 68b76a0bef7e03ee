"""Checks a wheel: what is in it, what it says of itself, and that it imports when unpacked.

    python check_wheel.py mdm_rewards-0.1.0-py3-none-any.whl
"""

import email.parser
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
        files = set(wheel.namelist())
        info = next(name for name in files if name.endswith(".dist-info/METADATA"))[: -len("METADATA")]
        expected = {f"mdm_rewards/{file.name}" for file in (ROOT / "src/mdm_rewards").glob("*.py")}
        expected |= {info + name for name in ("METADATA", "WHEEL", "RECORD", "top_level.txt")}
        if files != expected:
            sys.exit(f"{path}: {sorted(files ^ expected)}")
        metadata = email.parser.Parser().parsestr(wheel.read(info + "METADATA").decode())
        needs = [need for need in metadata.get_all("Requires-Dist", []) if "extra" not in need]
        if metadata["Name"] != "mdm-rewards" or needs:
            sys.exit(f"{path}: {metadata['Name']} needs {needs}")
        wheel.extractall(folder)
        script = "import sys; sys.path.insert(0, sys.argv[1])\nimport mdm_rewards; print(mdm_rewards.__version__)"
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", script, folder], capture_output=True, text=True, timeout=60)
        if done.stdout != f"{metadata['Version']}\n":
            sys.exit(f"{path}: {done.stdout}{done.stderr}")
    print(f"{pathlib.Path(path).name}: {len(files)} files, as they should be")


if __name__ == "__main__":
    main(sys.argv[1])
