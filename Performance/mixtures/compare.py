"""Mixture science beside scikit-learn, LightGBM and the peer's scripts, one thread each, in one run.

    compare.py MIXTURE_BENCH WORK_FOLDER [FOLDER_WITH_MIXTURE_FIT.PY]

Both sides get the same tables. Times are CPU seconds (user + system) of the work alone; medians.
"""
import json
import os
import statistics
import subprocess
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
os.environ.pop("OPENBLAS_CORETYPE", None)
import warnings

warnings.filterwarnings("ignore")
import lightgbm
import numpy as np
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV, KFold

bench, folder = sys.argv[1:3]
peer = sys.argv[3] if len(sys.argv) > 3 else None
os.makedirs(folder, exist_ok=True)


def truth(x):
    rng = np.random.default_rng(123)
    q = x.shape[1]
    linear = rng.uniform(0.2, 0.6, q)
    pairs = rng.normal(0, 0.5, (q, q))
    return x @ linear + np.einsum("ni,ij,nj->n", x, np.triu(pairs, 1), x) + 0.05 * np.log1p(20 * x).mean(1)


def table(name, count, q, seed=0, noise=0.01):
    rng = np.random.default_rng(seed)
    x = rng.dirichlet(np.ones(q), count)
    y = truth(x) + rng.normal(0, noise, count)
    header = ",".join([f"d{i}" for i in range(q)] + ["y"])
    np.savetxt(f"{folder}/{name}.csv", np.column_stack([x, y]), delimiter=",", header=header, comments="", fmt="%.17g")
    return x, y


def cpu(work, runs):
    result, times = work(), []
    for _ in range(runs):
        start = time.process_time()
        result = work()
        times.append(1000 * (time.process_time() - start))
    return result, statistics.median(times) if times else float("nan")


def once(work):
    start = time.process_time()
    result = work()
    return result, 1000 * (time.process_time() - start)


ridge = table("ridge", 40, 5)
process = {n: table(f"process{n}", n, 5) for n in (40, 500)}
trees = table("trees", 512, 17)
probes = table("probes", 10_000, 17, seed=7)

mine = {}
output = subprocess.run([bench, folder], check=True, capture_output=True, text=True).stdout
for line in output.splitlines():
    name, milliseconds, *rest = line.split()
    mine[name] = (float(milliseconds), " ".join(rest))
rows = []


def row(name, ours, theirs, peer_name, aim, note):
    rows.append((name, ours, theirs, peer_name, theirs / ours, aim, note))


def scheffe(x):
    q = x.shape[1]
    return np.hstack([x] + [x[:, [i]] * x[:, [j]] for i in range(q) for j in range(i + 1, q)])


def grid():
    x, y = ridge
    return GridSearchCV(
        Ridge(fit_intercept=False), {"alpha": np.logspace(-6, 0, 13)}, cv=KFold(5, shuffle=True, random_state=0),
        scoring="neg_mean_squared_error").fit(scheffe(x), y)


search, milliseconds = cpu(grid, 5)
row("quadratic ridge, 5 folds, 40 x 5", mine["ridge"][0], milliseconds, "scikit-learn", 20,
    f"41 penalties here, 13 there; {mine['ridge'][1]}")
for size, (x, y) in process.items():
    kernel = ConstantKernel(1.0) * Matern(np.full(5, 0.5), nu=2.5) + WhiteKernel(1e-3)
    fit = lambda: GaussianProcessRegressor(kernel, normalize_y=True, n_restarts_optimizer=5, random_state=0).fit(x, y)
    model, milliseconds = cpu(fit, 3) if size < 100 else once(fit)
    row(f"Gaussian process, n = {size}", mine[f"process{size}"][0], milliseconds, "scikit-learn, 5 restarts", 3,
        f"there {model.log_marginal_likelihood_value_:.2f}; {mine[f'process{size}'][1]}")
x, y = trees
settings = dict(objective="regression", learning_rate=0.05, num_leaves=15, min_data_in_leaf=8, verbose=-1, num_threads=1,
                seed=0, deterministic=True)
booster, milliseconds = cpu(lambda: lightgbm.train(settings, lightgbm.Dataset(x, y), num_boost_round=300), 5)
row("boosted trees, 512 x 17, 300 trees", mine["trees"][0], milliseconds, "LightGBM", 1, mine["trees"][1])
million = np.random.default_rng(1).dirichlet(np.ones(17), 1_000_000)
_, milliseconds = once(lambda: booster.predict(million, num_threads=1))
row("their prediction of a million points", mine["trees_million"][0], milliseconds, "LightGBM", 1, "")
print("| job | mdm ms | peer ms | ratio | aim |")
print("|---|---|---|---|---|")
for name, ours, theirs, peer_name, ratio, aim, note in rows:
    print(f"| {name} | {ours:.3g} | {theirs:.4g} ({peer_name}) | {ratio:.1f} | {aim} | {note}")
for name in sorted(mine):
    if name.startswith(("optimum", "score")):
        print(f"{name}: {mine[name][0]:.4g} ms, {mine[name][1]}")
if peer:
    for method in ("scheffe", "gp", "slsqp"):
        text = subprocess.run([sys.executable, "mixture_fit.py", "--method", method, "--repeats", "3"], cwd=peer, check=True,
                              capture_output=True, text=True).stdout
        times = json.loads(text)["times"][method]
        print(f"the peer's {method}: {1000 * times['cpu_median']:.4g} ms CPU, its 20,000 predictions included")
