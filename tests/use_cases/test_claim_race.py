"""Fifty agents grab at two hundred waiting conversations: every one gets exactly one agent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from bot.conversations.agent import AgentOnDuty
from bot.conversations.conversation import Conversation
from bot.conversations.holder import Holder
from bot.errors import AlreadyTaken, AtCapacity, ConversationNotFound, Unavailable
from bot.use_cases.claim_case import claim_case, claim_next
from tests.agent_desks import AgentLine
from tests.at_once import beside

AGENTS, CHATS = 50, 200


def patiently(claim: Callable[[], bool]) -> bool:
    """Try again while the database has no connection left for so many, as a page does."""
    while True:
        try:
            return claim()
        except Unavailable:
            continue


def many_waiting(line: AgentLine, count: int) -> list[str]:
    """Put conversations into the queue in one transaction; how they got there is no matter here."""
    now, ids = line.clock.now(), [f"chat-{n:03d}" for n in range(count)]
    with line.unit_of_work() as uow:
        for here in ids:
            uow.conversations.add(Conversation(here, opened_at=now, heard_at=now))
            uow.escalations.to_queue(
                here, reason="requested", summary={}, cause=f"{here}:1", now=now
            )
        uow.commit()
    return ids


@pytest.mark.slow
def test_43_fifty_agents_on_two_hundred_chats_give_each_exactly_one_holder(
    desk_line: AgentLine,
) -> None:
    chats = many_waiting(desk_line, CHATS)
    won: dict[str, list[str]] = {here: [] for here in chats}
    late: list[str] = []

    def grab(number: int) -> None:
        agent = AgentOnDuty(f"agent-{number:02d}", f"Agent {number}", capacity=4)
        for here in chats:  # in the same order, so that all meet all
            try:
                if patiently(lambda here=here: claim_case(here, agent=agent, desk=desk_line.desk)):
                    won[here].append(agent.id)
            except AlreadyTaken:
                late.append(here)
            except AtCapacity:
                return

    beside(*(lambda n=n: grab(n) for n in range(AGENTS)))

    assert {len(agents) for agents in won.values()} == {1}, "each has exactly one winner"
    held = Counter(agents[0] for agents in won.values())
    assert set(held.values()) == {4}, "nobody holds more than they may, and all are held"
    assert len(late) > CHATS, "they did race"
    rows = desk_line.rows("SELECT id, holder, agent, version FROM conversations ORDER BY id")
    assert rows == [(here, "agent", won[here][0], 3) for here in chats]
    kept = desk_line.rows("SELECT count(*) FROM holds WHERE holder = 'agent'")
    assert kept == [(CHATS,)], "who held it when is kept once"


def test_43_everybody_grabs_the_same_chat_and_one_gets_it(desk_line: AgentLine) -> None:
    [here] = many_waiting(desk_line, 1)
    outcomes: list[Any] = []

    def grab(number: int) -> None:
        try:
            claim_case(here, agent=AgentOnDuty(f"a{number}", f"A {number}"), desk=desk_line.desk)
            outcomes.append(f"A {number}")
        except AlreadyTaken as error:
            outcomes.append(str(error))

    beside(*(lambda n=n: grab(n) for n in range(12)))

    [winner] = [name for name in outcomes if name.startswith("A ") and "took" not in name]
    losers = [told for told in outcomes if told != winner]
    assert len(losers) == 11
    assert {told.split(" took")[0] for told in losers} == {winner}, "all are told who was quicker"


def test_43_one_agent_at_two_screens_never_holds_more_than_they_may(desk_line: AgentLine) -> None:
    chats = many_waiting(desk_line, 12)
    kim = AgentOnDuty("kim", "Kim", capacity=3)

    def grab(here: str) -> None:
        try:
            claim_case(here, agent=kim, desk=desk_line.desk)
        except AtCapacity:
            return

    beside(*(lambda here=here: grab(here) for here in chats))

    held = desk_line.rows("SELECT count(*) FROM conversations WHERE agent = 'kim'")
    assert held == [(3,)]


def test_43_next_gives_everybody_another_one(desk_line: AgentLine) -> None:
    chats = many_waiting(desk_line, 8)
    got: list[str | None] = []

    def take(number: int) -> None:
        agent = AgentOnDuty(f"a{number}", f"A {number}")
        got.append(claim_next(agent=agent, desk=desk_line.desk))

    beside(*(lambda n=n: take(n) for n in range(10)))

    assert sorted(one for one in got if one) == chats
    assert got.count(None) == 2


def test_43_what_the_assistant_holds_cannot_be_claimed(desk_line: AgentLine) -> None:
    here = desk_line.open().conversation
    with pytest.raises(ConversationNotFound):
        claim_case(here, agent=AgentOnDuty("kim", "Kim"), desk=desk_line.desk)
    assert desk_line.hold(here).holder is Holder.ASSISTANT
