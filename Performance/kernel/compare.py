"""Times a Jupyter kernel beside ipykernel, in turns in one run: ready, execute, complete with 10,000 names.

Called by scripts/bench kernel with the name of the kernelspec; JUPYTER_PATH says where it is.
"""

import statistics
import sys
import time

from jupyter_client.manager import start_new_kernel

ROUNDS = 5
CELLS = 200
COMPLETIONS = 15
NAMES = 10_000

MANY = {
    "mdm": "\n".join(f"let name_{i} = {i}" for i in range(NAMES)),
    "python3": "\n".join(f"name_{i} = {i}" for i in range(NAMES)),
}


def median(values):
    return statistics.median(values) * 1000


def measure(kernel, found):
    began = time.perf_counter()
    manager, client = start_new_kernel(kernel_name=kernel)
    found["ready"].append(time.perf_counter() - began)
    try:
        for index in range(CELLS):
            began = time.perf_counter()
            sent = client.execute(f"{index} + 1")
            reply = client.get_shell_msg(timeout=30)
            while reply["parent_header"].get("msg_id") != sent:
                reply = client.get_shell_msg(timeout=30)
            while True:
                message = client.get_iopub_msg(timeout=30)
                if message["parent_header"].get("msg_id") == sent and (
                    message["content"].get("execution_state") == "idle"
                ):
                    break
            found["execute"].append(time.perf_counter() - began)
            assert reply["content"]["status"] == "ok"
        client.execute_interactive(MANY[kernel], timeout=60, store_history=False)
        for _ in range(COMPLETIONS):
            began = time.perf_counter()
            sent = client.complete("name_99")
            reply = client.get_shell_msg(timeout=60)
            while reply["parent_header"].get("msg_id") != sent:
                reply = client.get_shell_msg(timeout=60)
            found["complete"].append(time.perf_counter() - began)
        assert len(reply["content"]["matches"]) >= 100, reply["content"]
        began = time.perf_counter()
        sent = client.complete("name_")
        while client.get_shell_msg(timeout=60)["parent_header"].get("msg_id") != sent:
            pass
        found["all"].append(time.perf_counter() - began)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def main():
    kernels = ["mdm", "python3"]
    results = {kernel: {"ready": [], "execute": [], "complete": [], "all": []} for kernel in kernels}
    for _ in range(ROUNDS):
        for kernel in kernels:
            measure(kernel, results[kernel])
    labels = {
        "ready": "ready, from start_new_kernel",
        "execute": "execute round trip, to idle",
        "complete": f"complete, {NAMES} names bound, 100 fit",
        "all": f"complete, all {NAMES} fit",
    }
    print("medians in ms            mdm   ipykernel  ratio")
    for key, label in labels.items():
        own, other = median(results["mdm"][key]), median(results["python3"][key])
        print(f"{label:40} {own:9.2f} {other:9.2f} {own / other:6.2f}")


if __name__ == "__main__":
    sys.exit(main())
