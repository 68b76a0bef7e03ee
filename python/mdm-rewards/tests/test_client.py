"""The client and the server together, with the standard library only."""

import http.client
import json
import pathlib
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "src"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from mdm_rewards import Client, RewardError  # noqa: E402
from server import Server  # noqa: E402


class ServeTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server("--fuel", "100000", "--time-limit", "0.5", "--item-limit", "60", "--body-limit", "100000").__enter__()
        cls.client = Client(cls.server.url)

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def post(self, body, path="/v1/score", method="POST", **headers):
        """A request as raw as wanted: status and reply."""
        host, port = self.server.url.removeprefix("http://").split(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=20)
        connection.request(method, path, body, {"Content-Type": "application/json", **headers})
        reply = connection.getresponse()
        data = reply.read()
        connection.close()
        return reply.status, json.loads(data)

    def test_rewards_of_the_script_and_built_in_ones_are_served(self):
        scores, errors = self.client.score("length_fits", [
            {"completion": "<answer>abc</answer>", "example": {"answer": 3}},
            {"completion": "abc", "example": {"answer": 3}}])
        self.assertEqual((scores, errors), ([1, 0], {}))
        self.assertEqual(
            self.client.score("choice", [{"prediction": "B", "reference": "B"}, ["A or B", "B"]])[0], [1, 0])
        self.assertEqual(
            self.client.score("math_equal", [{"prediction": r"\frac12", "reference": "0.5"}])[0], [1])
        near = [{"prediction": "104", "reference": "100"}]
        self.assertEqual(self.client.score("number_equal", near, relative=0.05)[0], [1])
        self.assertEqual(self.client.score("number_equal", near)[0], [0])

    def test_health_and_catalogue(self):
        self.assertEqual(self.client.health()["status"], "ok")
        entries = {entry["name"]: entry for entry in self.client.rewards()}
        self.assertTrue(entries["length_fits"]["script"])
        self.assertEqual(entries["length_fits"]["high"], 1)
        self.assertFalse(entries["iou"]["script"])

    def test_trl_signature(self):
        reward = self.client.trl("length_fits")
        self.assertEqual(reward.__name__, "length_fits")
        messages = [[{"role": "assistant", "content": "<answer>ab</answer>"}],
                    [{"role": "assistant", "content": [{"type": "text", "text": "<answer>abc</answer>"}]}]]
        scores = reward(prompts=["p", "p"], completions=messages, completion_ids=[[1], [2]],
                        answer=[2, 2], image=[object(), object()], trainer_state=object())
        self.assertEqual(scores, [1, 0])
        math = self.client.trl("math_equal")
        self.assertEqual(math(prompts=["p"], completions=["<answer>1/2</answer>"], answer=["0.5"]), [1])

    def test_what_cannot_be_scored_abstains(self):
        reward = self.client.trl("careless")
        self.assertEqual(reward(prompts=["p"] * 2, completions=["long", "x"], answer=[1, 1]), [None, 1])
        score = self.client.verl("careless")
        with self.assertRaisesRegex(RewardError, "E0703"):
            score("coco", "long", "1")

    def test_verl_signature(self):
        score = self.client.verl({"coco": "length_fits", "geo": "math_equal"})
        self.assertEqual(score("coco", "<answer>ab</answer>", 2, {"index": 3, "image": object()}), 1)
        self.assertEqual(score(data_source="geo", solution_str="<answer>2/4</answer>", ground_truth="1/2"), 1)
        with self.assertRaisesRegex(RewardError, "data_source 'sat'"):
            score("sat", "x", "y")

    def test_an_endless_reward_is_an_error_and_the_next_request_runs(self):
        scores, errors = self.client.score("endless", [{"completion": "a"}, {"completion": "b"}])
        self.assertEqual(scores, [None, None])
        self.assertEqual(sorted(errors), [0, 1])
        self.assertIn("E0463", errors[0])
        self.assertEqual(self.client.score("length_fits", [
            {"completion": "<answer>abc</answer>", "example": {"answer": 3}}])[0], [1])

    def test_the_same_request_has_the_same_answer_however_close_to_its_limit(self):
        items = [{"completion": "a", "example": {"turns": turns}} for turns in range(99_980, 100_020)]
        first = self.client.score("counts", items)
        self.assertEqual(first[0][0], 1)
        self.assertIsNone(first[0][-1])
        for _ in range(3):
            self.assertEqual(self.client.score("counts", items), first)

    def test_what_grows_without_end_is_ended_the_same_way_every_time(self):
        items = [{"completion": "a", "example": {"doublings": doublings}} for doublings in (10, 60, 10)]
        first = self.client.score("grows", items)
        self.assertEqual(first[0], [1, None, 1])
        self.assertRegex(first[1][1], "E0463|E0412")
        for _ in range(3):
            self.assertEqual(self.client.score("grows", items), first)

    def test_items_after_the_fuel_of_a_request_are_errors(self):
        scores, errors = self.client.score("endless", [{"completion": "a"}] * 52)
        self.assertEqual(scores, [None] * 52)
        self.assertIn("E0463", errors[49])
        self.assertIn("items before", errors[50])

    def test_what_waits_is_ended_by_the_clock(self):
        scores, errors = self.client.score("sleepy", [{"completion": "a"}] * 2)
        self.assertEqual((scores, sorted(errors)), ([None, None], [0, 1]))

    def test_bad_requests_are_refused_with_a_sentence(self):
        for body, status, word in [
            (b'{"reward": "\xff\xfe"}', 400, "UTF-8"), (b"\xff\xfe", 400, "JSON"), (b"{", 400, "JSON"), (b"[]", 400, "object"), (b"", 400, "JSON"),
            (b'{"items": []}', 400, "reward"), (b'{"reward": "iou"}', 400, "items"),
            (b'{"reward": "nope", "items": []}', 404, "nope"), (b'{"reward": "iou", "items": {}}', 400, "list"),
            (b'{"reward": "iou", "items": [], "x": 1}', 400, "x"),
            (b'{"reward": "iou", "items": [], "settings": {"x": 1}}', 400, "x"),
            (b'{"reward": "iou", "items": [' + b",".join([b"1"] * 61) + b"]}", 413, "61"),
            (b'{"reward": "' + b"a" * 100_000 + b'"}', 413, "larger"),
            (b"[" * 50_000, 400, "JSON"),
        ]:
            found, reply = self.post(body)
            self.assertEqual(found, status, reply)
            self.assertIn(word, reply["error"])
        self.assertEqual(self.post(b"{}", path="/v2/score")[0], 404)
        self.assertEqual(self.post(None, method="GET")[0], 405)
        self.assertEqual(self.post(b"{}", Origin="http://evil.example")[0], 403)
        host, port = self.server.url.removeprefix("http://").split(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=20)
        connection.request("POST", "/v1/score", b"{}", {"Content-Type": "text/plain"})
        self.assertEqual(connection.getresponse().status, 415)
        connection.close()

    def test_odd_items_are_errors_of_their_own(self):
        scores, errors = self.client.score("iou", [
            {"prediction": [0, 0, 2, 2], "reference": [0, 0, 2, 2]}, {"prediction": [0, 0, 2, 2]}, 7,
            {"prediction": "x" * 10_000, "reference": [0, 0, 2, 2]}, {"prediction": 1, "reference": "x"},
            {"prediction": [1], "reference": [0, 0, 1, 1], "odd": 1}])
        self.assertEqual([scores[0], scores[3]], [1, 0])
        self.assertEqual(sorted(errors), [1, 2, 4, 5])

    def test_requests_from_many_threads_are_all_answered(self):
        results = []

        def ask(number):
            for _ in range(5):
                results.append(self.client.score("length_fits", [
                    {"completion": "<answer>" + "a" * number + "</answer>", "example": {"answer": number}}])[0])

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(results, [[1]] * 40)


