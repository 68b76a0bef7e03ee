"""Compares mdm's math_answer and math_equal with the expectations of math-verify's own tests.

MATH_VERIFY names the folder of the unpacked source distribution of math-verify 0.9.0, which has the tests; without it pip fetches
it. Fails where the differences are not exactly those that are listed here with their reasons.
"""
# needs: math_verify
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from cases import cases

CHAIN = "a prediction whose chain of equations contradicts itself is no answer: else `1 = 2 = 3` would give three"
REASONS = {
    ("Answer $ \\frac{1}{2} \\$ = \\frac{10}{9} $", "$10/9$"): CHAIN,
    ("$x = 5+5+1 = 7 =11$", "$x = 11$"): CHAIN,
    ("$x = 5+5+1 = 1/3 \\approx 11$", "$x = 1/3$"): CHAIN,
    ("$z = 3+3 = 2$", "$z = 1 + 1 = 2$"): CHAIN,
    ("${1,3}$", "$(1,3)$"): "a tuple has an order and a set none; math-verify takes (1,3) for {1,3} and (3,1) not",
    ("$-2 \\\\le x \\\\le 7$", "$x \\in [-2,7]$"):
        "an inequality and the interval it means are equal both ways; math-verify asks for a setting",
    ("W(x)=1orW(x)=-1", "\\\\boxed{W(n) = 1 \\\\text{ and } W(n) = -1"):
        "the last number of a text without marks is -1, one of two answers",
    ("$f(y)$", "$f(x)$"): "letters differ; math-verify's test turns its strict mode off",
    ("$1 + \\frac{1}{\\mathrm{e}}$", "$1 - \\frac{1}{\\mathrm{e}}$"):
        "the values differ; math-verify's test expects them equal as its parser reads neither",
}

SCRIPT = """
param file: String = "", "the cases"
for case in read_jsonl(file) {
  let forms = match len(case.forms) { 2 -> "any", _ -> if case.forms[0] == "latex" { "latex" } else { "plain" } }
  let given = math_answer(case.pred, forms)
  let gold = math_answer(case.gold, forms)
  let score = if given == none or gold == none { 0.0 } else { math_equal(given, gold, digits: case.digits) }
  print(int(score))
}
"""


def distribution(work):
    """The folder of the source distribution; None where there is none."""
    if "MATH_VERIFY" in os.environ:
        return os.environ["MATH_VERIFY"]
    if "QUICK" in os.environ:
        return None
    got = subprocess.run(
        [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", "-d", work, "math-verify==0.9.0"],
        capture_output=True)
    archives = list(Path(work).glob("*.tar.gz"))
    if got.returncode or not archives:
        return None
    with tarfile.open(archives[0]) as archive:
        archive.extractall(work, filter="data")
    return next(Path(work).glob("math_verify-*/"), None)


def main(mdm, folder):
    pairs, others = cases(folder)
    with tempfile.TemporaryDirectory() as work:
        data, script = Path(work, "cases.jsonl"), Path(work, "compare.mdm")
        data.write_text("".join(json.dumps(pair) + "\n" for pair in pairs))
        script.write_text(SCRIPT)
        done = subprocess.run([mdm, "run", str(script), "--file", str(data)], capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    scores = [int(line) for line in done.stdout.split()]
    assert len(scores) == len(pairs)
    unexplained, explained, unused = [], 0, dict(REASONS)
    for pair, score in zip(pairs, scores):
        key = (pair["pred"], pair["gold"])
        if score == pair["expected"]:
            continue
        unused.pop(key, None)
        if key in REASONS:
            explained += 1
        else:
            unexplained.append(f"{pair['where']}: expected {pair['expected']}, got {score}\n  {key}")
    print(f"math-verify's own cases: {len(pairs)}, equal: {len(pairs) - explained - len(unexplained)}, "
          f"different with a reason: {explained}, without: {len(unexplained)}")
    print(f"its tests of other things (settings, time limits, exceptions), not compared: {len(others)}")
    for key, reason in REASONS.items():
        print(f"  {key[0]!r} against {key[1]!r}: {reason}")
    for line in unexplained + [f"no longer different: {key}" for key in unused]:
        print(line)
    sys.exit(bool(unexplained or unused))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        source = distribution(place)
        if source is None:
            print("skipped: set MATH_VERIFY to the unpacked source distribution of math-verify 0.9.0")
        else:
            main(str(Path(__file__).resolve().parents[3] / ".build/release/mdm"), source)
