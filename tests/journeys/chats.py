"""Twenty customers who chat while something happens to the desk, and what became of their words."""

from __future__ import annotations

import contextlib
import itertools
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bench.load import TALK
from bench.ours import ACCOUNTS, Visitor
from bot import settings
from tests.journeys.running_desk import RunningDesk

CHATS = 20
# Customers read and type; twenty who never pause would be two hundred.
PAUSE_SECONDS = 4.0
WAIT_SECONDS = 120


class Chats:
    """Customers who ask one question after the other, each in a thread, until the block ends."""

    def __init__(self, desk: RunningDesk) -> None:
        port = int(desk.url.rsplit(":", 1)[1])
        self.visitors = [Visitor(port, ACCOUNTS[n % len(ACCOUNTS)]) for n in range(CHATS)]
        self.unanswered: list[str] = []
        self.answered_twice: list[str] = []
        self._desk = desk
        self._turns = 0
        self._over = threading.Event()
        self._pool = ThreadPoolExecutor(CHATS)

    def __enter__(self) -> Chats:
        self._running = [self._pool.submit(self._chat, n) for n in range(CHATS)]
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for one in self._running:
            one.result(WAIT_SECONDS)
        self._pool.shutdown()
        for visitor in self.visitors:
            self._read(visitor)
            visitor.close()

    def let_some_turns_pass(self) -> None:
        enough = self._turns + 2 * CHATS
        until(lambda: self._turns >= enough)

    def models_that_understood(self) -> set[str]:
        url = settings.from_environment(self._desk.environment).database_url
        with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            return {model for (model,) in connection.execute("SELECT model FROM understandings")}

    def _chat(self, number: int) -> None:
        for text in itertools.islice(itertools.cycle(TALK), number % len(TALK), None):
            if self._over.wait(PAUSE_SECONDS):
                return
            if not self.visitors[number].say(text):
                self.unanswered.append(text)
            self._turns += 1

    def _read(self, visitor: Visitor) -> None:
        """Hold the whole conversation: after every question stand answers, and none twice."""
        said: list[str] = []
        asked = ""
        for message in [*visitor.messages()[1:], {"from": "customer", "text": ""}]:
            if message["from"] != "customer":
                said.append(message["text"])
                continue
            if asked and not said:
                self.unanswered.append(asked)
            if len(said) != len(set(said)):
                self.answered_twice.append(asked)
            asked, said = message["text"], []


def until(question: Any) -> None:
    """Wait for the answer yes."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not question():
        assert time.monotonic() < deadline
        time.sleep(0.1)
