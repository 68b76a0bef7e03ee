"""Compares mdm's policy losses and advantages with those of TRL's GRPOTrainer on random small batches.

TRL's own `_compute_loss` runs on log-probabilities, entropies, masks and advantages made here; what it gives and its
gradient by each log-probability are compared with `policy_loss`. TRL's advantages are those that its trainer logs for
rewards made here, with completions of a tiny model.
"""

# needs: torch, transformers, trl, datasets

import json
import pathlib
import subprocess
import sys
import tempfile
import warnings

import torch

warnings.filterwarnings("ignore", category=FutureWarning)

try:
    torch.ops.torchvision.nms
except (AttributeError, RuntimeError):
    # A torchvision wheel for CUDA beside a CPU torch: its image transforms need no more than these names.
    library = torch.library.Library("torchvision", "FRAGMENT")
    for name in ("nms", "qnms"):
        library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")

import trl
from datasets import Dataset
from transformers import AutoModelForImageTextToText, AutoProcessor
from transformers.utils import logging
from trl import GRPOConfig, GRPOTrainer

logging.disable_progress_bar()

ROOT = pathlib.Path(__file__).resolve().parents[3]
MODEL = ROOT.parent / "shared" / "parity" / "qwen2vl-tiny"
GROUPS, GROUP, WIDTH = 3, 4, 9
if not MODEL.is_dir():
    print(f"  skipped: {MODEL} is missing")
    sys.exit()
torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
torch.set_num_threads(1)

paid = []


def reward(place):
    def function(completions, **_):
        return paid[place][: len(completions)]

    function.__name__ = f"reward{place}"
    return function


processor = AutoProcessor.from_pretrained(MODEL)
config = GRPOConfig(
    output_dir=tempfile.mkdtemp(prefix="trl-"), use_cpu=True, bf16=False, gradient_checkpointing=False,
    per_device_train_batch_size=GROUPS * GROUP, num_generations=GROUP, max_completion_length=WIDTH, report_to=[],
    epsilon=0.2, epsilon_high=0.28, beta=0.0,
    generation_kwargs={"suppress_tokens": [processor.tokenizer.convert_tokens_to_ids(t) for t in ("<|image_pad|>", "<|video_pad|>")]})
trainer = GRPOTrainer(
    model=AutoModelForImageTextToText.from_pretrained(MODEL, dtype=torch.float32), processing_class=processor,
    reward_funcs=[reward(0), reward(1)], args=config,
    train_dataset=Dataset.from_dict({"prompt": [[{"role": "user", "content": "x"}]] * GROUPS}))
trainer.model.train()
trainer.current_gradient_accumulation_steps = 1

cases, wanted = [], []
DEFAULT = dict(beta=0.0, clip=0.2, clip_high=0.28, ratio_limit=None, kl_correction=False, top_entropy=1.0, off_policy=None,
               micro_batch=0, longest=WIDTH, correction=None)


def nested(values, mask):
    """[group][completion][token] without padding."""
    rows = [row[flags.bool()].tolist() for row, flags in zip(values, mask)]
    return [rows[i:i + GROUP] for i in range(0, len(rows), GROUP)]


def correction_ratio(mode, sampling, rollout, mask, limit):
    """The ratio as TRL computes it while it generates (grpo_trainer.py, vllm_importance_sampling_mode)."""
    difference = (sampling - rollout) * mask
    if mode.startswith("sequence"):
        difference = difference.sum(-1, keepdim=True)
    ratio = torch.exp(difference)
    return ratio.clamp(max=limit) if mode.endswith("truncate") else ratio.masked_fill(ratio > limit, 0.0)


def case(title, loss, level="token", masks_rows=False, **settings):
    s = {**DEFAULT, **settings}
    n = GROUPS * GROUP
    lengths = torch.randint(1, WIDTH + 1, (n,))
    lengths[0] = WIDTH
    mask = (torch.arange(WIDTH)[None] < lengths[:, None]).float()
    whole = mask.clone()
    if masks_rows:
        mask[lengths == WIDTH] = 0  # what mask_truncated_completions does
    policy = -3 * torch.rand(n, WIDTH)
    sampling = policy + 0.3 * torch.randn(n, WIDTH)
    reference = policy + 0.4 * torch.randn(n, WIDTH)
    rollout = sampling + 0.5 * torch.randn(n, WIDTH)
    entropies = 2 * torch.rand(n, WIDTH)
    advantages = torch.randn(n)
    trainer.loss_type = {"gspo": "grpo", "reinforce": "grpo"}.get(loss, loss)
    trainer.importance_sampling_level = level
    trainer.beta = s["beta"]
    trainer.epsilon_low, trainer.epsilon_high = s["clip"], 5.0 if loss == "cispo" else s["clip_high"]
    trainer.args.delta = s["ratio_limit"]
    trainer.args.use_bias_correction_kl = s["kl_correction"]
    trainer.top_entropy_quantile = s["top_entropy"]
    trainer.off_policy_mask_threshold = s["off_policy"]
    trainer.use_vllm = s["correction"] is not None
    trainer.vllm_importance_sampling_correction = trainer.use_vllm
    batches = s["micro_batch"] or n
    trainer.current_gradient_accumulation_steps = n // batches
    trainer.args.steps_per_generation = n // batches
    leaf = policy.clone().requires_grad_()
    total = 0.0
    for start in range(0, n, batches):
        part = slice(start, start + batches)
        inputs = dict(
            prompt_ids=torch.zeros(batches, 1, dtype=torch.long), prompt_mask=torch.ones(batches, 1, dtype=torch.long),
            completion_ids=torch.zeros(batches, WIDTH, dtype=torch.long), completion_mask=mask[part],
            advantages=advantages[part], num_items_in_batch=mask.sum(), old_per_token_logps=sampling[part],
            ref_per_token_logps=reference[part])
        if trainer.use_vllm:
            inputs["importance_sampling_ratio"] = correction_ratio(s["correction"], sampling[part], rollout[part], mask[part], 2.0)
            inputs["sampling_per_token_logps"] = rollout[part]
        trainer._get_per_token_logps_and_entropies = lambda *_, **__: (leaf[part], entropies[part], None)
        value = trainer._compute_loss(trainer.model, inputs)
        value.backward()
        total += value.item()
    groups = [
        dict(policy=p, sampling=a, reference=r, advantages=advantages[g * GROUP:(g + 1) * GROUP].tolist(), entropies=e, mask=m,
             **({"rollout": o} if trainer.use_vllm else {}))
        for g, (p, a, r, e, o, m) in enumerate(zip(*(nested(v, whole) for v in (policy, sampling, reference, entropies, rollout, mask.bool()))))]
    cases.append(dict(kind="loss", name=loss, groups=groups, settings=s))
    wanted.append((title, dict(loss=total, derivatives=nested(leaf.grad, whole))))


