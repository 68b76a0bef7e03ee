"""How long it takes from starting mdm on a terminal to its prompt, and how much processor time that is.

Usage: prompt.py EXECUTABLE [RUNS]; medians, in milliseconds, with a new home and with a history of 5,000 inputs.
"""

import json
import os
import pty
import resource
import select
import statistics
import sys
import tempfile
import time

executable = os.path.abspath(sys.argv[1])
runs = int(sys.argv[2]) if len(sys.argv) > 2 else 31


def start(home):
    """Wall and processor milliseconds until the prompt stands."""
    environment = {"HOME": home, "TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": os.environ["PATH"]}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    child, terminal = pty.fork()
    if child == 0:
        os.execve(executable, [executable], environment)
    shown = b""
    while b"mdm>" not in shown:
        ready, _, _ = select.select([terminal], [], [], 10)
        if not ready:
            sys.exit("no prompt within 10 s")
        shown += os.read(terminal, 4096)
    wall = time.perf_counter() - began
    os.write(terminal, b"\x04")
    try:
        while os.read(terminal, 4096):
            pass
    except OSError:
        pass
    os.close(terminal)
    os.waitpid(child, 0)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall * 1000, used * 1000


for name, inputs in [("new home", 0), ("history of 5,000 inputs", 5000)]:
    with tempfile.TemporaryDirectory() as home:
        folder = os.path.join(home, ".local/state/mdm")
        os.makedirs(folder)
        if inputs:
            with open(os.path.join(folder, "history.jsonl"), "w") as file:
                for number in range(inputs):
                    entry = {"session": 1, "number": number, "time": 0, "source": "repl", "input": f"let x{number} = [1, 2, {number}]"}
                    file.write(json.dumps(entry) + "\n")
        samples = [start(home) for _ in range(runs)]
        wall = statistics.median(sample[0] for sample in samples)
        used = statistics.median(sample[1] for sample in samples)
        print(f"{name}: prompt after {wall:.1f} ms, {used:.1f} ms of the processor until it has left ({runs} starts)")
