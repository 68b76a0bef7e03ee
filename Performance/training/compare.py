"""A whole GRPO step of mdm beside TRL's trainer and the hand-written shared-prompt PyTorch loop: CPU seconds, one run.

    compare.py PEER WORK    PEER: the folder with trl_grpo.py, tight_bench.py and make_model.py; WORK: a folder for files

The same model folder, the same pictures and questions, 8 prompts x 8 completions x 16 tokens, no early end, no KL, one
thread. mdm's prompts are two tokens or so longer: they say which answer is asked for. PyTorch runs as installed and, where
mkl_on_amd.c can be compiled, with its matrix library made to use AVX-512.
"""

import json
import os
import pathlib
import subprocess
import sys

peer, work = map(pathlib.Path, sys.argv[1:])
root = pathlib.Path(__file__).resolve().parents[2]
environment = {k: v for k, v in os.environ.items() if k != "OPENBLAS_CORETYPE"} | {"HF_HUB_OFFLINE": "1"}


def run(command, **extra):
    done = subprocess.run([str(word) for word in command], cwd=peer, env={**environment, **extra}, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return done.stdout


model, data = work / "init", work / "count"
run([sys.executable, "make_model.py", "--out", model, "--init", "normal", "--std", "0.06"])
run([sys.executable, "-c", """
import json, sys, pathlib
from PIL import Image
import tasks
folder = pathlib.Path(sys.argv[1])
folder.mkdir()
with open(folder / "count.jsonl", "w") as lines:
    for i in range(512):
        s = tasks.make("count", i)
        Image.fromarray(s.image).save(folder / f"{i}.png")
        lines.write(json.dumps(dict(image=f"{i}.png", question=s.question, answer=s.answer, kind="number")) + "\\n")
""", data])
library = work / "mkl.so"
forced = subprocess.run(["gcc", "-shared", "-fPIC", "-O2", "-o", library, peer / "mkl_on_amd.c"], capture_output=True).returncode == 0
binary = root / ".build/release/training-step"
steps = 14


def ours():
    lines = run([binary, model, data, steps], MDM_THREADS="1").splitlines()
    print(*lines[:-1], sep="\n", flush=True)
    return json.loads(lines[-1])["step"]


before = ours()
for label, preload in [("as installed", ""), ("AVX-512 forced", str(library) if forced else None)]:
    if preload is None:
        continue
    extra = {"LD_PRELOAD": preload} if preload else {}
    out = work / "peer.json"
    run([sys.executable, "trl_grpo.py", "--model", model, "--steps", steps, "--skip", 4, "--force-length", "--batch", 64,
         "--threads", 1, "--out", out], **extra)
    trl = json.loads(out.read_text())
    run([sys.executable, "tight_bench.py", "--model", model, "--threads", 1, "--out", out], **extra)
    tight = json.loads(out.read_text())
    loop = sum(part["cpu_median"] for key, part in tight.items()
               if isinstance(part, dict) and key in ("generation", "packed_forward_backward", "adamw"))
    mine = ours()
    for name, other, more in [("TRL", trl["step_cpu_median_s"], f", prompt of {trl['prompt_tokens']} tokens, peak {trl['peak_rss_mib']:.0f} MiB"),
                              ("hand-written loop", loop, "")]:
        print(f"{name} {label}: {other * 1e3:.0f} CPU-ms a step{more}: mdm {other / mine:.1f} x", flush=True)
