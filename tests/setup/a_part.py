"""A small stand-in for a part of the desk: answers on a port, as told by its arguments."""

from __future__ import annotations

import http.server
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import ClassVar


class Healthy(http.server.BaseHTTPRequestHandler):
    body: ClassVar[dict[str, str]] = {}

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(self.body).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main() -> None:
    port, *habits = sys.argv[1:]
    sys.stdout.write(f"listening on {port}\n")
    sys.stdout.flush()
    for habit in habits:
        name, _equals, value = habit.partition("=")
        if name in HABITS:
            HABITS[name](value or port)
    http.server.HTTPServer(("127.0.0.1", int(port)), Healthy).serve_forever()


def _serves(model: str) -> None:
    Healthy.body = {"model": model}


HABITS: dict[str, Callable[[str], object]] = {
    "breaks": lambda _: sys.exit("there is no model here"),
    "stubborn": lambda _: signal.signal(signal.SIGTERM, signal.SIG_IGN),
    "has-helper": lambda port: subprocess.Popen(
        [sys.executable, "-c", f"import time; {port}; time.sleep(600)"]
    ),
    "slow": lambda _: time.sleep(1),
    "never": lambda _: time.sleep(600),
    "dies": lambda _: threading.Timer(0.5, os._exit, [1]).start(),
    "serves": _serves,
}

if __name__ == "__main__":
    main()
