"""Compares mdm's laws with scikit-learn, SciPy and LightGBM on the same synthetic runs: parity.py [SEED]."""

# needs: sklearn, scipy, lightgbm
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import warnings

os.environ["OMP_NUM_THREADS"] = "1"
warnings.filterwarnings("ignore")
import lightgbm
import numpy as np
from scipy import optimize, stats
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel
from sklearn.linear_model import ElasticNet, LinearRegression, Ridge

ROOT = pathlib.Path(__file__).resolve().parents[3]
seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
rng = np.random.default_rng(seed)
Q, N = 5, 120
failures = checks = 0


def check(holds, what):
    global failures, checks
    checks += 1
    if not holds:
        failures += 1
        print(f"  differs: {what}", flush=True)


PAIRS = [(i, j) for i in range(Q) for j in range(i + 1, Q)]
linear, quadratic = rng.uniform(0.2, 0.6, Q), rng.normal(0, 0.5, len(PAIRS))


def terms(x):
    return np.hstack([x, np.stack([x[:, i] * x[:, j] for i, j in PAIRS], 1)])


def truth(x):
    return terms(x) @ np.concatenate([linear, quadratic]) + 0.05 * np.log1p(20 * x).mean(1)


def write(folder, name, x, columns):
    index = np.arange(len(x))
    header = "index," + ",".join(f"d{i}" for i in range(Q))
    np.savetxt(folder / f"{name}mixtures.csv", np.column_stack([index, x]), delimiter=",", header=header, comments="", fmt="%.17g")
    np.savetxt(folder / f"{name}outcomes.csv", np.column_stack([index, *columns.values()]), delimiter=",",
               header="index," + ",".join(columns), comments="", fmt="%.17g")


x, t = rng.dirichlet(np.ones(Q), N), rng.dirichlet(np.ones(Q), 200)
y, again = truth(x) + rng.normal(0, 0.01, N), truth(x) + rng.normal(0, 0.01, N)
with tempfile.TemporaryDirectory() as work:
    work = pathlib.Path(work)
    write(work, "", x, {"y": y, "again": again})
    write(work, "test_", t, {"y": truth(t)})
    done = subprocess.run(
        [ROOT / ".build/release/mdm", "run", pathlib.Path(__file__).with_name("answers.mdm"), "--folder", work],
        capture_output=True, text=True, timeout=600)
    if done.returncode != 0:
        sys.exit(f"mdm failed:\n{done.stderr}")
    answers = json.loads(done.stdout)


def close(family, theirs, tolerance, what="predictions"):
    worst = np.abs(np.array(answers[family]["predictions"]) - theirs).max()
    check(worst < tolerance, f"{family}: {what} by {worst:.2e}")
    return worst


# Ridge: penalty on all but the constant.
worst = close("quadratic", Ridge(alpha=0.05).fit(terms(x), y).predict(terms(t)), 1e-9)
alpha = answers["linear"]["penalty"]
close("linear", Ridge(alpha=alpha).fit(x, y).predict(t), 1e-9)
left = [Ridge(alpha=alpha).fit(np.delete(x, i, 0), np.delete(y, i)).predict(x[[i]])[0] for i in range(N)]
check(abs(np.sqrt(np.mean((y - left) ** 2)) - answers["linear"]["cv_rmse"]) < 1e-9, "linear: error of leaving one out")

# Elastic net at the penalty that was chosen.
net = ElasticNet(alpha=answers["elastic_net"]["settings"]["penalty"], l1_ratio=0.5, max_iter=1_000_000, tol=1e-12).fit(terms(x), y)
close("elastic_net", net.predict(terms(t)), 1e-6)

# Gaussian process: the same kernel, coordinates and standardised scores.
kernel = ConstantKernel(1.0, (1e-3, 1e3)) * Matern(np.full(Q, 0.5), (0.02, 1e3), nu=2.5) + WhiteKernel(0.1, (1e-6, 10))
process = GaussianProcessRegressor(kernel, normalize_y=True, n_restarts_optimizer=8, random_state=0).fit(np.sqrt(x), y)
likelihood = answers["gaussian_process"]["settings"]["log likelihood"]
check(likelihood > process.log_marginal_likelihood_value_ - 0.02,
      f"gaussian_process: likelihood {likelihood:.4f}, scikit-learn {process.log_marginal_likelihood_value_:.4f}")
