"""What running a notebook of 100 cells costs beyond its code; arguments: the executable, the number of runs.

Each cell defines a name, prints it and ends in a value. The same code as a script is what `mdm run` takes for it. Beside it nbclient, where
this Python has it, with ipykernel and with mdm's own kernel: one fresh kernel a run, as nbconvert does it. Interleaved; medians.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

CELLS = 100


def children():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def timed(action):
    wall, cpu, own = time.perf_counter(), children(), time.process_time()
    action()
    return (
        (time.perf_counter() - wall) * 1000,
        (children() - cpu + time.process_time() - own) * 1000,
    )


def command(*words):
    def action():
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)

    return action


def client(path, kernel, declaration):
    """Runs the cells in a fresh kernel through nbclient."""
    import nbclient
    import nbformat

    def action():
        notebook = nbformat.v4.new_notebook(
            cells=[
                nbformat.v4.new_code_cell(f"{declaration}x{i} = {i}\nprint(x{i})\nx{i} * 2")
                for i in range(CELLS)
            ]
        )
        nbclient.NotebookClient(notebook, kernel_name=kernel, timeout=60).execute()
        nbformat.write(notebook, path)
        # A stream may come in pieces.
        for cell in notebook["cells"]:
            assert {o["output_type"] for o in cell["outputs"]} == {"stream", "execute_result"}, cell

    return action


def contestants(executable, folder):
    cells = [f"let x{i} = {i}\nprint(x{i})\nx{i} * 2" for i in range(CELLS)]
    script = os.path.join(folder, "script.mdm")
    with open(script, "w") as file:
        file.write("\n".join(f"let x{i} = {i}\nprint(x{i})\nprint(x{i} * 2)" for i in range(CELLS)))
    source = os.path.join(folder, "notebook.mdm")
    with open(source, "w") as file:
        file.write("\n".join(f"# %% cell {i}\n{cell}\n" for i, cell in enumerate(cells)))
    target = os.path.join(folder, "out.ipynb")
    plots = os.path.join(folder, "plots.mdm")
    with open(plots, "w") as file:
        file.write("\n".join(f"# %%\nplot([{i}, 4, 9])\n" for i in range(10)))
    yield "mdm run, the same code", command(executable, "run", script)
    yield f"mdm nb run, {CELLS} cells", command(executable, "nb", "run", source, "-o", target)
    yield "mdm nb run, 10 plots", command(executable, "nb", "run", plots, "-o", target)
    yield "mdm nb convert to .mdm", command(
        executable, "nb", "convert", target, os.path.join(folder, "back.mdm")
    )
    try:
        import ipykernel  # noqa: F401
        import nbclient  # noqa: F401
    except ImportError:
        print("nbclient skipped: set KERNEL_PYTHON to a Python with nbclient and ipykernel")
        return
    yield "nbclient, ipykernel", client(os.path.join(folder, "python.ipynb"), "python3", "")
    prefix = os.path.join(folder, "prefix")
    installed = subprocess.run(
        [executable, "kernel", "install", "--prefix", prefix], capture_output=True, text=True
    )
    if installed.returncode != 0:
        print("nbclient with mdm's kernel skipped:", installed.stderr.strip().split("\n")[0])
        return
    os.environ["JUPYTER_PATH"] = os.path.join(prefix, "share", "jupyter")
    yield "nbclient, mdm's kernel", client(os.path.join(folder, "kernel.ipynb"), "mdm", "let ")


def main():
    executable = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        actions = list(contestants(executable, folder))
        figures = {name: [] for name, _ in actions}
        for _ in range(int(sys.argv[2])):
            for name, action in actions:
                figures[name].append(timed(action))
        with open(os.path.join(folder, "out.ipynb")) as file:
            types = json.load(file)["cells"][0]["outputs"][0]["data"]
        assert "image/png" in types and "application/vnd.mdm.plot+json" in types
        medians = {}
        for name, times in figures.items():
            medians[name] = [statistics.median(column) for column in zip(*times)]
            print(f"{name}: {medians[name][0]:.0f} ms, {medians[name][1]:.0f} ms CPU")
        wall = medians[f"mdm nb run, {CELLS} cells"][0] - medians["mdm run, the same code"][0]
        print(f"overhead of {CELLS} cells: {wall:.0f} ms")


main()
