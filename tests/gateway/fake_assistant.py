"""An assistant's HTTP side that a test can script: what it says, and how long it takes."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Understand = Callable[[dict[str, Any]], dict[str, Any]]
Say = Callable[[dict[str, Any]], list[dict[str, Any]]]


def echo(asked: dict[str, Any]) -> list[dict[str, Any]]:
    """Repeat what was understood, with one button whose meaning only the server knows."""
    heard = asked["text"] if asked["intent"] is None else f"/{asked['intent']}"
    button = {"title": "Tell me more", "payload": '/ask_other_options{"about": "this"}'}
    return [{"text": f"heard: {heard}", "buttons": [button], "custom": None}]


def nothing_much(asked: dict[str, Any]) -> dict[str, Any]:
    return {"intent": "x", "confidence": 1.0, "ranking": [], "entities": []}


class FakeAssistant:
    """Listens on a free loopback port.

    `turns` are the questions it was asked, in order; `most_at_once` how many it was working on
    side by side.
    """

    def __init__(self, port: int = 0) -> None:
        self.turns: list[dict[str, Any]] = []
        self.says: Say = echo
        self.understands: Understand = nothing_much
        self.pause_seconds = 0.0
        self.refuses = False
        self.most_at_once = 0
        self._at_once = 0
        self._counting = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1

            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
                fake.turns.append(asked)
                with fake._counting:
                    fake._at_once += 1
                    fake.most_at_once = max(fake.most_at_once, fake._at_once)
                time.sleep(fake.pause_seconds)
                with fake._counting:
                    fake._at_once -= 1
                if fake.refuses:
                    self._send(503, {})
                    return
                answer = {"messages": fake.says(asked), "understood": fake.understands(asked)}
                self._send(200, answer)

            def do_GET(self) -> None:
                self._send(200, {"ready": True})

            def _send(self, status: int, body: dict[str, Any]) -> None:
                raw = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_: object) -> None:
                """Stay quiet."""

        return Handler
