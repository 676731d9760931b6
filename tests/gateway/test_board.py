"""The desk's state is read whole now and then, and otherwise only where something changed."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from datetime import datetime, timezone

import pytest

from bot.gateway.desk import board as module
from bot.gateway.desk.board import MOST_CHANGED, SharedBoard
from bot.use_cases.beat import at_the_desk
from bot.use_cases.desk_views import SharedState

NOTHING = SharedState(datetime(2026, 3, 2, tzinfo=timezone.utc), (), (), {}, {})


class Reader:
    """Notes what it was asked to read again."""

    def __init__(self) -> None:
        self.asked: list[frozenset[str] | None] = []
        self.go_on = threading.Event()
        self.go_on.set()
        self.fails = False

    def __call__(self, before: SharedState | None, changed: frozenset[str] | None) -> SharedState:
        self.asked.append(changed)
        assert self.go_on.wait(30)
        if self.fails:
            raise OSError("the disk is away")
        return NOTHING


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    monkeypatch.setattr(module, "READ_SECONDS", 0.0)
    monkeypatch.setattr(module, "PAUSE_PER_READ", 0)
    monkeypatch.setattr(module, "WHOLE_SECONDS", 3600.0)
    return Reader()


async def test_only_what_changed_is_read_after_the_first_time(reader: Reader) -> None:
    board = SharedBoard(reader)
    await board.fresh()
    await board.fresh()
    board.changed("c1")
    board.changed(at_the_desk("c2"))
    await board.fresh()
    await board.fresh()
    assert reader.asked == [None, frozenset(), {"c1", "c2"}, frozenset()]


async def test_everything_is_read_again_after_a_while(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WHOLE_SECONDS", 0.0)
    board = SharedBoard(reader)
    await board.fresh()
    await board.fresh()
    assert reader.asked == [None, None]


async def test_so_much_change_that_all_may_be_read(reader: Reader) -> None:
    board = SharedBoard(reader)
    await board.fresh()
    for number in range(MOST_CHANGED + 1):
        board.changed(f"c{number}")
    await board.fresh()
    assert reader.asked == [None, None]


async def test_what_changes_while_it_is_read_is_read_the_next_time(reader: Reader) -> None:
    board = SharedBoard(reader)
    await board.fresh()
    reader.go_on.clear()
    reading = asyncio.create_task(board.fresh())
    await asyncio.to_thread(_until, lambda: len(reader.asked) == 2)
    board.changed("c1")
    reader.go_on.set()
    await reading
    await board.fresh()
    assert reader.asked == [None, frozenset(), {"c1"}]


async def test_a_reading_that_failed_forgets_no_change(reader: Reader) -> None:
    board = SharedBoard(reader)
    await board.fresh()
    board.changed("c1")
    reader.fails = True
    with pytest.raises(OSError, match="away"):
        await board.fresh()
    reader.fails = False
    await board.fresh()
    assert reader.asked == [None, {"c1"}, None]


async def test_who_leaves_while_it_is_read_takes_no_change_along(reader: Reader) -> None:
    board = SharedBoard(reader)
    await board.fresh()
    board.changed("c1")
    reader.go_on.clear()
    reading = asyncio.create_task(board.fresh())
    await asyncio.to_thread(_until, lambda: len(reader.asked) == 2)
    reading.cancel()
    reader.go_on.set()
    await asyncio.gather(reading, return_exceptions=True)
    await board.fresh()
    assert reader.asked == [None, {"c1"}, None]


async def test_many_who_ask_at_once_share_one_reading(reader: Reader) -> None:
    board = SharedBoard(reader)
    await asyncio.gather(*(board.fresh() for _ in range(20)))
    assert len(reader.asked) <= 2


def _until(holds: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < give_up_at
        time.sleep(0.005)
