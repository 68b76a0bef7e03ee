"""An `mdm serve` of one's own on loopback, for tests."""

import os
import pathlib
import re
import signal
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
MDM = os.environ.get("MDM", str(ROOT / ".build/release/mdm"))

SCRIPT = '''
reward fn length_fits(completion, example) -> 0..1 {
  if len(completion.answer) == example.answer { 1 } else { 0 }
}
reward fn careless(completion, example) -> 0..1 { len(completion.text) }
reward fn counts(completion, example) -> 0..1 {
  var n = 0
  while n < example.turns { n = n + 1 }
  1
}
reward fn grows(completion, example) -> 0..1 {
  var text = "abcd"
  for i in 0..example.doublings { text = text + text }
  if len(text) > 0 { 1 } else { 0 }
}
reward fn sleepy(completion, example) -> 0..1 {
  sleep(20s)
  1
}
reward fn endless(completion, example) -> 0..1 {
  while true { }
  0
}
'''


class Server:
    """Started on a free port; ends with SIGTERM."""

    def __init__(self, *arguments, script=SCRIPT, env=None):
        self.folder = tempfile.TemporaryDirectory()
        path = pathlib.Path(self.folder.name, "rewards.mdm")
        path.write_text(script)
        self.process = subprocess.Popen(
            [MDM, "serve", str(path), "--port", "0", *arguments], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, env={**os.environ, **(env or {})})
        self.url = None
        for line in self.process.stdout:
            found = re.match(r"listening on (http://\S+)", line)
            if found:
                self.url = found[1]
                break

    def __enter__(self):
        if self.url is None:
            raise RuntimeError(self.process.stderr.read())
        return self

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=30)
        self.close()
        return status

    def close(self):
        self.process.stdout.close()
        self.process.stderr.close()
        self.folder.cleanup()

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.close()
