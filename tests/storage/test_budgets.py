"""Budgets in the database: sixteen at once take no more than there is, each line once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.integrations.ids import RandomIds
from bot.retention.budget import Budgets, Line, Spent
from bot.storage import desk_tables
from bot.storage.people_erasure import SqlPeopleErasure
from bot.storage.unit_of_work import SqlUnitOfWork
from tests.databases import (  # noqa: F401  fixtures
    database_url,
    engine,
    postgresql_url,
    sqlite_template,
    sqlite_url,
)
from tests.factories import NOW

AT_ONCE = 16
LATER = timedelta(hours=24)
NO_LIMIT = Budgets()


class Book:
    """The budget book, a transaction a call."""

    def __init__(self, database: Any) -> None:
        self.engine = database

    def _on(self, call: Any) -> Any:
        with SqlUnitOfWork(self.engine, RandomIds()) as uow:
            done = call(uow.budgets)
            uow.commit()
        return done

    def set_aside(self, line: Line, budgets: Budgets = NO_LIMIT, now: datetime = NOW) -> bool:
        return bool(self._on(lambda book: book.set_aside(line, budgets=budgets, now=now)))

    def spend(self, line: Line, budgets: Budgets = NO_LIMIT, now: datetime = NOW) -> bool:
        return bool(self._on(lambda book: book.spend(line, budgets=budgets, now=now)))

    def free(self, *offers: str) -> None:
        self._on(lambda book: book.free(offers))

    def spent(self, now: datetime = NOW) -> Spent:
        counted: Spent = self._on(lambda book: book.spent(now=now))
        return counted

    def agree_once(self, line: Line) -> bool:
        """Agree to the line if nothing else was agreed for its account within the last day."""

        def rested_and_spent(book: Any) -> bool:
            rested = book.has_rested(line, since=NOW - LATER)
            return bool(rested and book.spend(line, budgets=NO_LIMIT, now=NOW))

        return bool(self._on(rested_and_spent))


@pytest.fixture
def book(engine: Any) -> Book:  # noqa: F811
    return Book(engine)


def a_line(
    offer: str = "o-1",
    cost: int = 1000,
    *,
    policy: str = "relief",
    account: str = "A-1",
    now: datetime = NOW,
) -> Line:
    return Line(offer, account, policy, cost, now + LATER, cools_down=True)


@pytest.mark.parametrize(
    "budgets",
    [Budgets(5500), Budgets(None, {"relief": 5500}), Budgets(5500, {"relief": 9000})],
    ids=["the company's", "the policy's", "both"],
)
def test_sixteen_at_once_never_take_more_than_there_is(book, budgets):
    with ThreadPoolExecutor(AT_ONCE) as pool:
        lines = [a_line(f"o-{n}") for n in range(AT_ONCE)]
        kept = list(pool.map(lambda line: book.set_aside(line, budgets), lines))
    assert kept.count(True) == 5
    assert book.spent() == Spent(5000, {"relief": 5000})


def test_sixteen_at_once_agree_to_one_concession_of_an_account(book):
    lines = [a_line(f"o-{n}") for n in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert list(pool.map(book.agree_once, lines)).count(True) == 1
    assert book.spent().total_minor == 1000
    assert book.agree_once(a_line("o-other", account="A-2")), "another account is free to"


def test_sixteen_who_spend_what_they_set_aside_all_do(book):
    budgets = Budgets(AT_ONCE * 1000)
    lines = [a_line(f"o-{n}") for n in range(AT_ONCE)]
    assert all(book.set_aside(line, budgets) for line in lines)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert all(pool.map(lambda line: book.spend(line, budgets), lines))
    assert book.spent().total_minor == AT_ONCE * 1000


def test_a_line_that_is_kept_fits_however_full_the_budget_is(book):
    budgets = Budgets(1000)
    assert book.set_aside(a_line(), budgets)
    assert book.set_aside(a_line(), budgets), "the same offer, recorded again"
    assert not book.set_aside(a_line("o-2"), budgets)
    assert book.spend(a_line(), budgets)
    assert book.spend(a_line(), budgets), "the same consent, heard again"
    assert book.spent() == Spent(1000, {"relief": 1000})


def test_what_is_declined_is_there_for_the_next(book):
    budgets = Budgets(1000)
    assert book.set_aside(a_line(), budgets)
    book.free("o-1")
    assert book.spent() == Spent()
    assert book.set_aside(a_line("o-2"), budgets)


def test_what_was_set_aside_counts_until_the_offer_runs_out_and_what_was_spent_for_good(book):
    budgets = Budgets(2000)
    assert book.set_aside(a_line(), budgets)
    assert book.spend(a_line("o-2"), budgets)
    assert book.spent(NOW + LATER - timedelta(seconds=1)).total_minor == 2000
    assert book.spent(NOW + LATER).total_minor == 1000
    later = NOW + LATER
    assert book.set_aside(a_line("o-3", now=later), budgets, later)
    assert not book.spend(a_line(), budgets, later), "it ran out, and somebody else has it"
    assert book.spent(later).total_minor == 2000


def test_an_offer_that_ran_out_is_spent_while_there_is_room(book):
    assert book.set_aside(a_line(), Budgets(1000))
    assert book.spend(a_line(), Budgets(1000), NOW + LATER)
    assert book.spent(NOW + LATER) == Spent(1000, {"relief": 1000})


def test_what_billing_refused_is_only_set_aside_again(book):
    assert book.spend(a_line())
    assert book.set_aside(a_line())
    assert book.spent(NOW + LATER) == Spent(), "it ran out and was never given"
    assert book.spend(a_line("o-2"))
    assert book.set_aside(a_line("o-2"), now=NOW + LATER)
    assert book.spent(NOW + LATER) == Spent(), "it had run out already"


def test_every_month_begins_with_the_whole_budget(book):
    budgets = Budgets(1000)
    assert book.spend(a_line(), budgets)
    next_month = datetime(2026, 4, 1, tzinfo=NOW.tzinfo)
    assert book.spent(next_month) == Spent()
    assert book.set_aside(a_line("o-2", now=next_month), budgets, next_month)


def test_what_was_given_before_the_demo_was_put_back_does_not_count(book):
    assert book.spend(a_line())
    with book.engine.begin() as connection:
        at = NOW + timedelta(seconds=1)
        connection.execute(sa.insert(desk_tables.resets).values(at=at))
    assert book.spent() == Spent()


def test_what_an_erased_person_was_given_stays_spent_and_names_nobody(book):
    assert book.spend(a_line())
    SqlPeopleErasure(book.engine).erase("A-1", now=NOW)
    assert book.spent() == Spent(1000, {"relief": 1000})
    with book.engine.connect() as connection:
        accounts = connection.exec_driver_sql("SELECT account FROM budget_lines").scalars().all()
    assert accounts == [None]
