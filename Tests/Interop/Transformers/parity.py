"""Compares mdm with transformers on random models: tokenizer, processor, log-probabilities, greedy tokens, saved folders."""

# needs: torch, transformers, PIL, safetensors

import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

import torch

try:
    torch.ops.torchvision.nms
except (AttributeError, RuntimeError):
    # A torchvision wheel for CUDA beside a CPU torch: its image transforms need no more than these names.
    library = torch.library.Library("torchvision", "FRAGMENT")
    for name in ("nms", "qnms"):
        library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")

import transformers
from PIL import Image
from transformers import AutoModelForImageTextToText, AutoProcessor, AutoTokenizer

try:
    import peft
except ImportError:
    peft = None

ROOT = pathlib.Path(__file__).resolve().parents[3]
PARITY = ROOT.parent / "shared" / "parity"
TOLERANCE = 2e-5
failures = checks = 0


def check(holds, what):
    global failures, checks
    checks += 1
    if not holds:
        failures += 1
        print(f"  differs: {what}", flush=True)


def mdm(folder, case, work):
    path = work / "case.json"
    path.write_text(json.dumps(case))
    done = subprocess.run(
        [ROOT / ".build/release/mdm", "run", pathlib.Path(__file__).with_name("answers.mdm"), "--folder", folder, "--case", path],
        capture_output=True, text=True, timeout=600)
    if done.returncode != 0:
        sys.exit(f"mdm failed on {folder}:\n{done.stderr}")
    return json.loads(done.stdout)


def pair_tokenizer(folder, rng):
    """A tokenizer that merges any two bytes: its identifiers show where each text was cut."""
    source = json.loads((PARITY / "qwen2vl-tiny" / "tokenizer.json").read_text())
    alphabet = [entry for entry, number in source["model"]["vocab"].items() if len(entry) == 1]
    pairs = [(a, b) for a in alphabet for b in alphabet]
    rng.shuffle(pairs)
    vocabulary = {entry: number for number, entry in enumerate(alphabet + [a + b for a, b in pairs])}
    source["model"]["vocab"] = vocabulary
    source["model"]["merges"] = [list(pair) for pair in pairs]
    for number, token in enumerate(source["added_tokens"]):
        token["id"] = len(vocabulary) + number
    (folder / "tokenizer.json").write_text(json.dumps(source))
    return {token["content"]: token["id"] for token in source["added_tokens"]}, len(vocabulary) + len(source["added_tokens"])


def texts(rng):
    """Every scalar of Unicode between letters, spaces, marks and apostrophes, and random mixtures of all."""
    scalars = [chr(n) for n in range(0x110000) if not 0xD800 <= n < 0xE000]
    result = []
    for start in range(0, len(scalars), 4000):
        part = scalars[start:start + 4000]
        result.append("".join(f"a{c} {c}1'{c}!{c}\n{c}\u0301" for c in part))
    common = list("aB1 \n\r\t'sStTrReEvVmMlLdD.,!?-\u017f\u00a0\u3000\u0301\u00e9\u4f60\U0001f642")
    for _ in range(300):
        result.append("".join(rng.choice(common if rng.random() < 0.9 else scalars) for _ in range(200)))
    result += ["<|im_start|>user\nhi<|im_end|> <|image_pad|><|im_end", "", " ", "'S 'Ll 'LL 'rE"]
    return result


