"""A model is published while people chat: nobody is dropped or answered twice, and it comes back.

The model is the same under other names: what is held here is the way from one process to another.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from bench.load import TALK
from bench.ours import ACCOUNTS, Visitor
from bot import settings
from bot.bootstrap_publishing import Publishing, publishing
from bot.errors import NotPublished
from bot.integrations.clock import SystemClock
from bot.model_files import content_hash, program_hash
from bot.publishing.history import Kind, Line, live
from bot.settings import ROOT
from bot.supervisor.going_live import go_live
from bot.supervisor.probe import ask
from tests.journeys.running_desk import RunningDesk, running_desk

pytestmark = [pytest.mark.stack, pytest.mark.slow]

CHATS = 20
WAIT_SECONDS = 120


@pytest.fixture(scope="module")
def own_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    with running_desk(tmp_path_factory.mktemp("publishing")) as desk:
        yield desk


@pytest.fixture
def shared(own_desk: RunningDesk) -> Publishing:
    return publishing(settings.with_secrets(settings.from_environment(own_desk.environment)))


def test_a_version_goes_live_while_twenty_chat(own_desk: RunningDesk, shared: Publishing) -> None:
    first = live(shared.versions.history())
    assert (first.version, first.kind) == (1, Kind.STARTED)
    with Chats(own_desk) as chats:
        chats.let_some_turns_pass()
        go_live(candidate(shared, "b" * 16), shared, quiet)
        assert model_that_answers(own_desk) == "b" * 16
        until(lambda: len(assistants(own_desk)) == 1)
        chats.let_some_turns_pass()
    assert chats.unanswered == []
    assert chats.answered_twice == []
    models = chats.models_that_understood()
    assert models == {first.model.removesuffix(".tar.gz"), "b" * 16}
    assert live(shared.versions.history()).version == 2


def test_an_assistant_that_dies_while_it_warms_up_changes_nothing(
    own_desk: RunningDesk, shared: Publishing
) -> None:
    before = shared.versions.history()
    with ThreadPoolExecutor(1) as pool:
        going = pool.submit(go_live, candidate(shared, "c" * 16), shared, quiet)
        until(lambda: "assistant, next" in own_desk.pids())
        os.kill(own_desk.pids()["assistant, next"], signal.SIGKILL)
        with pytest.raises(NotPublished, match="The live version stays"):
            going.result(WAIT_SECONDS)
    assert shared.versions.history() == before
    assert "assistant, next" not in own_desk.pids()
    assert model_that_answers(own_desk) == live(before).model.removesuffix(".tar.gz")


def test_one_command_returns_to_the_version_before(
    own_desk: RunningDesk, shared: Publishing
) -> None:
    back_to = shared.versions.history()[0]
    own_desk.command("studio", "rollback", "--by", "Kim Lee", "--reason", "it missed refunds")
    now = live(shared.versions.history())
    assert (now.version, now.kind, now.by) == (back_to.version, Kind.RETURNED, "Kim Lee")
    assert model_that_answers(own_desk) == back_to.model.removesuffix(".tar.gz")
    assert "returned to by Kim Lee  (it missed refunds)" in own_desk.command("studio", "versions")


def test_a_desk_that_is_killed_while_it_publishes_starts_with_the_old_version(
    own_desk: RunningDesk, shared: Publishing
) -> None:
    before = shared.versions.history()
    with ThreadPoolExecutor(1) as pool:
        going = pool.submit(go_live, candidate(shared, "d" * 16), shared, quiet)
        until(lambda: "assistant, next" in own_desk.pids())
        os.kill(json.loads(own_desk.note.read_text())["supervisor"], signal.SIGKILL)
        with pytest.raises(NotPublished, match="The desk stopped meanwhile"):
            going.result(WAIT_SECONDS)
    until(lambda: assistants(own_desk) == [])
    own_desk.note.unlink()
    with running_desk(own_desk.folder) as again:
        assert shared.versions.history() == before
        assert model_that_answers(again) == live(before).model.removesuffix(".tar.gz")
        assert len(assistants(again)) == 1


def candidate(shared: Publishing, name: str) -> Line:
    """Return the wish to have the live model live, under another name."""
    now = live(shared.versions.history())
    copy = shared.versions.model(now).with_name(f"{name}.tar.gz")
    shutil.copy(shared.versions.model(now), copy)
    return Line(
        kind=Kind.PUBLISHED,
        version=0,
        model=copy.name,
        files=content_hash(ROOT),
        program=program_hash(ROOT),
        by="Kim Lee",
        at=SystemClock().now(),
    )


def quiet(step: str, said: str) -> None:
    """Say nothing."""


def model_that_answers(desk: RunningDesk) -> str:
    told = json.loads(desk.note.read_text())
    return str(ask(told["health"]["assistant"]).body["model"])


def assistants(desk: RunningDesk) -> list[str]:
    """Return the command lines of all assistants of this desk that run."""
    running = Path("/proc").glob("[0-9]*/cmdline")
    lines = (_content(path).replace("\0", " ") for path in running)
    return [line for line in lines if "bot.channels.serve" in line and str(desk.folder) in line]


def _content(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:  # it ended meanwhile
        return ""


def until(question: Any) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not question():
        assert time.monotonic() < deadline
        time.sleep(0.1)


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
            if self._over.is_set():
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
