"""Bells ring for what their listeners have not read, and one look finds it for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from contextlib import ExitStack

import pytest

from bot.conversations.holder import Holder
from bot.gateway.wakeups import ANYTHING, Bell, Wakeups
from bot.use_cases.updates import Mark, Standing

QUIET = Standing(idle=True, holder=Holder.AGENT, last_seq=4, agent_name="Kim")
SPOKEN = QUIET._replace(last_seq=5)


class Desk:
    """How conversations stand, and how often that was asked."""

    def __init__(self, **marks: Mark) -> None:
        self.marks, self.asked = marks, 0

    def look(self, conversations: Collection[str]) -> dict[str, Mark]:
        self.asked += 1
        return {name: self.marks[name] for name in conversations if name in self.marks}


async def test_one_look_serves_all_who_listen_and_disturbs_nobody_who_has_read() -> None:
    names = [f"c{number}" for number in range(200)]
    wakeups, desk = Wakeups(), Desk(**{name: Mark(QUIET, 0) for name in names})
    with ExitStack() as stack:
        bells = {name: stack.enter_context(wakeups.listening(name)) for name in names}
        for bell in bells.values():
            bell.seen = Mark(QUIET)
        desk.marks["c7"] = Mark(SPOKEN, 0)
        await wakeups.look_again(desk.look)
        assert desk.asked == 1
        assert [name for name in names if bells[name].is_set()] == ["c7"]


@pytest.mark.parametrize(
    ("seen", "mark", "rings"),
    [
        (Mark(QUIET), Mark(QUIET, 0), False),
        (Mark(QUIET), Mark(QUIET, 3), False),
        (Mark(QUIET, 2), Mark(QUIET, 2), False),
        (Mark(QUIET, 2), Mark(QUIET, 3), True),
        (Mark(QUIET), Mark(SPOKEN, 0), True),
        (Mark(QUIET), Mark(QUIET._replace(idle=False), 0), True),
        (Mark(QUIET), Mark(QUIET._replace(agent_name="Ada"), 0), True),
        (Mark(QUIET), Mark(QUIET._replace(holder=Holder.QUEUE), 0), True),
        (None, Mark(QUIET, 0), False),
    ],
)
def test_a_bell_rings_for_what_its_listener_follows(
    seen: Mark | None, mark: Mark, *, rings: bool
) -> None:
    bell = Bell()
    bell.seen = seen
    assert bell.misses(mark) == rings


async def test_who_is_still_reading_is_looked_at_the_next_time() -> None:
    wakeups, desk = Wakeups(), Desk(here=Mark(SPOKEN, 0))
    with wakeups.listening("here") as bell:
        await wakeups.look_again(desk.look)
        assert not bell.is_set()
        bell.seen = Mark(QUIET)  # what was read was from before
        await wakeups.look_again(desk.look)
        assert bell.is_set()


async def test_who_watches_everything_hears_which_conversation_it_was() -> None:
    wakeups, heard = Wakeups(), list[str]()
    wakeups.on_ring = heard.append
    with wakeups.listening(ANYTHING) as everything, wakeups.listening("here") as bell:
        bell.seen = Mark(QUIET)
        await wakeups.look_again(Desk(here=Mark(SPOKEN, 0)).look)
        assert everything.is_set()
    assert heard == ["here"]


async def test_a_desk_without_listeners_is_not_asked() -> None:
    desk = Desk()
    await Wakeups().look_again(desk.look)
    assert desk.asked == 0


async def test_looking_goes_on_after_a_database_that_was_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.gateway.wakeups.LOOK_AGAIN_SECONDS", 0.0)
    wakeups, tries = Wakeups(), list[int]()

    def look(_conversations: Collection[str]) -> dict[str, Mark]:
        tries.append(1)
        if len(tries) == 1:
            raise OSError("the disk is away")
        return {"here": Mark(SPOKEN, 0)}

    with wakeups.listening("here") as bell:
        bell.seen = Mark(QUIET)
        looking = asyncio.create_task(wakeups.look_again_for_ever(look))
        await asyncio.wait_for(bell.wait(), 30)
        looking.cancel()
    assert len(tries) > 1
