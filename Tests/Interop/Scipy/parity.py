"""Compares mdm's inference with scipy.stats on studies made from a seed: one line a figure."""

# needs: numpy, scipy

import json
import os
import subprocess
import sys
import tempfile

import numpy as np
from scipy import stats

MDM = ".build/release/mdm"
SCRIPT = """
let data = parse_json(read_text("{path}"))
let found = anova(data.runs, target: "score")
let apart = contrasts(data.apart, target: "score", against: "m0")
let joined = contrasts(data.runs, target: "score", against: "m0")
print(to_json({{
  mixture_f: found.mixture.f, mixture_p: found.mixture.p, seed_f: found.seed.f, seed_p: found.seed.p,
  paired_p: list(joined.table.p), paired_low: list(joined.table.low),
  welch_p: list(apart.table.p), dunnett_p: list(apart.table.adjusted),
  sign_flip: permutation_p(data.a, data.b), split: permutation_p(data.short_a, data.short_b, paired: false),
  holm: adjusted_p(data.ps), bh: adjusted_p(data.ps, method: "benjamini-hochberg"),
  power: [power(data.effect, 0.02, seeds: 7).power, power(data.effect, 0.02, seeds: 7, paired: false).power],
  bca: mean_interval(data.a, method: "bca", resamples: 100000).low,
  student: mean_interval(data.a).low,
}}))
"""


def sums_of_squares(rows):
    mixtures = sorted({row["mixture"] for row in rows})
    seeds = sorted({row["seed"] for row in rows})
    y = np.array([row["score"] for row in rows])
    a = np.array([[row["mixture"] == name for name in mixtures] for row in rows], float)
    b = np.array([[row["seed"] == seed for seed in seeds] for row in rows], float)

    def rest(x):
        beta = np.linalg.lstsq(x, y, rcond=None)[0]
        return float(np.sum((y - x @ beta) ** 2))

    full = rest(np.hstack([a, b]))
    df = len(y) - len(mixtures) - len(seeds) + 1
    out = {}
    for name, without, own in [("mixture", b, len(mixtures) - 1), ("seed", a, len(seeds) - 1)]:
        f = (rest(without) - full) / own / (full / df)
        out[f"{name}_f"], out[f"{name}_p"] = f, stats.f.sf(f, own, df)
    return out


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    rng = np.random.default_rng(seed)
    scores = 0.4 + 0.01 * rng.normal(size=(5, 1)) + 0.01 * rng.normal(size=(1, 6))
    scores = scores + 0.01 * rng.normal(size=(5, 6))
    runs = [
        {"mixture": f"m{i}", "seed": j, "score": scores[i, j]}
        for i in range(5) for j in range(6)
    ]
    data = {
        "runs": runs, "apart": [{**run, "seed": k} for k, run in enumerate(runs)],
        "a": list(rng.normal(0.4, 1, 18)), "b": list(rng.normal(0, 1, 18)),
        "ps": sorted(rng.uniform(size=8) ** 2), "effect": float(rng.uniform(0.01, 0.05)),
    }
    data["short_a"], data["short_b"] = data["a"][:6], data["b"][:7]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "study.json")
        with open(path, "w") as file:
            json.dump(data, file)
        done = subprocess.run(
            [MDM, "-e", SCRIPT.format(path=path)], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    ours = json.loads(done.stdout)
    a, b = np.array(data["a"]), np.array(data["b"])
    theirs = sums_of_squares(runs)
    pairs = [stats.ttest_rel(scores[i], scores[0]) for i in range(1, 5)]
    theirs["paired_p"] = [pair.pvalue for pair in pairs]
    theirs["paired_low"] = [pair.confidence_interval().low for pair in pairs]
    theirs["welch_p"] = [
        stats.ttest_ind(scores[i], scores[0], equal_var=False).pvalue for i in range(1, 5)]
    theirs["dunnett_p"] = list(stats.dunnett(*scores[1:], control=scores[0], rng=seed).pvalue)
    sums = np.array([0.0])
    for gap in a - b:
        sums = np.concatenate([sums - gap, sums + gap])
    theirs["sign_flip"] = float(np.mean(np.abs(sums) >= abs(np.sum(a - b)) - 1e-9))
    theirs["split"] = stats.permutation_test(
        (data["short_a"], data["short_b"]), lambda x, y: abs(np.mean(x) - np.mean(y)),
        n_resamples=np.inf, alternative="greater").pvalue  # scipy's own two sides are twice one tail
    theirs["bh"] = list(stats.false_discovery_control(data["ps"]))
    ps = data["ps"]
    theirs["holm"] = list(
        np.minimum(1, np.maximum.accumulate([(len(ps) - i) * p for i, p in enumerate(ps)])))

    def power(df):
        shift, critical = data["effect"] / (0.02 * np.sqrt(2 / 7)), stats.t.ppf(0.975, df)
        return stats.nct.sf(critical, df, shift) + stats.nct.cdf(-critical, df, shift)

    theirs["power"] = [power(6), power(12)]
    theirs["bca"] = stats.bootstrap(
        (a,), np.mean, n_resamples=100000, method="BCa", rng=seed).confidence_interval.low
    theirs["student"] = stats.t.interval(0.95, 17, a.mean(), a.std(ddof=1) / np.sqrt(18))[0]
    tolerance = {"dunnett_p": 5e-4, "bca": 0.01, "power": 1e-7}
    worst = 0
    for name, value in theirs.items():
        gap = float(np.max(np.abs(np.array(ours[name]) - np.array(value))))
        allowed = tolerance.get(name, 1e-9)
        worst += gap > allowed
        print(f"{'ok ' if gap <= allowed else 'BAD'} {name:<11} difference {gap:.1e}, allowed {allowed:.0e}")
    sys.exit(1 if worst else 0)


main()
