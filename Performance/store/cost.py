"""What keeping a run costs: CPU seconds of the same training with the store and without one.

python3 Performance/store/cost.py MDM [STEPS] [ROUNDS]; each round runs both, in turn the one or the other
first; medians over rounds are printed, and the quartiles of the ratio within a round.
"""

import os
import statistics
import sys
import tempfile

MDM = sys.argv[1]
STEPS = int(sys.argv[2]) if len(sys.argv) > 2 else 150
ROUNDS = int(sys.argv[3]) if len(sys.argv) > 3 else 9
SCRIPT = f'train(policy("mini"), uniform(load("mini")), steps: {STEPS}, evaluate: 0, fresh: true)'


def cpu(runs):
    """CPU seconds of one training that keeps its run in a folder, which may not exist."""
    process = os.fork()
    if process == 0:
        os.environ["MDM_RUNS"] = runs
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        os.execv(MDM, [MDM, "-e", SCRIPT])
    _, status, usage = os.wait4(process, 0)
    assert status == 0, status
    return usage.ru_utime + usage.ru_stime


def size(folder):
    return sum(
        os.path.getsize(os.path.join(place, name)) for place, _, names in os.walk(folder) for name in names)


kept, bare = [], []
bytes_of_a_run = 0
for round_number in range(ROUNDS):
    for is_kept in (False, True) if round_number % 2 == 0 else (True, False):
        if not is_kept:
            bare.append(cpu("/dev/null/nowhere"))
            continue
        with tempfile.TemporaryDirectory() as folder:
            kept.append(cpu(folder))
            bytes_of_a_run = size(folder)
more = statistics.median(a - b for a, b in zip(kept, bare))
low, middle, high = statistics.quantiles([100 * (a / b - 1) for a, b in zip(kept, bare)], n=4)
print(f"{STEPS} steps of 64 completions, medians of {ROUNDS} rounds, CPU seconds")
print(f"without a store {statistics.median(bare):.2f}, {1e3 * statistics.median(bare) / STEPS:.1f} ms a step")
print(
    f"with it         {statistics.median(kept):.2f}, {1e3 * more / STEPS:.2f} ms a step more, "
    f"{middle:.1f} % (quartiles {low:.1f} and {high:.1f})")
print(f"bytes of the run {bytes_of_a_run / 1e6:.1f} MB")
