"""A database that cannot be used is told as such, and nothing is half done."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.errors import Unavailable
from bot.storage import engine as engines
from bot.storage.engine import make_engine
from bot.storage.read_models import SqlViews
from tests.factories import NOW
from tests.switchboards import Line


def test_a_server_that_does_not_answer_is_unavailable() -> None:
    nowhere = make_engine("postgresql://nobody@127.0.0.1:9/desk")
    with pytest.raises(Unavailable):
        SqlViews(nowhere).due_turns(now=NOW)
    with pytest.raises(Unavailable), Line(nowhere).unit_of_work():
        pytest.fail("there is no transaction to be in")


def test_a_locked_database_is_unavailable_and_usable_again(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "LOCK_WAIT_MS", 50)
    line = Line(make_engine(sqlite_url))
    here = line.open().conversation
    with line.unit_of_work(), pytest.raises(Unavailable):
        line.post(here, "hello")
    assert line.post(here, "hello").message.seq == 2


def run_into_a_full_disk(line: Line) -> None:
    with line.unit_of_work() as uow:
        uow.cancellations.put("k", "A-1001", {}, requested_at=NOW)
        raise sa.exc.OperationalError("SELECT 1", {}, Exception("disk full"))


def test_a_fault_inside_the_block_is_told_plainly_and_rolled_back(sqlite_url: str) -> None:
    line = Line(make_engine(sqlite_url))
    with pytest.raises(Unavailable):
        run_into_a_full_disk(line)
    with line.unit_of_work() as uow:
        assert uow.cancellations.waiting() == ()


def test_the_database_file_is_private(sqlite_url: str) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    Line(make_engine(sqlite_url)).open()
    assert path.stat().st_mode & 0o077 == 0
