"""How long `mdm lsp` takes to answer while a file of 1,000 lines is edited; argument: the executable.

Each figure is one change followed by one request, the diagnostics that the change causes included; median wall time
of 50, and the mean CPU time of the server.
"""

import json
import os
import statistics
import subprocess
import sys
import time

PART = """## Doc of f{i}.
fn f{i}(a, b: Int = {i}) {{
  let x = a + b
  let rows = [x, x * 2, {{lr: 1e-4, name: "n{i}"}}]
  for row in rows {{ print(f"row {{row}} {{x:.3f}}") }}
  match x {{
    0 -> none,
    n if n > 3 -> n,
    _ -> x |> str()
  }}
}}
let v{i} = f{i}(1, b: 2)
print(v{i}, len([1, 2, 3]))
"""
TEXT = "".join(PART.format(i=i) for i in range(77))
URI = "file:///bench/main.mdm"


class Client:
    def __init__(self, executable):
        self.process = subprocess.Popen(
            [executable, "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.count = 0
        self.version = 1

    def send(self, **message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def read(self):
        length = 0
        while (line := self.process.stdout.readline()).strip():
            length = int(line.split(b":")[1])
        return json.loads(self.process.stdout.read(length))

    def request(self, method, params):
        self.count += 1
        self.send(id=self.count, method=method, params=params)
        while (answer := self.read()).get("id") != self.count:
            pass
        return answer["result"]

    def edit(self, line, text, length=0):
        self.version += 1
        start = {"line": line, "character": 0}
        end = {"line": line, "character": length}
        change = {"range": {"start": start, "end": end}, "text": text}
        document = {"uri": URI, "version": self.version}
        self.send(
            method="textDocument/didChange",
            params={"textDocument": document, "contentChanges": [change]},
        )

    def at(self, method, line, character):
        position = {"line": line, "character": character}
        return self.request(
            f"textDocument/{method}", {"textDocument": {"uri": URI}, "position": position}
        )

    def cpu(self):
        with open(f"/proc/{self.process.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(client, name, action, turns=50):
    times = []
    before = client.cpu()
    for _ in range(turns):
        start = time.perf_counter()
        action()
        times.append((time.perf_counter() - start) * 1000)
    cpu = (client.cpu() - before) / turns * 1000
    print(f"{name}: {statistics.median(times):.1f} ms, {cpu:.1f} ms CPU")


def main():
    client = Client(sys.argv[1])
    client.request("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
    client.send(method="initialized", params={})
    document = {"uri": URI, "languageId": "mdm", "version": 1, "text": TEXT}
    client.send(method="textDocument/didOpen", params={"textDocument": document})
    print(f"{TEXT.count(chr(10))} lines, {len(TEXT) // 1000} kB")

    def edited(method, line, character):
        def action():
            client.edit(500, " ")
            client.at(method, line, character)

        return action

    measure(client, "change, hover", edited("hover", 11, 10))
    measure(client, "change, completion", edited("completion", 900, 8))
    client.edit(600, "print(\n")
    measure(client, "change, completion in a text that cannot be parsed", edited("completion", 600, 6))
    measure(client, "change, signature in a text that cannot be parsed", edited("signatureHelp", 600, 6))
    client.request("shutdown", None)
    client.send(method="exit")
    client.process.wait(timeout=10)


main()
