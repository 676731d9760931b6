"""Who gets which case: the longest waiting first, by skill, and to the least busy."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversations.agent import AgentOnDuty, Patience, Presence, Status
from bot.conversations.case import Case, CaseOutcome, Skill, Targets, opened_case, skill_for
from bot.conversations.escalation import EscalationReason
from bot.conversations.routing import assignments, in_turn_for
from tests.factories import NOW

PATIENCE = Patience()


def a_case(name: str, *, waits: float = 1, **but: Any) -> Case:
    since = NOW - timedelta(minutes=waits)
    told: dict[str, Any] = {"reason": "requested", "wants": "person", "skill": "general"}
    return Case(name, since, waiting_since=since, **{**told, **but})


def an_agent(name: str, *, holding: int = 0, silent: float = 0, **but: Any) -> Presence:
    status = but.pop("status", Status.HERE)
    beat_at = NOW - timedelta(seconds=silent)
    return Presence(AgentOnDuty(name, name.title(), **but), status, beat_at, holding=holding)


def assigned(cases: list[Case], agents: list[Presence]) -> tuple[tuple[str, str], ...]:
    return assignments(cases, agents, now=NOW, patience=PATIENCE)


def in_turn(agent: str, cases: list[Case], agents: list[Presence]) -> tuple[str, ...]:
    return in_turn_for(agent, cases, agents, now=NOW, patience=PATIENCE)


def test_the_longest_waiting_comes_first_and_load_is_spread() -> None:
    cases = [a_case("new", waits=1), a_case("old", waits=9), a_case("mid", waits=5)]
    agents = [an_agent("ada"), an_agent("kim", holding=1)]
    assert assigned(cases, agents) == (("old", "ada"), ("mid", "ada"), ("new", "kim"))


def test_who_comes_back_stands_in_front() -> None:
    back = a_case("back", waits=1, came_back=True)
    cases = [a_case("old", waits=90), back]
    assert assigned(cases, [an_agent("kim", capacity=1)]) == (("back", "kim"),)


def test_a_skill_goes_to_who_has_it_and_to_anybody_where_nobody_has() -> None:
    legal = a_case("legal", skill="trust")
    billing, trust = an_agent("ada", skills=("billing",)), an_agent("kim", skills=("trust",))
    assert assigned([legal], [billing, trust]) == (("legal", "kim"),)
    assert assigned([legal], [billing]) == (("legal", "ada"),)


def test_a_case_waits_for_a_specialist_who_is_here_but_busy() -> None:
    legal = a_case("legal", skill="trust")
    busy = an_agent("kim", skills=("trust",), holding=3)
    assert assigned([legal], [an_agent("ada", skills=("billing",)), busy]) == ()


@pytest.mark.parametrize(
    "agent",
    [
        an_agent("kim", status=Status.AWAY),
        an_agent("kim", status=Status.OFF),
        an_agent("kim", silent=60),
        an_agent("kim", holding=3),
    ],
)
def test_nothing_is_given_to_who_is_away_gone_or_full(agent: Presence) -> None:
    assert assigned([a_case("one")], [agent]) == ()


def test_passed_on_cases_wait_for_whom_they_were_meant_as_long_as_they_are_here() -> None:
    mine = a_case("mine", for_agent="kim")
    assert assigned([mine], [an_agent("ada"), an_agent("kim", holding=2)]) == (("mine", "kim"),)
    assert assigned([mine], [an_agent("ada"), an_agent("kim", status=Status.OFF)]) == (
        ("mine", "ada"),
    )
    theirs = a_case("theirs", team="billing")
    agents = [an_agent("ada"), an_agent("kim", team="billing", holding=2)]
    assert assigned([theirs], agents) == (("theirs", "kim"),)
    assert in_turn("ada", [theirs], agents) == ()


def test_a_customer_who_comes_back_gets_the_agent_they_know_if_that_one_has_room() -> None:
    again = a_case("again", last_agent="kim")
    assert assigned([again], [an_agent("ada"), an_agent("kim", holding=2)]) == (("again", "kim"),)
    assert assigned([again], [an_agent("ada"), an_agent("kim", holding=3)]) == (("again", "ada"),)


def test_what_fits_comes_before_what_waits_longer() -> None:
    cases = [a_case("legal", waits=9, skill="trust"), a_case("bill", waits=1, skill="billing")]
    agents = [an_agent("ada", skills=("billing",)), an_agent("kim", skills=("trust",))]
    assert in_turn("ada", cases, agents) == ("bill", "legal")
    assert in_turn("nobody", cases, agents) == ()


@given(
    waits=st.lists(st.integers(0, 500), max_size=12),
    rooms=st.lists(st.integers(1, 4), min_size=1, max_size=5),
)
def test_nobody_gets_more_than_they_may_and_no_case_is_given_twice(
    waits: list[int], rooms: list[int]
) -> None:
    cases = [a_case(f"c{n}", waits=minutes) for n, minutes in enumerate(waits)]
    agents = [an_agent(f"a{n}", capacity=room) for n, room in enumerate(rooms)]
    pairs = assigned(cases, agents)
    assert len({conversation for conversation, _ in pairs}) == len(pairs)
    given_to = [agent for _, agent in pairs]
    assert all(given_to.count(f"a{n}") <= room for n, room in enumerate(rooms))
    assert len(pairs) == min(len(cases), sum(rooms)), "nobody waits while somebody has room"
    in_order = [conversation for conversation, _ in pairs]
    places = {case.conversation: case.place for case in cases}
    assert in_order == sorted(in_order, key=lambda one: places[one])


@pytest.mark.parametrize("reason", EscalationReason)
def test_every_reason_asks_for_a_skill(reason: EscalationReason) -> None:
    assert skill_for(reason, wants="person") in Skill


def test_a_wish_to_leave_asks_for_retention_unless_something_weighs_more() -> None:
    assert skill_for(EscalationReason.REQUESTED, wants="cancel") is Skill.RETENTION
    assert skill_for(EscalationReason.LEGAL, wants="cancel") is Skill.TRUST


def test_an_answer_is_due_from_the_first_wait_and_then_from_every_unanswered_word() -> None:
    targets = Targets(first_reply=timedelta(seconds=60), reply=timedelta(seconds=180))
    case = opened_case("c", reason=EscalationReason.REQUESTED, summary={}, last_agent=None, now=NOW)
    assert case.due_at(None, targets) == NOW + timedelta(seconds=60)
    taken = case.taken("kim", NOW + timedelta(seconds=5))
    assert taken.due_at(NOW, targets) == NOW + timedelta(seconds=60)
    answered = taken.answered(NOW + timedelta(seconds=30))
    assert answered.due_at(None, targets) is None
    said = NOW + timedelta(seconds=90)
    assert answered.due_at(said, targets) == said + timedelta(seconds=180)
    assert answered.closed(CaseOutcome.SOLVED, NOW).due_at(said, targets) is None
