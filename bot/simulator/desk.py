"""A desk of its own for every simulated conversation: everything real, on a database that is new.

The composition root of the simulator: what differs from `bot/bootstrap.py` is the clock, the names,
the assistant without a network between, and that billing can be made to fail.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from actions import door
from bot import bootstrap
from bot.conversations.agent import Patience
from bot.integrations.desk_hours_file import load_desk_hours
from bot.integrations.model_files import ModelInUse
from bot.integrations.policy_files import load_policies, load_profiles, load_terms
from bot.settings import Settings
from bot.simulator.assistant import AssistantInProcess
from bot.simulator.parts import BillingThatFails, MovedClock, SeededIds
from bot.storage import migrate
from bot.storage.demo_store import put_account, put_catalogue
from bot.storage.desk_tables import moves, outbox
from bot.storage.embedded_billing import EmbeddedBilling
from bot.storage.embedded_billing_books import Books
from bot.storage.engine import make_engine
from bot.storage.outcomes import SqlOutcomes
from bot.storage.read_models import SqlViews
from bot.storage.record_repository import SqlRecordBook
from bot.storage.unit_of_work import SqlUnitOfWork
from bot.storage.waiting_room import SqlWaitingRoom
from bot.use_cases.make_move import Desk
from bot.use_cases.staffing import People
from bot.use_cases.switchboard import Switchboard

_LAID_OUT, _IN_USE = "empty.db", "desk.db"


@dataclass
class SimulatedDesk:
    """One conversation's desk; `clock` and `billing` are there to be moved and to fail."""

    engine: Any
    desk: Desk
    switchboard: Switchboard
    clock: MovedClock
    billing: BillingThatFails
    _moves_seen: set[str] = field(default_factory=set)

    @property
    def records(self) -> SqlRecordBook:
        return SqlRecordBook(self.engine)

    def newest_mail(self) -> dict[str, str]:
        """Return the figures of the mail that was written last: a customer reads their code."""
        query = sa.select(outbox.c.figures).order_by(outbox.c.id.desc()).limit(1)
        with self.engine.connect() as connection:
            figures: dict[str, str] = connection.execute(query).scalar_one()
        return figures

    def new_moves(self) -> list[dict[str, Any]]:
        """Return the replies of the moves that were made since this was asked last."""
        query = sa.select(moves.c.message_id, moves.c.reply).order_by(moves.c.at)
        with self.engine.connect() as connection:
            rows = connection.execute(query).all()
        new = [row for row in rows if row.message_id not in self._moves_seen]
        self._moves_seen |= {row.message_id for row in new}
        return [row.reply for row in new]


class DeskMaker:
    """Makes desks one after the other, each for one account and nothing else.

    One model is loaded for all of them, and one empty database laid out; `folder` holds both
    databases and should be quick to write to. `people` are who is there instead of the desk's own.
    """

    def __init__(
        self, settings: Settings, *, model: Path, folder: Path, people: People | None = None
    ) -> None:
        self._folder, self._people = folder, people
        retention = settings.policy_folder
        self._policies = load_policies(retention / "policies")
        self.profiles = load_profiles(retention / "profiles")
        self._terms = load_terms(retention / "company.yml")
        self._hours = load_desk_hours(retention)
        self._wording = bootstrap.wording()
        self.understanding = ModelInUse(lambda: model)
        self._desk: Desk | None = None
        self._assistant = AssistantInProcess(model, lambda: self._the_desk().clock)
        self._lay_out()
        # One engine for all: it keeps the statements it has compiled.
        self._engine = make_engine(f"sqlite:///{folder / _IN_USE}")
        # The actions ask for their process's desk: here it is that of the conversation at hand.
        door.desk = self._the_desk  # type: ignore[assignment]

    @contextmanager
    def desk_for(
        self, books: Books, *, now: datetime, chance: random.Random
    ) -> Iterator[SimulatedDesk]:
        """Give a desk whose only account is this one."""
        self._begin_anew()
        put_account(self._engine, books)
        made = self._wired(self._engine, MovedClock(now), SeededIds(chance))
        self._desk = made.desk
        yield made

    def close(self) -> None:
        self._engine.dispose()
        self._assistant.close()

    def _the_desk(self) -> Desk:
        assert self._desk is not None  # nobody speaks before a desk is made
        return self._desk

    def _lay_out(self) -> None:
        address = f"sqlite:///{self._folder / _LAID_OUT}"
        migrate.upgrade(address)
        engine = make_engine(address)
        put_catalogue(engine)
        # Closing the last connection brings everything into the one file that is copied.
        engine.dispose()

    def _begin_anew(self) -> None:
        self._engine.dispose()
        for old in self._folder.glob(f"{_IN_USE}*"):
            old.unlink()
        shutil.copy(self._folder / _LAID_OUT, self._folder / _IN_USE)

    def _wired(self, engine: Any, clock: MovedClock, ids: SeededIds) -> SimulatedDesk:
        def unit_of_work() -> SqlUnitOfWork:
            return SqlUnitOfWork(engine, ids)

        billing = BillingThatFails(EmbeddedBilling(engine))
        room = SqlWaitingRoom(engine, Patience())
        desk = Desk(
            unit_of_work=unit_of_work,
            billing=billing,
            clock=clock,
            policies=self._policies,
            profiles=self.profiles,
            terms=self._terms,
            outcomes=SqlOutcomes(engine),
            people=self._people or People(self._hours, presence=room, waiting_room=room),
            id_key=b"simulated customers have nothing to guess",
        )
        views = SqlViews(engine)
        switchboard = Switchboard(
            unit_of_work=unit_of_work,
            views=views,
            clock=clock,
            ids=ids,
            billing=billing,
            move=bootstrap.mover(desk),
            assistant=self._assistant,
            wording=self._wording,
            understanding=self.understanding,
            guard=bootstrap.exit_rules(desk, views),
        )
        return SimulatedDesk(engine, desk, switchboard, clock, billing)
