"""TensorBoard's own reader gives what the store has, also of a run that was killed and went on."""

import os
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

MDM = sys.argv[1]
SCRIPT = """
train(policy({hidden: 32, layers: 1}), uniform(load("mini")), steps: 300, evaluate: 0, checkpoint: 5,
  algorithm: grpo(prompts: 2, group: 2))
"""


def steps(folder):
    """The steps of the only run that the store has."""
    try:
        with sqlite3.connect(f"{folder}/runs.sqlite", timeout=10) as db:
            return (db.execute("SELECT max(step) FROM run").fetchone() or [0])[0] or 0
    except sqlite3.Error:
        return 0


def main():
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "MDM_RUNS": folder}
        kills = 0
        for goal in (40, 120):
            process = subprocess.Popen([MDM, "-e", SCRIPT], env=environment, stderr=subprocess.DEVNULL)
            while process.poll() is None and steps(folder) < goal:
                time.sleep(0.002)
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                kills += 1
            process.wait()
        subprocess.run([MDM, "-e", SCRIPT], env=environment, check=True, stderr=subprocess.DEVNULL)
        with sqlite3.connect(f"{folder}/runs.sqlite") as db:
            runs = db.execute("SELECT id, status FROM run").fetchall()
            assert len(runs) == 1 and runs[0][1] == "complete", runs
            stored = {}
            for name, step, value in db.execute(
                "SELECT name, step, value FROM metric JOIN series ON series.number = metric.series "
                "WHERE value IS NOT NULL AND abs(value) < 1e30 ORDER BY step"
            ):
                stored.setdefault(name, {})[step] = struct.unpack("f", struct.pack("f", value))[0]
        events = EventAccumulator(f"{folder}/{runs[0][0]}", size_guidance={"scalars": 0})
        events.Reload()
        tags = set(events.Tags()["scalars"])
        assert tags == set(stored), tags ^ set(stored)
        for tag in tags:
            read = {event.step: event.value for event in events.Scalars(tag)}
            assert read == stored[tag], tag
        count = sum(map(len, stored.values()))
        print(f"TensorBoard reads {count} values of {len(tags)} metrics, over {kills} kills, as stored")


main()
