"""math_equal beside math-verify: the same pairs of answers in one run, each parsed and compared anew every time.

    python compare.py MDM FOLDER      FOLDER: the unpacked source distribution of math-verify 0.9.0

The pairs are the short ones (at most 120 characters a side) of math-verify's own tests, in dollars. Its timeouts are off, as they would
cost signals, and its caches are emptied between passes.
"""
import json
import logging
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests/Interop/MathVerify"))

from cases import cases  # noqa: E402
from math_verify import parse, parser, verify  # noqa: E402

logging.disable(logging.CRITICAL)


def judged(pairs):
    for cached in (parser.parse_latex_cached, parser.parse_expr_cached, parser.extract_latex):
        cached.cache_clear()
    start = time.process_time()
    verdicts = [int(verify(parse(pair["gold"], parsing_timeout=None), parse(pair["pred"], parsing_timeout=None),
                           timeout_seconds=None)) for pair in pairs]
    return time.process_time() - start, verdicts


def main(mdm, folder):
    pairs = [pair for pair in cases(folder)[0]
             if len(pair["gold"]) <= 120 and len(pair["pred"]) <= 120 and pair["gold"].startswith("$")
             and pair["pred"].startswith("$") and pair["strict"]]
    with tempfile.TemporaryDirectory() as work:
        data = Path(work, "pairs.jsonl")
        data.write_text("".join(json.dumps(pair) + "\n" for pair in pairs))
        done = subprocess.run(
            [mdm, "run", str(Path(__file__).parent / "math.mdm"), "--file", str(data)],
            capture_output=True, text=True, check=True)
        ours = json.loads(done.stdout)
    judged(pairs[:5])
    theirs = min(judged(pairs) for _ in range(3))
    agree = sum(a == b for a, b in zip(ours["verdicts"], theirs[1]))
    mine = ours["seconds"] / len(pairs)
    peer = theirs[0] / len(pairs)
    print(f"{len(pairs)} pairs, {agree} with the same verdict")
    print(f"mdm {mine * 1e6:.1f} us a pair, math-verify {peer * 1e6:.0f} us: {peer / mine:.0f} x")


if __name__ == "__main__":
    main(*sys.argv[1:])
