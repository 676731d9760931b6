"""Who waits and how long those waited whom one took, as read from a real database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.conversations.agent import Patience
from bot.conversations.message import iso_instant
from bot.retention.calendar import write_instant
from bot.retention.call_backs import CallBack
from bot.retention.desk_hours import Shift
from bot.storage.waiting_room import SqlWaitingRoom
from bot.use_cases.claim_case import claim_case
from bot.use_cases.show_desk import show_desk
from tests.agent_desks import KIM, AgentLine


def room_of(line: AgentLine) -> SqlWaitingRoom:
    return SqlWaitingRoom(line.engine, Patience())


def test_an_empty_room_has_nobody(desk_line: AgentLine) -> None:
    now = room_of(desk_line).queue_now(now=desk_line.clock.now())
    assert (now.ahead, now.waits, now.longest) == (0, (), timedelta(0))


def test_who_waits_is_counted_with_the_longest_wait(desk_line: AgentLine) -> None:
    desk_line.waiting()
    desk_line.clock.forward(minutes=4)
    desk_line.waiting()
    now = room_of(desk_line).queue_now(now=desk_line.clock.now())
    assert (now.ahead, now.longest) == (2, timedelta(minutes=4))


def test_who_was_taken_waits_no_more_and_tells_how_long_they_did(desk_line: AgentLine) -> None:
    here = desk_line.waiting()
    desk_line.clock.forward(minutes=3)
    assert claim_case(here, agent=KIM, desk=desk_line.desk)
    now = room_of(desk_line).queue_now(now=desk_line.clock.now())
    assert (now.ahead, now.waits) == (0, (timedelta(minutes=3),))


def test_somebody_is_here_once_somebody_sits_down_and_not_before(desk_line: AgentLine) -> None:
    room = room_of(desk_line)
    assert room.anybody_here(now=desk_line.clock.now()) is None
    desk_line.here(KIM)
    assert room.anybody_here(now=desk_line.clock.now()) is True
    later = desk_line.clock.now() + timedelta(hours=9)
    assert room.anybody_here(now=later) is False


def test_a_manager_who_looks_on_is_nobody_to_be_promised(desk_line: AgentLine) -> None:
    room = room_of(desk_line)
    desk_line.here(replace(KIM, id="p-mo", name="Mo", capacity=0, leads=True))
    assert room.anybody_here(now=desk_line.clock.now()) is None
    desk_line.here(KIM)
    assert room.anybody_here(now=desk_line.clock.now()) is True


def test_the_desk_sees_a_promised_call_and_keeps_it_in_sight_once_taken(
    desk_line: AgentLine,
) -> None:
    here = desk_line.waiting()
    begins = desk_line.clock.now() + timedelta(hours=2)
    call = CallBack("+12125550123", Shift(begins, begins + timedelta(hours=2)))
    with desk_line.desk.unit_of_work() as uow:
        uow.tickets.leave(
            here,
            ticket="T-1",
            reason="requested",
            contact="me@home.example",
            summary={},
            cause="asked",
            now=desk_line.clock.now(),
        )
        uow.tickets.plan_call("T-1", here, call)
        uow.commit()
    [case] = show_desk(agent=KIM, desk=desk_line.desk)["cases"]
    assert case["holder"] == "ticket"
    assert case["call_back"] == {
        "phone": "+12125550123",
        "from": iso_instant(call.window.begins),
        "until": iso_instant(call.window.ends),
        "window": f"{write_instant(begins)} to {write_instant(call.window.ends)}",
    }
    assert claim_case(here, agent=KIM, desk=desk_line.desk)
    assert show_desk(agent=KIM, desk=desk_line.desk)["cases"][0]["call_back"]
