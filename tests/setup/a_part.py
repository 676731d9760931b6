"""A small stand-in for a part of the desk: answers on a port, as told by its arguments."""

from __future__ import annotations

import http.server
import signal
import subprocess
import sys
import time


class Healthy(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main() -> None:
    port, *habits = sys.argv[1:]
    sys.stdout.write(f"listening on {port}\n")
    sys.stdout.flush()
    if "breaks" in habits:
        sys.exit("there is no model here")
    if "stubborn" in habits:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if "has-helper" in habits:
        subprocess.Popen([sys.executable, "-c", f"import time; {port}; time.sleep(600)"])
    if "slow" in habits:
        time.sleep(1)
    http.server.HTTPServer(("127.0.0.1", int(port)), Healthy).serve_forever()


if __name__ == "__main__":
    main()
