"""mdm's rollout and loss beside the best hand-written PyTorch on the same checkpoint: CPU seconds, one run, ratios.

    compare.py PEER WORK    PEER: the folder with tight_bench.py and make_model.py; WORK: a folder for models

PyTorch runs as installed and, where mkl_on_amd.c can be compiled, with its matrix library made to use AVX-512.
"""

import json
import os
import pathlib
import subprocess
import sys

peer, work = map(pathlib.Path, sys.argv[1:])
environment = {k: v for k, v in os.environ.items() if k != "OPENBLAS_CORETYPE"}
PARTS = [("rollout", "generation"), ("loss, unshared", "forward_backward"), ("loss", "packed_forward_backward")]


def run(command, **extra):
    done = subprocess.run([str(word) for word in command], cwd=peer, env={**environment, **extra}, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return done.stdout


library = work / "mkl.so"
forced = subprocess.run(["gcc", "-shared", "-fPIC", "-O2", "-o", library, peer / "mkl_on_amd.c"], capture_output=True).returncode == 0
binary = pathlib.Path(__file__).resolve().parents[2] / ".build/release/policy-step"
for name, sizes in [
    ("1.1 M", []),
    ("hidden 1024", ["--hidden", 1024, "--heads", 8, "--inter", 3072]),
]:
    model = work / name.replace(" ", "-")
    run([sys.executable, "make_model.py", "--out", model, "--init", "normal", "--std", "0.05", *sizes])
    for threads in (1, 2):
        ours = json.loads(run([binary, model], MDM_THREADS=str(threads)).splitlines()[-1])
        print(f"{name}, {ours['parameters']} parameters, {threads} threads; sgemm {2.147 / ours['sgemm 1024']:.0f} GFLOP/s a core")
        for label, preload in [("as installed", ""), ("AVX-512 forced", str(library) if forced else None)]:
            if preload is None:
                continue
            out = work / "peer.json"
            run([sys.executable, "tight_bench.py", "--model", model, "--threads", threads, "--out", out],
                **({"LD_PRELOAD": preload} if preload else {}))
            theirs = json.loads(out.read_text())
            for part, key in PARTS:
                mine, other = ours[part], theirs[key]["cpu_median"]
                print(f"  {part:15} mdm {mine * 1e3:8.1f} ms, PyTorch {label} {other * 1e3:8.1f} ms: {other / mine:.2f} x")
