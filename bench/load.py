"""The same talk on both sides: conversations side by side, each waiting for its answer."""

from __future__ import annotations

import http.client
import itertools
import json
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bench.measure import Latencies

# Questions that change nothing, so that a conversation can go on for any number of turns.
TALK = (
    "hello there",
    "which plan am I on?",
    "when is my next payment due?",
    "what happens to my data if I leave?",
    "are you a real person?",
    "can I get my money back?",
    "thanks a lot",
)
# As long as customers' conversations are; remembering a longer one costs both sides more.
TURNS_EACH = 8
REQUEST_SECONDS = 60.0

# Says one text in the conversation of this index and returns how many answers came back.
Say = Callable[[str], int]


def talk(conversations: Sequence[Say], *, turns: int) -> Latencies:
    """Let all conversations have `turns` turns each, at the same time, each on its own thread."""
    together = threading.Barrier(len(conversations) + 1)

    def one(number: int) -> list[tuple[float, int]]:
        together.wait()
        return [_turn(conversations[number], number + turn) for turn in range(turns)]

    with ThreadPoolExecutor(len(conversations)) as pool:
        waiting = [pool.submit(one, number) for number in range(len(conversations))]
        together.wait()
        started = time.monotonic()
        turned = [turn for future in waiting for turn in future.result()]
        elapsed = time.monotonic() - started
    return Latencies(
        turns=tuple(seconds for seconds, _ in turned),
        elapsed=elapsed,
        unanswered=sum(1 for _, answers in turned if not answers),
    )


def one_after_another(conversations: Sequence[Say]) -> Say:
    """Return a conversation that goes on in the next of `conversations` every few turns."""
    count = itertools.count()
    return lambda text: conversations[next(count) // TURNS_EACH](text)


def _turn(say: Say, number: int) -> tuple[float, int]:
    started = time.monotonic()
    answers = say(TALK[number % len(TALK)])
    return time.monotonic() - started, answers


class Caller:
    """A kept-alive connection to one loopback port, speaking JSON."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=REQUEST_SECONDS)

    def close(self) -> None:
        """Let the connection go; the next call opens another."""
        self._connection.close()

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        content = None if body is None else json.dumps(body)
        self._connection.request(
            method, path, content, {"Content-Type": "application/json", **headers}
        )
        response = self._connection.getresponse()
        read = response.read()
        try:
            return response.status, json.loads(read or b"null")
        except ValueError:
            return response.status, None

    def answers(self, path: str) -> bool:
        """Return whether this path gives 200 now; nobody listening yet is a no."""
        try:
            return self.call("GET", path)[0] == http.client.OK
        except (OSError, http.client.HTTPException):
            self._connection.close()
            return False
