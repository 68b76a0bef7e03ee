"""The client of `mdm serve`: batches of completions in, scores out."""

import json
import os
import re
import urllib.error
import urllib.request

_TAGGED = re.compile(r"<answer>(.*?)</answer>", re.DOTALL)


class RewardError(Exception):
    """The server refused a request, could not be reached, or could not score a completion."""


class Client:
    """One server. It keeps nothing between calls, so processes and threads may share it."""

    def __init__(self, url="http://127.0.0.1:8377", token=None, timeout=60.0):
        self.url = url.rstrip("/")
        self.token = token if token is not None else os.environ.get("MDM_SERVE_TOKEN")
        self.timeout = timeout
        # Proxies of the environment are for the world outside, not for a server beside the trainer.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        self._names = None

    def score(self, reward, items, **settings):
        """Scores items; gives a list of floats, None where one could not be scored, and the reasons by item."""
        body = {"reward": reward, "items": items}
        if settings:
            body["settings"] = settings
        reply = self._ask("/v1/score", body)
        return reply["scores"], {error["item"]: error["message"] for error in reply["errors"]}

    def rewards(self):
        """The rewards that the server has: names, ranges, what they take."""
        return self._ask("/v1/rewards")["rewards"]

    def health(self):
        return self._ask("/v1/health")

    def trl(self, reward, **settings):
        """A reward function for TRL's `GRPOTrainer(reward_funcs=[…])`."""

        def function(prompts=None, completions=None, **columns):
            texts = [_text(completion) for completion in completions]
            examples = _rows(columns, len(texts))
            return self._scores(reward, texts, examples, settings)[0]

        # TRL logs a reward under this name.
        function.__name__ = reward
        return function

    def verl(self, reward, **settings):
        """A `compute_score` for verl; `reward` is a name, or names by `data_source`."""

        def compute_score(data_source, solution_str, ground_truth, extra_info=None, **_):
            name = reward.get(data_source) if isinstance(reward, dict) else reward
            if name is None:
                known = ", ".join(sorted(reward))
                raise RewardError(f"no reward for data_source {data_source!r}; there are some for {known}")
            example = {"answer": ground_truth, "domain": data_source}
            example.update({key: value for key, value in (extra_info or {}).items() if _is_json(value)})
            scores, errors = self._scores(name, [solution_str], [example], settings)
            if errors:
                raise RewardError(f"{name}: {errors[0]}")
            return scores[0]

        return compute_score

    def _scores(self, reward, texts, examples, settings):
        if self._is_script(reward):
            items = [{"completion": text, "example": example} for text, example in zip(texts, examples)]
        else:
            items = [{"prediction": _answer(text), "reference": example.get("answer", example.get("solution"))}
                     for text, example in zip(texts, examples)]
        return self.score(reward, items, **settings)

    def _is_script(self, reward):
        if self._names is None:
            self._names = {entry["name"]: entry["script"] for entry in self.rewards()}
        if reward not in self._names:
            raise RewardError(f"the server has no reward {reward}; it has {', '.join(self._names)}")
        return self._names[reward]

    def _ask(self, path, body=None):
        request = urllib.request.Request(self.url + path)
        if body is not None:
            # Lone surrogates of a broken decoder become question marks instead of an error.
            request.data = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
            request.add_header("Content-Type", "application/json")
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        try:
            with self._opener.open(request, timeout=self.timeout) as reply:
                return json.load(reply)
        except urllib.error.HTTPError as error:
            try:
                message = json.load(error)["error"]
            except (ValueError, KeyError):
                message = error.reason
            raise RewardError(f"{self.url}{path}: {error.code}: {message}") from None
        except (OSError, ValueError) as error:
            raise RewardError(f"{self.url}{path}: {error}") from None


def _text(completion):
    """The text of a completion: a string, or messages whose content is text or parts."""
    if isinstance(completion, str):
        return completion
    parts = []
    for message in completion:
        content = message.get("content", "") if isinstance(message, dict) else message
        if isinstance(content, str):
            parts.append(content)
        else:
            parts += [part.get("text", "") for part in content or [] if isinstance(part, dict)]
    return "".join(parts)


def _answer(text):
    found = _TAGGED.findall(text)
    return found[0].strip() if len(found) == 1 else text


def _rows(columns, count):
    """Columns of a batch as one record a row; what JSON cannot hold, such as images, stays here."""
    rows = [{} for _ in range(count)]
    for name, values in columns.items():
        if isinstance(values, (list, tuple)) and len(values) == count:
            for row, value in zip(rows, values):
                if _is_json(value):
                    row[name] = value
    return rows


def _is_json(value):
    try:
        json.dumps(value, allow_nan=False)
        return True
    except (TypeError, ValueError, RecursionError):
        return False
