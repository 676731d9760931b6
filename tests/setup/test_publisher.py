"""A real supervisor puts another process in a part's place, or keeps the one that is there."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from bot import settings
from bot.bootstrap_publishing import Publishing, publishing
from bot.errors import NotPublished
from bot.publishing.history import Kind, Line, live, returning
from bot.publishing.watch import Tally
from bot.settings import ROOT
from bot.supervisor import publisher, supervisor, work
from bot.supervisor.child import Part
from bot.supervisor.going_live import go_live
from bot.supervisor.ports import pick_free
from bot.supervisor.probe import ask
from bot.supervisor.publisher import ASSISTANT, Place, Publisher
from bot.supervisor.supervisor import Supervisor
from tests.setup.supervised import A_PART, until

pytestmark = pytest.mark.alone

WELL = Tally(100, 0, 80, 2)


class Desk:
    """A supervisor with one small part as its assistant, run in a thread of the test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        environment = {"DESK_STATE_FOLDER": str(folder)}
        self.at: Publishing = publishing(settings.from_environment(environment))
        self.said: list[str] = []
        self.pids: dict[str, int] = {}
        self.since = WELL
        self.looked = 0
        self._over = False
        self.put("one", Kind.STARTED, version=1)
        port = pick_free(1)[0]
        self._supervisor = Supervisor(
            [self._part(self._model("one"), port)],
            environment=os.environ,
            log_folder=folder,
            folder=ROOT,
            say=self.said.append,
        )
        self.at.note.write(_url(port), self._model("one"))
        self._publisher = Publisher(
            self._supervisor,
            self.at,
            place=Place(self._part, drain_seconds=5),
            turn_health=self._turn_health,
            moved=lambda pids, _health: self.pids.update(pids),
            say=self.said.append,
        )

    def run(self) -> None:
        self.at.wishes.attend()
        with contextlib.suppress(KeyboardInterrupt):
            self._supervisor.run(lambda: self.pids.update(self._supervisor.pids), self._tick)

    def stop(self) -> None:
        self._over = True

    def put(self, name: str, kind: Kind, *, version: int) -> None:
        self.at.versions.add(self.line(name, kind, version))

    def line(self, name: str, kind: Kind = Kind.PUBLISHED, version: int = 0) -> Line:
        model = self._model(name)
        model.parent.mkdir(parents=True, exist_ok=True)
        model.write_text("learned")
        now = datetime.now(timezone.utc)
        return Line(kind, version, model.name, "data", "code", "Kim Lee", now)

    def publish(self, name: str) -> str:
        return go_live(self.line(name), self.at, lambda step, said: None)

    def go_back(self, name: str) -> str:
        earlier = next(line for line in self.at.versions.history() if line.model.startswith(name))
        back = returning(earlier, by="Kim Lee", reason="", files="data")
        return go_live(back, self.at, lambda step, said: None)

    def ask(self, wish: dict[str, Any]) -> None:
        """Ask as a page does, and wait until it was taken."""
        self.at.wishes.ask(wish)
        wishes = self.folder / "publishing" / "wishes"
        assert until(lambda: not any(wishes.iterdir()))

    @property
    def answering(self) -> str:
        """The model that answers where turns are sent now."""
        return str(ask(self.at.note.url()).body.get("model"))

    @property
    def live(self) -> tuple[int, Kind]:
        now = live(self.at.versions.history())
        assert now is not None
        return now.version, now.kind

    def _part(self, model: Path, port: int) -> Part:
        name = model.name.split(".")[0]
        habits = [f"serves={name}", *(h for h in ("breaks", "never", "dies") if h in name)]
        command = [sys.executable, str(A_PART), str(port), *habits]
        return Part(ASSISTANT, command, f"{_url(port)}/health")

    def _model(self, name: str) -> Path:
        folder = self.at.comparison.parent / "models"
        return folder / f"{name}.tar.gz"

    def _turn_health(self, begin: datetime, _end: datetime) -> Tally:
        self.looked += 1
        return self.since if self._is_after(begin) else WELL

    def _is_after(self, begin: datetime) -> bool:
        return (datetime.now(timezone.utc) - begin).total_seconds() < 3600

    def _tick(self) -> None:
        if self._over:
            raise KeyboardInterrupt
        self._publisher.tick()


def _url(port: int) -> str:
    return f"http://127.0.0.1:{port}"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(supervisor, "STOP_SIGNALS", ())  # a thread may not take signals
    monkeypatch.setattr(publisher, "SETTLE_SECONDS", 0.1)
    monkeypatch.setattr(publisher, "LOOK_EVERY_SECONDS", 0.1)
    made = Desk(tmp_path)
    thread = threading.Thread(target=made.run)
    thread.start()
    assert until(lambda: ASSISTANT in made.pids)
    yield made
    made.stop()
    thread.join()