PLAIN = ["grpo", "bnpo", "dapo", "dr_grpo", "cispo", "sapo", "vespo"]
for loss in PLAIN + ["gspo", "luspo"]:
    level = "sequence" if loss in ("gspo", "luspo") else "token"
    case(loss, loss, level)
    case(f"{loss}, beta .04", loss, level, beta=0.04)
    case(f"{loss}, beta .04 times the ratio", loss, level, beta=0.04, kl_correction=True)
    case(f"{loss}, top entropy .3", loss, level, top_entropy=0.3)
    case(f"{loss}, off-policy mask", loss, level, off_policy=0.02)
    case(f"{loss}, truncated rows masked", loss, level, masks_rows=True, beta=0.04)
    if loss != "vespo":  # TRL puts its correction into vespo's weight of the completion
        for mode in ("token_truncate", "token_mask", "sequence_truncate", "sequence_mask"):
            case(f"{loss}, {mode}", loss, level, correction=mode)
for loss in ("grpo", "bnpo", "dapo", "dr_grpo"):
    case(f"{loss}, two-sided", loss, ratio_limit=1.35)
case("gspo, two-sided", "gspo", "sequence", ratio_limit=1.35)
case("bnpo, micro-batches of 4", "bnpo", micro_batch=4)
case("dapo, all at once", "dapo", beta=0.04, top_entropy=0.5, off_policy=0.0, ratio_limit=1.5, kl_correction=True)
del trainer._get_per_token_logps_and_entropies
trainer.use_vllm, trainer.top_entropy_quantile, trainer.off_policy_mask_threshold = False, 1.0, None
trainer.loss_type, trainer.importance_sampling_level, trainer.beta = "grpo", "token", 0.0
trainer.current_gradient_accumulation_steps = trainer.args.steps_per_generation = 1

n = GROUPS * GROUP
for scale, aggregation, name in (("group", "sum_then_normalize", "group"), ("batch", "sum_then_normalize", "batch"),
                                 ("none", "sum_then_normalize", "centred"), ("group", "normalize_then_sum", "gdpo")):
    trainer.scale_rewards, trainer.multi_objective_aggregation = scale, aggregation
    paid[:] = [[float(v) for v in (torch.rand(n) > 0.5).float()], [float(v) for v in torch.rand(n) * 3]]
    paid[0][:GROUP], paid[1][:GROUP] = [1.0] * GROUP, [0.5] * GROUP  # a group of equal rewards
    trainer._logs["advantages"].clear()
    inputs = [{"prompt": [{"role": "user", "content": "x"}]} for _ in range(n)]
    out = trainer._generate_and_score_completions(inputs)
    sums = [a + b for a, b in zip(*paid)]
    cases.append(dict(kind="advantages", name=name, rewards=[sums[i:i + GROUP] for i in range(0, n, GROUP)],
                      parts=[[p[i:i + GROUP] for p in paid] for i in range(0, n, GROUP)]))
    values = out["advantages"].tolist()
    wanted.append((f"advantages {name}", [values[i:i + GROUP] for i in range(0, n, GROUP)]))

with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder) / "cases.json"
    path.write_text(json.dumps(cases))
    done = subprocess.run(
        [ROOT / ".build/release/mdm", "run", pathlib.Path(__file__).with_name("losses.mdm"), "--cases", path],
        capture_output=True, text=True, timeout=300)
if done.returncode != 0:
    sys.exit(f"mdm failed:\n{done.stderr}")


def leaves(value):
    if isinstance(value, dict):
        return [x for key in ("loss", "derivatives") for x in leaves(value[key])]
    return [x for item in value for x in leaves(item)] if isinstance(value, list) else [value]


failures, largest = 0, 0.0
for (title, expected), line in zip(wanted, done.stdout.splitlines(), strict=True):
    ours, theirs = leaves(json.loads(line)), leaves(expected)
    worst = max(abs(a - b) / max(1.0, abs(b)) for a, b in zip(ours, theirs, strict=True))
    largest = max(largest, worst)
    if worst > 2e-5:
        failures += 1
        print(f"  differs by {worst:.2e}: {title}")
print(f"TRL {trl.__version__}: {len(wanted)} cases, {failures} differ; the largest difference is {largest:.1e}")
sys.exit(1 if failures else 0)