class LifeTests(unittest.TestCase):
    def test_sigterm_answers_what_runs_and_ends_with_0(self):
        script = ("reward fn slow(completion, example) -> 0..1 "
                  "{ sleep(300ms)\n 1 }\n")
        with Server(script=script) as server:
            client, found = Client(server.url), []
            client._is_script("slow")
            thread = threading.Thread(
                target=lambda: found.append(client.score("slow", [{"completion": "a"}] * 3)[0]))
            thread.start()
            time.sleep(0.2)
            self.assertEqual(server.stop(), 0)
            thread.join()
            self.assertEqual(found, [[1, 1, 1]])

    def test_a_token_is_asked_for(self):
        with Server(env={"MDM_SERVE_TOKEN": "sixteen-letters-and-more"}) as server:
            with self.assertRaisesRegex(RewardError, "401"):
                Client(server.url, token="wrong").health()
            self.assertEqual(Client(server.url, token="sixteen-letters-and-more").health()["status"], "ok")

    def test_other_addresses_than_loopback_need_a_token(self):
        for arguments in [("--host", "0.0.0.0"), ("--port", "70000"), ("--item-limit", "0")]:
            server = Server(*arguments)
            self.assertIsNone(server.url)
            self.assertNotEqual(server.process.wait(timeout=30), 0)
            server.close()

    def test_a_script_without_rewards_is_refused(self):
        for script in ["let x = 1\n", "let x = \n", "error(\"no\")\n"]:
            server = Server(script=script)
            self.assertIsNone(server.url)
            self.assertIn(server.process.wait(timeout=30), (1, 2))
            server.close()

    def test_a_port_in_use_is_named(self):
        with Server() as server:
            port = server.url.rsplit(":", 1)[1]
            second = Server("--port", port)
            self.assertIsNone(second.url)
            self.assertEqual(second.process.wait(timeout=30), 1)
            self.assertIn(port, second.process.stderr.read())
            second.close()

    def test_a_server_that_is_not_there_is_named(self):
        with self.assertRaisesRegex(RewardError, "127.0.0.1:9"):
            Client("http://127.0.0.1:9").health()


if __name__ == "__main__":
    unittest.main()
