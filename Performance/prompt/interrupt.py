"""How long it takes from Ctrl-C to the next prompt while something runs.

Usage: interrupt.py EXECUTABLE [TIMES]; median and longest, in milliseconds. A training step of the base takes about 40.
"""

import os
import pty
import select
import statistics
import sys
import tempfile
import time

executable = os.path.abspath(sys.argv[1])
times = int(sys.argv[2]) if len(sys.argv) > 2 else 7

CASES = {
    "a loop": "while true { }",
    "sleep": "sleep(1h)",
    "train": 'train(base, uniform(load("mini")), steps: 100000, evaluate: 0)',
    "evaluate": 'evaluate(base, load("mini"), limit: 900, samples: 4)',
    "a sort": "sort_by(0..3000000, fn(x) -x)",
    "a sum of many": "sum(0..2000000000 |> map(fn(x) x * 2))",
    "waiting for a job": 'spawn(fn() sleep(1h)).wait()',
    ":bench": ":bench sum(0..100000)",
    ":!": ":!sleep 100",
}


class Prompt:
    def __init__(self, home):
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            environment = {"HOME": home, "TERM": "xterm-256color", "LANG": "C.UTF-8", "NO_COLOR": "1", "PATH": os.environ["PATH"]}
            os.execve(executable, [executable, "--no-init"], environment)
        self.wait()

    def wait(self):
        """Reads until the prompt stands; whether it does within a minute."""
        shown = b""
        while not shown.endswith(b"mdm> "):
            if not select.select([self.terminal], [], [], 60)[0]:
                sys.exit(f"no prompt within 60 s after {shown[-200:]!r}")
            shown += os.read(self.terminal, 65536)

    def type(self, keys):
        os.write(self.terminal, keys)

    def drain(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if select.select([self.terminal], [], [], 0.01)[0]:
                os.read(self.terminal, 65536)


with tempfile.TemporaryDirectory() as home:
    prompt = Prompt(home)
    prompt.type(b'let base = policy("mini")\r')
    prompt.wait()
    for name, code in CASES.items():
        taken = []
        for turn in range(times):
            prompt.type(code.encode() + b"\r")
            prompt.drain(0.3 + 0.037 * turn)
            began = time.perf_counter()
            prompt.type(b"\x03")
            prompt.wait()
            taken.append(1000 * (time.perf_counter() - began))
        print(f"{name}: {statistics.median(taken):.0f} ms, at most {max(taken):.0f} ms")
