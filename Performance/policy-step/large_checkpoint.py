"""Writes a checkpoint folder of Qwen2-VL-2B's shape with random bfloat16 weights: large_checkpoint.py TOKENIZER FOLDER

TOKENIZER is a tokenizer.json of Qwen2; its vocabulary is replaced by one of Qwen2's size. Sizes: config.json of
Qwen/Qwen2-VL-2B-Instruct."""

import json
import pathlib
import random
import struct
import sys

source, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
folder.mkdir(parents=True, exist_ok=True)
H, I, LAYERS, KV, VOCABULARY = 1536, 8960, 28, 256, 151936
E, DEPTH, PATCH = 1280, 32, 14

tokenizer = json.loads(source.read_text())
alphabet = [entry for entry in tokenizer["model"]["vocab"] if len(entry) == 1]
pairs = [(a, b) for a in alphabet for b in alphabet]
merges = pairs + [(a + b, c) for a, b in pairs for c in alphabet[:2]]
merges = merges[:151643 - len(alphabet)]
tokenizer["model"]["vocab"] = {t: i for i, t in enumerate(alphabet + [a + b for a, b in merges])}
tokenizer["model"]["merges"] = [list(pair) for pair in merges]
special = {}
for number, token in enumerate(tokenizer["added_tokens"]):
    token["id"] = special[token["content"]] = 151643 + number
(folder / "tokenizer.json").write_text(json.dumps(tokenizer))
(folder / "config.json").write_text(json.dumps({
    "architectures": ["Qwen2VLForConditionalGeneration"], "model_type": "qwen2_vl", "dtype": "bfloat16",
    "hidden_size": H, "intermediate_size": I, "num_hidden_layers": LAYERS, "num_attention_heads": 12,
    "num_key_value_heads": 2, "vocab_size": VOCABULARY, "max_position_embeddings": 32768, "rms_norm_eps": 1e-6,
    "rope_theta": 1000000.0, "rope_scaling": {"type": "mrope", "mrope_section": [16, 24, 24]}, "hidden_act": "silu",
    "tie_word_embeddings": True, "eos_token_id": special["<|im_end|>"], "bos_token_id": special["<|endoftext|>"],
    "image_token_id": special["<|image_pad|>"], "video_token_id": special["<|video_pad|>"],
    "vision_start_token_id": special["<|vision_start|>"], "vision_end_token_id": special["<|vision_end|>"],
    "vision_config": {"depth": DEPTH, "embed_dim": E, "mlp_ratio": 4, "num_heads": 16, "hidden_size": H, "in_channels": 3,
                      "patch_size": PATCH, "spatial_merge_size": 2, "temporal_patch_size": 2, "hidden_act": "quick_gelu"}}))

tensors = [("model.embed_tokens.weight", [VOCABULARY, H]), ("model.norm.weight", [H])]
for i in range(LAYERS):
    name = f"model.layers.{i}."
    tensors += [(name + f"{n}_layernorm.weight", [H]) for n in ("input", "post_attention")]
    tensors += [(name + f"self_attn.{n}_proj.{k}", [rows] + [H] * (k == "weight"))
                for n, rows in (("q", H), ("k", KV), ("v", KV)) for k in ("weight", "bias")]
    tensors += [(name + "self_attn.o_proj.weight", [H, H]), (name + "mlp.gate_proj.weight", [I, H]),
                (name + "mlp.up_proj.weight", [I, H]), (name + "mlp.down_proj.weight", [H, I])]
tensors.append(("visual.patch_embed.proj.weight", [E, 3, 2, PATCH, PATCH]))
for i in range(DEPTH):
    name = f"visual.blocks.{i}."
    tensors += [(name + f"{n}.{k}", [E]) for n in ("norm1", "norm2") for k in ("weight", "bias")]
    tensors += [(name + f"{n}.{k}", [rows] + [columns] * (k == "weight"))
                for n, rows, columns in (("attn.qkv", 3 * E, E), ("attn.proj", E, E), ("mlp.fc1", 4 * E, E), ("mlp.fc2", E, 4 * E))
                for k in ("weight", "bias")]
tensors += [(f"visual.merger.ln_q.{k}", [E]) for k in ("weight", "bias")]
tensors += [(f"visual.merger.mlp.{n}.{k}", [rows] + [4 * E] * (k == "weight"))
            for n, rows in ((0, 4 * E), (2, H)) for k in ("weight", "bias")]

header, offset = {"__metadata__": {"format": "pt"}}, 0
for name, shape in tensors:
    count = 2
    for side in shape:
        count *= side
    header[name] = {"dtype": "BF16", "shape": shape, "data_offsets": [offset, offset + count]}
    offset += count
text = json.dumps(header).encode()
text += b" " * (-len(text) % 8)
# Numbers around 0 with a deviation of 0.02; long enough that no row repeats its neighbour.
rng = random.Random(1)
block = b"".join(struct.pack("<f", rng.gauss(0, 0.02))[2:] for _ in range(1_000_003))
ones = struct.pack("<f", 1.0)[2:]
with open(folder / "model.safetensors", "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text)
    for name, shape in tensors:
        left = header[name]["data_offsets"][1] - header[name]["data_offsets"][0]
        is_norm = "norm" in name and name.endswith("weight") or name.endswith("ln_q.weight")
        while left > 0:
            part = (ones * 4096 if is_norm else block)[:left]
            left -= file.write(part)
print(f"{offset / 2e9:.2f} G weights, {offset / 1e9:.2f} GB")