def test_turns_go_to_the_new_process_and_the_old_one_ends_with_the_watch(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publisher, "WATCH_SECONDS", 1.0)
    old = desk.pids[ASSISTANT]
    assert desk.answering == "one"
    assert desk.publish("two") == "Version 2 is live."
    assert desk.answering == "two"
    assert desk.live == (2, Kind.PUBLISHED)
    assert until(lambda: not _runs(old))
    assert _runs(desk.pids[ASSISTANT])


def test_a_return_goes_to_the_process_that_stayed_warm(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = desk.pids[ASSISTANT]
    desk.publish("two")
    assert until(lambda: desk.pids.get(publisher.SPARE) == old)
    newer = desk.pids[ASSISTANT]
    # Whatever is started now does not get ready in time.
    monkeypatch.setattr(publisher, "WARM_WITHIN_SECONDS", 0.0)
    assert desk.go_back("one") == "Version 1 is live."
    assert (desk.answering, desk.live) == ("one", (1, Kind.RETURNED))
    assert desk.pids[ASSISTANT] == old
    assert until(lambda: not _runs(newer))
    assert _runs(old)


def test_nothing_goes_back_to_the_version_that_somebody_left(desk: Desk) -> None:
    desk.publish("two")
    desk.go_back("one")
    looked = desk.looked
    desk.since = Tally(100, 30, 80, 2)
    # A look of the watch, were there one, would come every tenth of a second.
    time.sleep(1)
    assert (desk.looked, desk.live) == (looked, (1, Kind.RETURNED))


def test_a_return_starts_a_process_where_the_warm_one_died(desk: Desk) -> None:
    old = desk.pids[ASSISTANT]
    desk.publish("two")
    assert until(lambda: desk.pids.get(publisher.SPARE) == old)
    os.kill(old, signal.SIGKILL)
    assert desk.go_back("one") == "Version 1 is live."
    assert (desk.answering, desk.live) == ("one", (1, Kind.RETURNED))
    assert desk.pids[ASSISTANT] != old


def test_what_stayed_warm_makes_room_for_training_and_for_the_next_version(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "STUDIO", [sys.executable, "-c", "import time; time.sleep(60)"])
    first = desk.pids[ASSISTANT]
    desk.publish("two")
    second = desk.pids[ASSISTANT]
    desk.publish("three")
    assert until(lambda: not _runs(first))
    assert until(lambda: desk.pids.get(publisher.SPARE) == second)
    desk.ask({"do": "work", "what": "compare", "by": "Kim", "given": {}})
    assert until(lambda: not _runs(second))
    assert desk.answering == "three"


@pytest.mark.parametrize("how", ["breaks", "never"])
def test_one_that_does_not_get_ready_leaves_all_as_it_was(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(publisher, "WARM_WITHIN_SECONDS", 1.0)
    with pytest.raises(NotPublished, match="The live version stays"):
        desk.publish(how)
    assert desk.answering == "one"
    assert desk.live == (1, Kind.STARTED)
    assert not _runs(desk.pids["assistant, next"])


def test_more_failing_turns_bring_the_version_before_back(desk: Desk) -> None:
    desk.publish("two")
    desk.since = Tally(100, 30, 80, 2)
    assert until(lambda: desk.live == (1, Kind.RETURNED))
    assert until(lambda: desk.answering == "one")
    now = live(desk.at.versions.history())
    assert now is not None
    assert "30 of 100 turns failed" in now.reason
    desk.since = WELL
    assert desk.publish("three") == "Version 3 is live."


def test_a_new_process_that_keeps_dying_brings_the_version_before_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "FIRST_PAUSE_SECONDS", 0.1)
    desk.publish("two-dies")
    assert until(lambda: desk.live == (1, Kind.RETURNED))
    assert until(lambda: desk.answering == "one")


def test_long_work_runs_beside_the_parts_one_at_a_time_and_can_be_cancelled(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "STUDIO", [sys.executable, "-c", LONG_WORK, str(desk.folder)])
    desk.ask({"do": "work", "what": "compare", "by": "Kim", "given": {}})
    first = desk.folder / "compare --by=Kim"
    assert until(first.exists)
    desk.ask({"do": "work", "what": "publish", "by": "--despite=x", "given": {"despite": "--y"}})
    desk.ask({"do": "cancel"})
    pid = int(first.read_text())
    assert until(lambda: not _runs(pid))
    assert not list(desk.folder.glob("publish --*")), "it was asked for while other work ran"
    desk.ask({"do": "work", "what": "rm", "by": "Kim", "given": {}})
    given = {"reason": "--json", "version": "1"}
    desk.ask({"do": "work", "what": "rollback", "by": "--despite=x", "given": given})
    assert until((desk.folder / "rollback --by=--despite=x --reason=--json 1").exists)
    assert not list(desk.folder.glob("rm --*"))


LONG_WORK = """
import os, pathlib, sys, time
folder, *words = sys.argv[1:]
aside = pathlib.Path(folder, "aside")
aside.write_text(str(os.getpid()))
aside.rename(pathlib.Path(folder, " ".join(words)))
time.sleep(60)
"""


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