def model(folder, architecture, rng):
    """A random network of random sizes, saved as transformers saves it."""
    base = "qwen2vl-tiny" if architecture == "qwen2_vl" else "qwen25vl-tiny"
    special, vocabulary = pair_tokenizer(folder, rng)
    for name in ("processor_config.json", "chat_template.jinja", "tokenizer_config.json"):
        (folder / name).write_text((PARITY / base / name).read_text())
    source = json.loads((PARITY / base / "config.json").read_text())
    for key in list(source):
        if key.endswith("_token_id"):
            mark = {"image": "image_pad", "video": "video_pad"}.get(key.split("_token")[0], key.split("_token")[0])
            source[key] = special[f"<|{mark}|>"]
    text, vision = source["text_config"], source["vision_config"]
    heads = rng.choice([2, 4, 6])
    size = rng.choice([16, 32])
    half = size // 2
    text.update(
        hidden_size=heads * size, num_attention_heads=heads, num_key_value_heads=rng.choice([1, 2]),
        num_hidden_layers=rng.choice([1, 3]), intermediate_size=rng.choice([40, 96]), vocab_size=vocabulary,
        layer_types=None, eos_token_id=special["<|im_end|>"], pad_token_id=special["<|endoftext|>"],
        bos_token_id=special["<|endoftext|>"])
    text["rope_parameters"]["mrope_section"] = [half - 2 * (3 * half // 8), 3 * half // 8, 3 * half // 8]
    source["tie_word_embeddings"] = rng.random() < 0.5
    vision["depth"] = rng.choice([1, 3])
    if architecture == "qwen2_vl":
        vision.update(hidden_size=heads * size, embed_dim=vision["num_heads"] * rng.choice([8, 12]))
    else:
        vision.update(
            out_hidden_size=heads * size, hidden_size=vision["num_heads"] * rng.choice([8, 12]),
            fullatt_block_indexes=[vision["depth"] - 1], window_size=rng.choice([56, 84]))
    (folder / "config.json").write_text(json.dumps(source))
    configuration = transformers.AutoConfig.from_pretrained(folder)
    network = AutoModelForImageTextToText.from_config(configuration).float().eval()
    torch.manual_seed(rng.randrange(1 << 30))
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            scale = 0.5 / parameter.shape[-1] ** 0.5 if parameter.dim() > 1 else 0.1
            parameter.normal_(0, scale * (2 if "embed" in name else 1))
            if parameter.dim() == 1 and "bias" not in name:
                parameter.add_(1)
    network.generation_config.eos_token_id = special["<|im_end|>"]
    network.generation_config.pad_token_id = special["<|endoftext|>"]
    network.save_pretrained(folder)
    return network, special


def logprobs(network, processor, question, images, completion):
    content = [{"type": "image"} for _ in images] + [{"type": "text", "text": question}]
    text = processor.apply_chat_template([{"role": "user", "content": content}], add_generation_prompt=True)
    inputs = processor(text=[text], images=[Image.open(path) for path in images] or None, return_tensors="pt")
    ids = processor.tokenizer(completion + "<|im_end|>", return_tensors="pt").input_ids
    whole = dict(inputs)
    whole["input_ids"] = torch.cat([inputs["input_ids"], ids], 1)
    whole["attention_mask"] = torch.ones_like(whole["input_ids"])
    if "mm_token_type_ids" in whole:
        whole["mm_token_type_ids"] = torch.cat([inputs["mm_token_type_ids"], torch.zeros_like(ids)], 1)
    with torch.no_grad():
        logits = network(**whole).logits[0, -ids.shape[1] - 1:-1]
    scores = torch.log_softmax(logits, -1).gather(1, ids[0][:, None])[:, 0]
    return inputs, ids[0].tolist(), scores.tolist()


def random_adapter(folder, rng):
    """An adapter that PEFT makes, with numbers in both matrices; gives the adapted network and its targets."""
    network = AutoModelForImageTextToText.from_pretrained(folder).float().eval()
    targets = rng.choice(["all-linear", ["q_proj", "v_proj"], ["down_proj", "attn.qkv"], ["o_proj", "mlp.2"]])
    adapted = peft.get_peft_model(network, peft.LoraConfig(
        r=rng.choice([2, 4]), lora_alpha=rng.choice([4, 6]), use_rslora=rng.random() < 0.5, target_modules=targets))
    with torch.no_grad():
        for name, parameter in adapted.named_parameters():
            if "lora_B" in name:
                parameter.normal_(0, 0.1)
    adapted.save_pretrained(folder / "adapter")
    return adapted, targets


def compare_adapter(network, folder, questions, processor, rng, work):
    adapted, targets = random_adapter(folder, rng)
    rank = adapted.peft_config["default"].r
    case = {"texts": [], "questions": questions, "save": str(folder / "again"), "adapter": str(folder / "adapter"),
            "rank": rank, "targets": targets}
    got = mdm(folder, case, work)
    trainable = sum(p.numel() for n, p in adapted.named_parameters() if "lora_" in n)
    check(got["trainable"] == trainable, f"weights of {targets}: {got['trainable']}, PEFT {trainable}")
    worst = 0.0
    for question, ours in zip(questions, got["questions"]):
        _, _, scores = logprobs(adapted, processor, question["question"], question["images"], question["completion"])
        distance = max(abs(a - b) for a, b in zip(scores, ours["logprobs"])) / max(map(abs, scores))
        worst = max(worst, distance)
        check(distance < TOLERANCE, f"log-probabilities with an adapter of {targets}: {distance:.2e}")
    again = peft.PeftModel.from_pretrained(AutoModelForImageTextToText.from_pretrained(folder).float(), folder / "again")
    theirs = {n: p for n, p in adapted.named_parameters() if "lora_" in n}
    ours = {n: p for n, p in again.named_parameters() if "lora_" in n}
    check(set(theirs) == set(ours), f"modules of the saved adapter of {targets}")
    for name in theirs.keys() & ours.keys():
        check(torch.equal(theirs[name], ours[name]), f"saved adapter {name}")
    check(again.active_adapter and again.peft_config["default"].use_rslora == adapted.peft_config["default"].use_rslora, "scale")
    return worst


def compare(architecture, seed, work):
    rng = random.Random(seed)
    folder = work / f"{architecture}-{seed}"
    folder.mkdir()
    network, special = model(folder, architecture, rng)
    processor = AutoProcessor.from_pretrained(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    questions = []
    for number, count in enumerate([0, 1, 1, 2, 3]):
        images = []
        for i in range(count):
            width, height = rng.choice([(64, 64), (97, 33), (300, 20), (31, 200), (200, 150)])
            path = folder / f"image{number}-{i}.png"
            Image.frombytes("RGB", (width, height), rng.randbytes(3 * width * height)).save(path)
            images.append(str(path))
        questions.append({
            "question": f"what is {number}?", "images": images, "steps": 12, "penalty": rng.choice([1.0, 1.3]),
            "completion": "".join(rng.choice("ab 1\n\u00e9") for _ in range(20))})
    saved = folder / "saved"
    case = {"texts": texts(rng) if seed % 2 else [], "questions": questions, "save": str(saved)}
    got = mdm(folder, case, work)
    for text, tokens in zip(case["texts"], got["texts"]):
        check(tokens == tokenizer.encode(text, add_special_tokens=False), f"tokens of {text[:40]!r}")
    again = AutoModelForImageTextToText.from_pretrained(saved).float().eval()
    for (name, a), (_, b) in zip(network.named_parameters(), again.named_parameters()):
        check(torch.equal(a, b), f"saved {name}")
    check(AutoTokenizer.from_pretrained(saved).encode("it's 12") == tokenizer.encode("it's 12"), "saved tokenizer")
    worst = 0.0
    for question, ours in zip(questions, got["questions"]):
        inputs, ids, scores = logprobs(network, processor, question["question"], question["images"], question["completion"])
        scale = max(map(abs, scores))
        distance = max(abs(a - b) for a, b in zip(scores, ours["logprobs"])) / scale
        worst = max(worst, distance)
        check(ours["tokens"] == ids, f"completion of {question['question']}")
        check(distance < TOLERANCE, f"log-probabilities of {question['question']}: {distance:.2e}")
        with torch.no_grad():
            greedy = network.generate(
                **inputs, max_new_tokens=question["steps"], do_sample=False, repetition_penalty=question["penalty"],
                suppress_tokens=[special["<|image_pad|>"], special["<|video_pad|>"], special["<|endoftext|>"]])
        answer = tokenizer.decode(greedy[0, inputs["input_ids"].shape[1]:], skip_special_tokens=True)
        check(ours["greedy"] == tokenizer.encode(answer, add_special_tokens=False), f"greedy answer to {question['question']}")
    adapter = compare_adapter(network, folder, questions, processor, rng, work) if peft else float("nan")
    print(f"{architecture} {seed}: worst log-probability {worst:.1e} of the scale, with an adapter {adapter:.1e}, {len(case['texts'])} texts", flush=True)


def main():
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    seed = int(sys.argv[1])
    # An even seed leaves the texts of all of Unicode out.
    seeds = [2 * seed] if os.environ.get("QUICK") else range(seed, seed + 4)
    with tempfile.TemporaryDirectory() as name:
        for seed in seeds:
            for architecture in ("qwen2_vl", "qwen2_5_vl"):
                compare(architecture, seed, pathlib.Path(name))
    if not peft:
        print("adapters skipped: peft is missing")
    print(f"{checks} checks, {failures} differ (transformers {transformers.__version__}, torch {torch.__version__})")
    sys.exit(1 if failures else 0)


main()
