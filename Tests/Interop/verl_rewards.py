"""verl's own loading of a custom reward function and both of its naive reward managers, with rewards that mdm serve computes.

    PEER_PYTHON tests this through scripts/reward-clients; it needs verl 0.9 with torch, tensordict, ray, omegaconf and transformers.
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

import numpy as np  # noqa: E402
import torch  # noqa: E402
import verl  # noqa: E402
from omegaconf import OmegaConf  # noqa: E402
from tokenizers import Tokenizer, models, pre_tokenizers  # noqa: E402
from transformers import PreTrainedTokenizerFast  # noqa: E402
from verl import DataProto  # noqa: E402
from verl.trainer.ppo.reward import get_custom_reward_fn, load_reward_manager  # noqa: E402
from verl.workers.reward_manager import NaiveRewardManager  # noqa: E402

from mdm_rewards import RewardError  # noqa: E402
from server import Server  # noqa: E402

words = ["<pad>", "<eos>", "left", "right", "0.5", "where", "?"]
tokenizer = Tokenizer(models.WordLevel({word: index for index, word in enumerate(words)}, unk_token="?"))
tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="<pad>", eos_token="<eos>", unk_token="?")
SCRIPT = """
reward fn says(completion, example) -> 0..1 {
  if contains(completion.text, example.answer) and example.domain == "sat" { 1 } else { 0 }
}
"""
# What a user of verl writes, with the address of the server.
FILE = """
from mdm_rewards import Client

compute_score = Client("{url}").verl({{"sat": "says", "geo": "math_equal"}})
"""


def batch(responses, sources, answers):
    """A rollout as verl's trainer has it: prompts to the right of their padding, responses to its left."""
    ids = torch.tensor([[words.index(word) for word in text.split()] + [0] * (3 - len(text.split())) for text in responses])
    prompts = torch.tensor([[0, 5, 6]] * len(ids))
    mask = torch.cat([prompts != 0, ids != 0], dim=1).long()
    return DataProto.from_dict(
        tensors={"prompts": prompts, "responses": ids, "attention_mask": mask},
        non_tensors={
            "data_source": np.array(sources, dtype=object),
            "reward_model": np.array([{"style": "rule", "ground_truth": answer} for answer in answers], dtype=object),
            "extra_info": np.array([{"split": "train", "index": i} for i in range(len(ids))], dtype=object)})


with Server(script=SCRIPT) as server, tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder, "rewards_of_mdm.py")
    path.write_text(FILE.format(url=server.url))
    config = OmegaConf.create({"reward": {
        "custom_reward_function": {"path": str(path), "name": "compute_score", "reward_kwargs": {}},
        "reward_manager": {"source": "register", "name": "naive"}}})
    data = batch(["left <eos>", "right <eos>", "0.5 <eos>", "left"], ["sat", "sat", "geo", "geo"], ["left", "left", "1/2", "1/2"])
    wanted = [1.0, 0.0, 1.0, 0.0]

    manager = load_reward_manager(config, fast)
    found = [manager.loop.run_until_complete(manager.run_single(data[i:i + 1]))["reward_score"]
             for i in range(len(data))]
    assert found == wanted, found

    older = NaiveRewardManager(fast, num_examine=0, compute_score=get_custom_reward_fn(config))
    tensor = older(data)
    assert tensor.sum(dim=1).tolist() == wanted, tensor
    # The reward stands at the last token of the response.
    assert [row.nonzero().flatten().tolist() for row in tensor] == [[1], [], [1], []], tensor

    try:
        older(batch(["left"], ["coco"], ["left"]))
        raise AssertionError("a data_source without a reward was scored")
    except RewardError as error:
        assert "no reward for data_source 'coco'" in str(error)
    print(f"verl {verl.__version__}: 4 responses scored by mdm serve, through its reward loop and its naive manager")
