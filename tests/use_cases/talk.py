"""A conversation with the desk at the level of moves: real database, real billing, no words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.conversations.conversation import Conversation
from bot.integrations.ids import RandomIds
from bot.integrations.policy_files import load_policies, load_profiles, load_terms
from bot.retention.account import AccountHistory
from bot.retention.say import Button, Reply
from bot.settings import ROOT
from bot.storage import migrate
from bot.storage.demo_store import SqlDemoAccounts
from bot.storage.embedded_billing import EmbeddedBilling
from bot.storage.engine import make_engine
from bot.storage.outcomes import SqlOutcomes
from bot.storage.unit_of_work import SqlUnitOfWork
from bot.use_cases.make_move import Desk, Said, make_move
from tests.factories import NOW


class SetClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = NOW) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def pass_by(self, time: timedelta) -> None:
        self._now += time


def a_desk(folder: Path, *, now: datetime = NOW) -> Desk:
    """Return a desk on a fresh SQLite file with the demo accounts as of `now`."""
    url = f"sqlite:///{folder / 'desk.db'}"
    migrate.upgrade(url)
    return a_desk_on(make_engine(url), now=now)


def a_desk_on(engine: Any, *, now: datetime = NOW) -> Desk:
    """Return a desk on this empty database, with the demo accounts as of `now`."""
    SqlDemoAccounts(engine).load_if_missing(now=now)
    policies = ROOT / "data" / "retention"
    return Desk(
        unit_of_work=lambda: SqlUnitOfWork(engine, RandomIds()),
        billing=EmbeddedBilling(engine),
        clock=SetClock(now),
        policies=load_policies(policies / "policies"),
        profiles=load_profiles(policies / "profiles"),
        terms=load_terms(policies / "company.yml"),
        outcomes=SqlOutcomes(engine),
        id_key=b"a key for tests",
    )


@dataclass
class Talk:
    """One customer's conversation; every move gets the next message id."""

    desk: Desk
    account: str | None
    conversation: str = "c-1"
    moves: int = 0
    reply: Reply = field(default_factory=lambda: Reply(()))

    def open(self) -> Talk:
        with self.desk.unit_of_work() as uow:
            opened: Any = uow
            opened.conversations.add(
                Conversation(
                    self.conversation,
                    opened_at=self.desk.clock.now(),
                    heard_at=self.desk.clock.now(),
                    account=self.account,
                )
            )
            uow.commit()
        self.says("conversation_opened")
        return self

    def says(self, intent: str, text: str = "", **entities: str) -> list[str]:
        """Make a move and return the names of the responses."""
        self.moves += 1
        named = tuple((name, str(value)) for name, value in entities.items())
        self.reply = make_move(
            Said(self.conversation, f"{self.conversation}:{self.moves}", text, intent, named),
            desk=self.desk,
        )
        return [say.response for say in self.reply.says]

    def presses(self, title: str) -> list[str]:
        """Press the button with this response name in the newest answer."""
        button = self.button(title)
        return self.says(button.intent, **dict(button.entities))

    def button(self, title: str) -> Button:
        offered = [b for say in self.reply.says for b in say.buttons]
        return next(b for b in offered if b.title == title)

    @property
    def offer(self) -> dict[str, Any] | None:
        return next((say.offer for say in self.reply.says if say.offer), None)

    @property
    def history(self) -> AccountHistory:
        assert self.account
        return self.desk.billing.history(self.account, now=self.desk.clock.now())

    @property
    def attempts(self) -> list[dict[str, Any]]:
        assert self.account
        with self.desk.unit_of_work() as uow:
            return list(uow.save_attempts.of_account(self.account))
