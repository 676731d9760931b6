"""A line to a server that a test can spoil: a real HTTP proxy that cuts, delays and lies."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

SLOW_SECONDS = 0.4  # longer than the patience of the clients that are tested on this line


class Fault(str, Enum):
    """What becomes of one request and its answer."""

    CUT_BEFORE = "the request never arrives"
    CUT_AFTER = "it is carried out, and the answer is lost"
    HALF = "it is carried out, and half an answer comes"
    SLOW = "it is carried out, and the answer comes too late"
    LOST_SLOWLY = "it never arrives, and no answer comes"
    GARBAGE = "it is carried out, and the answer is garbage"
    ERROR_PAGE = "it never arrives, and somebody between says 502"
    BUSY = "it is turned away with 429"


HAPPENS = {Fault.CUT_AFTER, Fault.HALF, Fault.SLOW, Fault.GARBAGE}


@dataclass
class FaultyLine:
    """`spoil` says what happens to the changing requests from the nth on; reads always pass."""

    server: str
    url: str = ""
    changes: int = 0
    _faults: dict[int, Fault] = field(default_factory=dict)
    _cut_whole: bool = False
    _cuts_after_a_change: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def spoil(self, fault: Fault, *, at: int, times: int = 1) -> None:
        """Spoil that many changing requests, from the one `at` (the next is 0)."""
        with self._lock:
            for number in range(self.changes + at, self.changes + at + times):
                self._faults[number] = fault

    def cut(self) -> None:
        """Let nothing through, reads neither."""
        self._cut_whole = True

    def cut_after_a_change(self) -> None:
        """Let one changing request and its answer through, and nothing after it."""
        self._cuts_after_a_change = True

    def mend(self) -> None:
        with self._lock:
            self._faults.clear()
            self._cut_whole = self._cuts_after_a_change = False

    def next_fault(self, method: str) -> Fault | None:
        with self._lock:
            if self._cut_whole:
                return Fault.CUT_BEFORE
            if method == "GET":
                return None
            self.changes += 1
            self._cut_whole = self._cuts_after_a_change
            return self._faults.get(self.changes - 1)


@contextmanager
def faulty_line(server: str) -> Iterator[FaultyLine]:
    line = FaultyLine(server)

    class Handler(_Handler):
        the_line = line

    proxy = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    proxy.daemon_threads = True
    line.url = f"http://127.0.0.1:{proxy.server_address[1]}"
    thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield line
    finally:
        proxy.shutdown()
        proxy.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    the_line: FaultyLine

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = self.the_line.next_fault(self.command)
        self.close_connection = True
        if fault is Fault.CUT_BEFORE:
            return
        if fault is Fault.LOST_SLOWLY:
            time.sleep(SLOW_SECONDS)
            return
        if fault is Fault.ERROR_PAGE:
            self._answer(502, b"<html>Bad Gateway</html>", {})
            return
        if fault is Fault.BUSY:
            self._answer(429, b'{"error": {"code": "rate_limit"}}', {"Retry-After": "0"})
            return
        status, answer, headers = self._forward(body)
        if fault is Fault.CUT_AFTER:
            return
        if fault is Fault.SLOW:
            time.sleep(SLOW_SECONDS)
        if fault is Fault.GARBAGE:
            status, answer = 200, b"<html>Welcome to the wireless network</html>"
        self._answer(status, answer, headers, half=fault is Fault.HALF)

    do_GET = do_POST = do_DELETE = handle_any

    def _forward(self, body: bytes) -> tuple[int, bytes, dict[str, str]]:
        to = urlsplit(self.the_line.server)
        connection = http.client.HTTPConnection(to.hostname or "", to.port or 80, timeout=10)
        try:
            headers = {k: v for k, v in self.headers.items() if k.lower() != "host"}
            connection.request(self.command, self.path, body, headers)
            response = connection.getresponse()
            kept = ("Content-Type", "Idempotent-Replayed")
            told = {k: v for k, v in response.getheaders() if k in kept}
            return response.status, response.read(), told
        finally:
            connection.close()

    def _answer(
        self, status: int, body: bytes, headers: dict[str, str], *, half: bool = False
    ) -> None:
        try:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if half else body)
        except ConnectionError:
            return  # the client had no patience, which is what was to be tried

    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet."""