if abs(likelihood - process.log_marginal_likelihood_value_) < 0.02:
    close("gaussian_process", process.predict(np.sqrt(t)), 2e-3)
ours = answers["gaussian_process"]["settings"]
fixed = ConstantKernel(ours["variance"], "fixed") * Matern(
    [ours[f"length {i + 1}"] for i in range(Q)], "fixed", nu=2.5) + WhiteKernel(ours["noise"], "fixed")
same = GaussianProcessRegressor(fixed, normalize_y=True, optimizer=None).fit(np.sqrt(x), y)
check(abs(same.log_marginal_likelihood_value_ - likelihood) < 1e-4, "gaussian_process: likelihood at our hyperparameters")
close("gaussian_process", same.predict(np.sqrt(t)), 1e-6, "predictions at our hyperparameters")

# Boosted trees: other ties and bins, so the same accuracy and nearly the same surface.
booster = lightgbm.train(
    dict(objective="regression", learning_rate=0.05, num_leaves=15, min_data_in_leaf=6, verbose=-1, num_threads=1, seed=0),
    lightgbm.Dataset(x, y), num_boost_round=300)
theirs = booster.predict(t)
mine = np.array(answers["boosted_trees"]["predictions"])
errors = [float(np.sqrt(np.mean((p - truth(t)) ** 2))) for p in (mine, theirs)]
check(np.corrcoef(mine, theirs)[0, 1] > 0.95, f"boosted_trees: correlation {np.corrcoef(mine, theirs)[0, 1]:.4f}")
check(errors[0] < 1.1 * errors[1], f"boosted_trees: error {errors[0]:.4f}, LightGBM {errors[1]:.4f}")

# Exponential law: SciPy finds no smaller loss from where we stopped or from its own starts.
scale = y.std()


def huber(theta, sign):
    rest = theta[0] + sign * np.exp(x @ theta[1:]) - (y - y.mean()) / scale
    return np.where(np.abs(rest) <= 0.05, 0.5 * rest**2, 0.05 * (np.abs(rest) - 0.025)).mean()


found = answers["exponential"]["settings"]
start = np.array([(found["limit"] - y.mean()) / scale] + [found[f"exponent {i + 1}"] - np.log(scale) for i in range(Q)])
here = huber(start, found["sign"])
best = min(optimize.minimize(huber, s, (sign,), method="L-BFGS-B", options=dict(maxiter=2000, ftol=1e-14)).fun
           for sign in (1, -1) for s in [start] + [np.concatenate([[-2 * sign], rng.normal(0.5, 0.5, Q)]) for _ in range(12)])
check(here < best * 1.005 + 1e-9, f"exponential: loss {here:.6f}, SciPy {best:.6f}")

# The best mixture of the quadratic: no start of SLSQP beats it.
law = Ridge(alpha=0.05).fit(terms(x), y)
runs = [optimize.minimize(lambda p: -law.predict(terms(p[None]))[0], s, method="SLSQP", bounds=[(0, 1)] * Q,
                          constraints={"type": "eq", "fun": lambda p: p.sum() - 1}, options=dict(maxiter=500, ftol=1e-13))
        for s in rng.dirichlet(np.ones(Q), 32)]
top = -min(r.fun for r in runs)
check(top - 1e-7 < answers["quadratic"]["best_value"] < top + 1e-5,
      f"quadratic: maximum {answers['quadratic']['best_value']:.8f}, SLSQP {top:.8f}")

# Lack of fit: the F test against pure error of two runs a mixture.
means, half = (y + again) / 2, (y - again) / 2
fit = LinearRegression(fit_intercept=False).fit(np.vstack([x, x]), np.concatenate([y, again])).predict(x)
f = (2 * ((means - fit) ** 2).sum() / (N - Q)) / (2 * (half**2).sum() / N)
check(abs(f - answers["repeated"]["lack_of_fit_f"]) < 1e-8 * f, "lack of fit: F")
check(abs(stats.f.sf(f, N - Q, N) - answers["repeated"]["lack_of_fit_p"]) < 1e-10, "lack of fit: p")
print(f"mixtures: {checks - failures} of {checks} comparisons agree (seed {seed})")
sys.exit(1 if failures else 0)
