#!/usr/bin/env python3
"""Runs the programs of this folder under mdm, Lua, LuaJIT's interpreter and CPython, interleaved.

Usage: compare.py MDM RUNS [NAME...]. Prints medians of user + system CPU seconds, ratios to Lua and CPython with their
geometric means, and peak memory. Every run's output has to equal mdm's, or the comparison stops.
"""
import math
import os
import shutil
import statistics
import subprocess
import sys

here = os.path.dirname(os.path.abspath(__file__))


def measure(command):
    """CPU seconds, peak KiB (0 without GNU time) and output of one run."""
    # A small program in between: the peak of a process counts what it was before it called exec.
    timed = ["/usr/bin/time", "-f", "%M"] if os.path.exists("/usr/bin/time") else []
    process = subprocess.Popen(timed + command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=here)
    out = process.stdout.read()
    error = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{' '.join(command)} ended with {status}: {error}")
    return usage.ru_utime + usage.ru_stime, int(error.split()[-1]) if timed else 0, out.strip()


def python():
    """Debian's own Python where it is there: builds differ by a third."""
    return "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else sys.executable


def main():
    mdm, runs, names = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    engines = {
        "mdm": ([mdm], "mdm"), "lua": (["lua5.4"], "lua"), "luajit -joff": (["luajit", "-joff"], "lua"),
        "python": ([python()], "py"),
    }
    for name in [name for name, (command, _) in engines.items() if not shutil.which(command[0])]:
        print(f"{name} skipped: it is not installed (Debian packages lua5.4, luajit, python3)")
        del engines[name]
    programs = names or sorted(file[:-4] for file in os.listdir(here) if file.endswith(".mdm"))
    programs = [p for p in programs if all(os.path.exists(f"{here}/{p}.{e}") for _, e in engines.values())]
    print(f"{'program':14}" + "".join(f"{name + ' s':>15}" for name in engines)
          + f"{'x lua':>8}{'x python':>9}{'MiB':>7}{'lua':>7}{'python':>7}")
    ratios = {"lua": [], "luajit -joff": [], "python": []}
    for program in programs:
        seconds = {name: [] for name in engines}
        memory = {}
        for _ in range(runs):
            expected = None
            for name, (command, ending) in engines.items():
                time, memory[name], out = measure(command + [f"{program}.{ending}"])
                seconds[name].append(time)
                expected = out if expected is None else expected
                if out != expected:
                    sys.exit(f"{program}: {name} prints {out!r}, mdm {expected!r}")
        medians = {name: statistics.median(times) for name, times in seconds.items()}
        for name in ratios:
            if name in medians:
                ratios[name].append(medians["mdm"] / medians[name])
        row = f"{program:14}" + "".join(f"{medians[name]:15.3f}" for name in engines)
        row += "".join(f"{medians['mdm'] / medians[n]:{w}.2f}" if n in medians else " " * w
                       for n, w in (("lua", 8), ("python", 9)))
        row += "".join(f"{memory[n] / 1024:7.1f}" if n in memory else " " * 7 for n in ("mdm", "lua", "python"))
        print(row, flush=True)
    for name, values in ratios.items():
        if values:
            mean = math.exp(sum(map(math.log, values)) / len(values))
            print(f"geometric mean of mdm's time over {name}'s: {mean:.2f}, largest {max(values):.2f}")


main()
