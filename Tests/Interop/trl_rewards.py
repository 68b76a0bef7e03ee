"""TRL's GRPOTrainer calls a reward that mdm serves, in a real training step of a model of a few weights.

    PEER_PYTHON tests this through scripts/reward-clients; it needs trl, transformers, torch and datasets.
"""
import os
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "python/mdm-rewards/src"), str(ROOT / "python/mdm-rewards/tests")]
os.environ.setdefault("HF_HUB_OFFLINE", "1")

# A torchvision that does not fit its torch would keep transformers from loading; nothing here needs one.
import importlib.util  # noqa: E402

_find_spec = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name.split(".")[0] == "torchvision" else _find_spec(name, *rest)

from datasets import Dataset  # noqa: E402
from tokenizers import Tokenizer, models, pre_tokenizers  # noqa: E402
from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM  # noqa: E402
from trl import GRPOConfig, GRPOTrainer  # noqa: E402

from mdm_rewards import Client  # noqa: E402
from server import Server  # noqa: E402

words = ["<pad>", "<eos>", "left", "right", "where", "?"]
tokenizer = Tokenizer(models.WordLevel({word: index for index, word in enumerate(words)}, unk_token="?"))
tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="<pad>", eos_token="<eos>", unk_token="?")
model = Qwen2ForCausalLM(Qwen2Config(
    vocab_size=len(words), hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2,
    num_key_value_heads=2, max_position_embeddings=64, pad_token_id=0, eos_token_id=1, bos_token_id=1))
SCRIPT = """
reward fn says(completion, example) -> 0..1 { if contains(completion.text, example.answer) { 1 } else { 0 } }
"""

with Server(script=SCRIPT) as server, tempfile.TemporaryDirectory() as folder:
    client = Client(server.url)
    seen = []
    served = client.trl("says")

    def says(**batch):
        scores = served(**batch)
        seen.extend(zip(batch["completions"], batch["answer"], scores))
        return scores

    data = Dataset.from_dict({"prompt": ["where ?"] * 8, "answer": ["left", "right"] * 4})
    trainer = GRPOTrainer(
        model=model, processing_class=fast, reward_funcs=[says], train_dataset=data,
        args=GRPOConfig(
            output_dir=folder, per_device_train_batch_size=4, num_generations=4, max_steps=2,
            max_completion_length=6, report_to=[], use_cpu=True, bf16=False, logging_steps=1, save_strategy="no"))
    trainer.train()
    assert seen and all(score == float(answer in text) for text, answer, score in seen), seen[:4]
    logged = [entry["reward"] for entry in trainer.state.log_history if "reward" in entry]
    print(f"TRL: {len(seen)} completions scored by mdm serve, mean rewards logged {logged}")
    score = client.verl({"sat": "says"})
    assert score("sat", "it is left", "left", {"split": "train"}) == 1.0
    print("verl's compute_score: 1.0 for a right answer")
