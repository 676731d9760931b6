"""A whole switchboard on a real database, with stand-ins behind every other port."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.conversations.holder import Holder
from bot.conversations.message import Message
from bot.conversations.turn import Lane
from bot.storage.read_models import SqlViews
from bot.storage.unit_of_work import SqlUnitOfWork
from bot.use_cases.open_conversation import Opened, open_conversation
from bot.use_cases.post_message import Posted, post_message
from bot.use_cases.read_updates import read_updates
from bot.use_cases.run_turn import run_turn
from bot.use_cases.switchboard import Limits, Switchboard
from bot.use_cases.updates import Updates
from tests.fakes import (
    FakeAssistant,
    FakeBilling,
    FakeClock,
    FakeGuard,
    FakeIds,
    FakeMover,
    FakeUnderstanding,
    the_wording,
)


@dataclass
class Line:
    """One desk and the shortest way to say things in it."""

    engine: Any
    clock: FakeClock = field(default_factory=FakeClock)
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        self.ids = FakeIds()
        self.mover = FakeMover(self.unit_of_work, self.clock)
        self.assistant = FakeAssistant(self.mover)
        self.billing = FakeBilling(A_1001="Maya", A_1002="Jonas")
        self.guard = FakeGuard()
        self.woken: list[str] = []
        self._client_ids = (f"m-{n}" for n in itertools.count(1))
        self.switchboard = Switchboard(
            unit_of_work=self.unit_of_work,
            views=SqlViews(self.engine),
            clock=self.clock,
            ids=self.ids,
            billing=self.billing,
            move=self.mover,
            assistant=self.assistant,
            wording=the_wording(),
            understanding=FakeUnderstanding(),
            guard=self.guard,
            limits=self.limits,
            wake=self.woken.append,
        )

    def unit_of_work(self) -> SqlUnitOfWork:
        return SqlUnitOfWork(self.engine, self.ids)

    def open(self, account: str | None = "A-1001", **options: Any) -> Opened:
        return open_conversation(account=account, switchboard=self.switchboard, **options)

    def post(
        self,
        conversation: str,
        text: str | None = None,
        *,
        button: str | None = None,
        client_id: str | None = None,
    ) -> Posted:
        return post_message(
            conversation,
            client_message_id=client_id or next(self._client_ids),
            text=text,
            button_id=button,
            switchboard=self.switchboard,
        )

    def run(self, conversation: str, lane: Lane = Lane.TALK) -> bool:
        return run_turn(conversation, lane, switchboard=self.switchboard)

    def say(
        self, conversation: str, text: str | None = None, *, button: str | None = None
    ) -> Updates:
        """Post, work out the answer and return everything since."""
        posted = self.post(conversation, text, button=button)
        self.run(conversation, posted.lane)
        return self.read(conversation, after=posted.message.seq)

    def read(self, conversation: str, after: int = 0) -> Updates:
        return read_updates(conversation, after=after, switchboard=self.switchboard)

    def transcript(self, conversation: str) -> list[str]:
        return [f"{m.sender.value}: {m.text}" for m in self.read(conversation).messages]

    def newest(self, conversation: str) -> Message:
        return self.read(conversation).messages[-1]

    def take_over(self, conversation: str, *, by: Holder = Holder.AGENT) -> None:
        """A person takes the conversation, as the agent desk does."""
        with self.unit_of_work() as uow:
            found = uow.conversations.locked(conversation)
            hold = found.hold.passed_to(by, cause=None, agent="kim" if by is Holder.AGENT else None)
            uow.conversations.save(replace(found, hold=hold), now=self.clock.now())
            uow.commit()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(query)]


@pytest.fixture
def line(engine: Any) -> Line:
    return Line(engine)


@pytest.fixture
def a_line(engine: Any) -> Callable[..., Line]:
    return lambda **options: Line(engine, **options)
