#!/usr/bin/env python3
"""Compares `where |> group |> mean` on a million rows with pandas, in CPU seconds.

Usage: table_mean_pandas.py MDM [PAIRS]. Each pair asks both; mdm's time for one question is that of a process with 20 more
questions less that of one without, so that making the table does not count. pandas is asked twice: with its own column of
texts, and with a categorical one, which is how mdm keeps texts. Prints medians and their ratios; the means have to agree.
"""
import os
import statistics
import subprocess
import sys
import time

try:
    import pandas
except ImportError:
    print("table_mean skipped: this Python has no pandas (pip install pandas in a virtual environment)")
    sys.exit(0)

ROWS, REPEATS = 1_000_000, 20
script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "table_mean.mdm")


def data():
    names = ["coco", "sat", "lisa", "geo", "science"]
    domain, score, seed = [], [], 42
    for _ in range(ROWS):
        seed = (seed * 16807) % 2147483647
        domain.append(names[seed % 5])
        score.append(seed / 2147483647)
    return pandas.DataFrame({"domain": domain, "score": score})


def question(frame):
    return frame[frame["score"] > 0.3].groupby("domain", sort=False, observed=True)["score"].mean()


def pandas_seconds(frame):
    start = time.process_time()
    for _ in range(REPEATS):
        question(frame)
    return (time.process_time() - start) / REPEATS


def mdm_run(mdm, repeats):
    process = subprocess.Popen([mdm, "run", script, "--repeats", str(repeats)], stdout=subprocess.PIPE)
    out = process.stdout.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"mdm ended with {status}")
    return usage.ru_utime + usage.ru_stime, out


def main():
    mdm, pairs = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5
    frame = data()
    categories = frame.astype({"domain": "category"})
    expected = "".join(f"{name} {mean:.9f}\n" for name, mean in sorted(question(frame).items()))
    seconds = {"mdm": [], "texts": [], "categories": []}
    for _ in range(pairs):
        base, out = mdm_run(mdm, 0)
        if out != expected:
            sys.exit(f"table_mean: mdm prints {out!r}, pandas {expected!r}")
        seconds["mdm"].append((mdm_run(mdm, REPEATS)[0] - base) / REPEATS)
        seconds["texts"].append(pandas_seconds(frame))
        seconds["categories"].append(pandas_seconds(categories))
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    print(f"table_mean: mdm {1000 * medians['mdm']:.1f} ms CPU, pandas {pandas.__version__} "
          f"{1000 * medians['texts']:.1f} ms with texts (x {medians['mdm'] / medians['texts']:.2f}), "
          f"{1000 * medians['categories']:.1f} ms with categories (x {medians['mdm'] / medians['categories']:.2f})")


main()
