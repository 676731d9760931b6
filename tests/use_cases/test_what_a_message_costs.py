"""A message costs what its own conversation needs, however many others are open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from bot.conversations.agent import AgentOnDuty
from bot.use_cases.desk_views import SharedState, changes
from bot.use_cases.show_desk import read_desk
from tests.agent_desks import ADA, KIM, AgentLine

# What the database is asked and told, beginnings of transactions included: more would be a step
# back for everybody's waiting time, and needs a reason.
CUSTOMERS_MESSAGE = 7
ITS_TURN = 13
AGENTS_MESSAGE = 12
A_READERS_LOOK = 5
A_BOARDS_LOOK = 6


@contextmanager
def counting(engine: Any) -> Iterator[list[str]]:
    """Collect the statements that the block sends to the database."""
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        said.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def crowd(desk_line: AgentLine) -> list[str]:
    """Twelve conversations, held by twelve agents."""
    agents = [AgentOnDuty(f"p-{number}", f"Agent {number}") for number in range(12)]
    desk_line.here(KIM, ADA, *agents)
    return [desk_line.held_by(agent) for agent in agents]


def test_a_message_costs_the_same_however_many_are_open(
    desk_line: AgentLine, crowd: list[str]
) -> None:
    here = desk_line.held_by(KIM)
    desk_line.write(here, "Hello, this is Kim")
    with counting(desk_line.engine) as asked:
        desk_line.post(here, "Is it on its way?")
    assert len(asked) <= CUSTOMERS_MESSAGE, asked
    with counting(desk_line.engine) as worked:
        assert desk_line.run(here)
    assert len(worked) <= ITS_TURN, worked
    with counting(desk_line.engine) as answered:
        desk_line.write(here, "Let me look that up for you")
    assert len(answered) <= AGENTS_MESSAGE, answered


def test_a_message_is_read_for_its_own_conversation_alone(
    desk_line: AgentLine, crowd: list[str]
) -> None:
    here = desk_line.held_by(KIM)
    told = read_desk(desk=desk_line.desk)
    desk_line.post(here, "Is it on its way?")
    with counting(desk_line.engine) as asked:
        desk_line.desk.views.news(here, after=2, after_note=0)
    assert len(asked) <= A_READERS_LOOK, asked
    with counting(desk_line.engine) as asked:
        now = read_desk(desk=desk_line.desk, before=told, changed=frozenset({here}))
    assert len(asked) <= A_BOARDS_LOOK, asked
    assert _not_the_same(told, now) == [here], "every other line of the queue is taken over"
    for agent in (KIM, ADA):
        frames = changes(told, now, agent=agent, desk=desk_line.desk)
        assert [frame["case"]["conversation"] for frame in frames] == [here]


def test_one_question_tells_how_all_that_is_followed_stands(
    desk_line: AgentLine, crowd: list[str]
) -> None:
    views = desk_line.desk.views
    with counting(desk_line.engine) as asked:
        before = views.marks([*crowd, "nowhere"])
    assert len(asked) <= 2, asked
    assert set(before) == set(crowd)
    desk_line.post(crowd[3], "Is anybody there?")
    after = views.marks(crowd)
    assert [one for one in crowd if after[one] != before[one]] == [crowd[3]]
    assert after[crowd[3]].standing == views.updates(crowd[3], after=0).standing


def _not_the_same(before: SharedState, after: SharedState) -> list[str]:
    old = before.by_conversation
    return [
        conversation
        for conversation, (one, view) in after.by_conversation.items()
        if old[conversation][0] is not one or old[conversation][1] is not view
    ]
