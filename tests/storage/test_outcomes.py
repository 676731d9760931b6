"""Outcomes as they are read back: what was recorded, counted as the pure part counts it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.integrations.ids import RandomIds
from bot.retention.commands import CancelSubscription, UndoCancellation
from bot.retention.outcomes import LEARNED_FROM, NOTHING, Cell, Counts, certain_before
from bot.storage import desk_tables as tables
from bot.storage.engine import make_engine, writing
from bot.storage.outcomes import SqlOutcomes
from bot.storage.people_erasure import SqlPeopleErasure
from bot.storage.unit_of_work import SqlUnitOfWork
from bot.use_cases.recorded_act import act_entry
from tests.databases import (  # noqa: F401  fixtures
    database_url,
    postgresql_url,
    sqlite_template,
    sqlite_url,
)
from tests.factories import NOW, TODAY

SHOWN_AT = certain_before(TODAY) - timedelta(days=1)
OFFERED = Cell("right_size@1", "too_expensive", "first_year")
WITHOUT = Cell(NOTHING, "too_expensive", "first_year")


class Recorded:
    """A database with attempts and acts in it."""

    def __init__(self, engine: Any) -> None:
        self.engine = engine
        self.outcomes = SqlOutcomes(engine)

    def attempt(
        self, number: int, answer: str | None, *, at: datetime = SHOWN_AT, **but: Any
    ) -> None:
        made = {"policy": "right_size@1", "shown_at": at.isoformat(), "answer": answer}
        choice = {"segment": "first_year", "eligible": ["right_size@1"], "insisted": False}
        document = {
            "id": f"sa-{number}",
            "account": f"A-{number}",
            "conversation": "c-1",
            "about": f"S-{number}",
            "reason": "too_expensive",
            "opened_at": at.isoformat(),
            "offers": [made] if answer else [],
            "choices": [{**choice, "chosen": None}],
            **but,
        }
        with SqlUnitOfWork(self.engine, RandomIds()) as uow:
            uow.save_attempts.put(document)
            uow.commit()

    def act(self, number: int, command: Any, *, at: datetime, result: str = "done") -> None:
        entry = act_entry(f"A-{number}", f"k-{at}", command, result)
        with SqlUnitOfWork(self.engine, RandomIds()) as uow:
            uow.records.add([entry], account=f"A-{number}", now=at)
            uow.commit()

    def leaves(self, number: int, *, after: timedelta, result: str = "done") -> None:
        at = SHOWN_AT + after
        self.act(number, CancelSubscription(f"S-{number}", False, at), at=at, result=result)


@pytest.fixture
def recorded(database_url: str):  # noqa: F811
    engine = make_engine(database_url)
    yield Recorded(engine)
    engine.dispose()


def test_what_was_recorded_is_counted(recorded: Recorded) -> None:
    for number, answer in enumerate(("accepted", "accepted", "accepted", "declined", None, None)):
        recorded.attempt(number, answer)
    recorded.leaves(0, after=timedelta(days=20))
    recorded.leaves(1, after=timedelta(days=20))
    recorded.act(1, UndoCancellation("S-1"), at=SHOWN_AT + timedelta(days=21))
    recorded.leaves(2, after=timedelta(days=20), result="not_possible")
    recorded.leaves(4, after=timedelta(), result="queued")
    assert recorded.outcomes.as_of(TODAY).cells == {
        OFFERED: Counts(kept=2, wasted=1, gone=1),
        WITHOUT: Counts(kept=1, gone=1),
    }


def test_attempts_without_a_reason_or_from_before_choices_are_counted_too(
    recorded: Recorded,
) -> None:
    recorded.attempt(1, "accepted", reason=None)
    recorded.attempt(2, "accepted", choices=None)
    assert sum(counts.kept for counts in recorded.outcomes.as_of(TODAY).cells.values()) == 2


def test_what_is_too_fresh_or_too_old_or_from_before_a_reset_tells_nothing(
    recorded: Recorded,
) -> None:
    recorded.attempt(1, "accepted", at=SHOWN_AT + timedelta(days=1))
    recorded.attempt(2, "accepted", at=SHOWN_AT - LEARNED_FROM)
    assert recorded.outcomes.as_of(TODAY).cells == {}
    recorded.attempt(3, "accepted")
    assert SqlOutcomes(recorded.engine).as_of(TODAY).cells == {OFFERED: Counts(kept=1)}
    with writing(recorded.engine) as connection:
        connection.execute(sa.insert(tables.resets).values(at=NOW))
    assert SqlOutcomes(recorded.engine).as_of(TODAY).cells == {}


def test_a_day_is_counted_once_and_the_next_anew(recorded: Recorded) -> None:
    recorded.attempt(1, "accepted")
    today = recorded.outcomes.as_of(TODAY)
    recorded.attempt(2, "accepted")
    assert recorded.outcomes.as_of(TODAY) is today
    tomorrow = recorded.outcomes.as_of(TODAY + timedelta(days=1))
    assert tomorrow.cells == {OFFERED: Counts(kept=2)}


def test_an_erased_person_is_learned_from_no_more(recorded: Recorded) -> None:
    recorded.attempt(1, "accepted")
    recorded.leaves(1, after=timedelta(days=20))
    SqlPeopleErasure(recorded.engine).erase("A-1", now=NOW)
    assert recorded.outcomes.as_of(TODAY).cells == {}
