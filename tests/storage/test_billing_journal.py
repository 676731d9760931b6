"""The journal of a billing system outside, on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.errors import BillingUnavailable
from bot.money import Money
from bot.retention.commands import GrantCredit
from bot.storage.billing_journal import SqlBillingEvents, SqlBillingJournal
from bot.storage.engine import make_engine
from bot.use_cases.outside_billing import JournalEntry
from tests.databases import (  # noqa: F401  fixtures
    database_url,
    engine,
    postgresql_url,
    sqlite_template,
    sqlite_url,
)
from tests.factories import NOW

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def journal(engine: Any) -> SqlBillingJournal:  # noqa: F811
    return SqlBillingJournal(engine)


def entry(key: str, *, account: str = "cus_1", **changed: Any) -> JournalEntry:
    made = JournalEntry(
        number=0,
        key=key,
        account=account,
        fingerprint="f",
        command=GrantCredit(Money(100), "sub_1"),
        steps=({"method": "POST", "path": "/v1/refunds", "params": {"amount": 1}},),
        begun_at=NOW,
    )
    return replace(made, **changed)


def test_what_is_begun_is_found_as_it_was_written(journal):
    written = entry("k", effective_at=LATER, revoked=(3, 4))
    assert journal.begin(written, after=0)
    found = journal.find("k")
    assert found == replace(written, number=found.number)
    assert journal.of_account("cus_1") == (found,)
    assert journal.of_account("cus_2") == ()
    assert journal.find("other") is None


def test_nothing_is_begun_on_what_is_no_longer_so(journal):
    assert journal.begin(entry("a"), after=0)
    assert not journal.begin(entry("b"), after=0)
    [newest] = journal.of_account("cus_1")
    assert journal.begin(entry("b"), after=newest.number)
    assert journal.begin(entry("c", account="cus_2"), after=0), "accounts do not hinder each other"


def test_a_key_is_taken_once(journal):
    assert journal.begin(entry("k"), after=0)
    assert not journal.begin(entry("k", account="cus_2"), after=0)


def test_done_is_done_and_takes_concessions_back_once(journal):
    journal.begin(entry("given"), after=0)
    [given] = journal.of_account("cus_1")
    journal.begin(entry("taken back"), after=given.number)
    journal.done("taken back", revoked=(given.number,), now=NOW)
    journal.done("taken back", revoked=(given.number,), now=LATER)
    assert journal.find("given").revoked_at == NOW
    assert journal.find("taken back").done_at == NOW


def test_a_dropped_entry_frees_its_key_and_a_done_one_stays(journal):
    journal.begin(entry("k"), after=0)
    journal.drop("k")
    assert journal.find("k") is None
    assert journal.begin(entry("k"), after=0)
    journal.done("k", revoked=(), now=NOW)
    journal.drop("k")
    assert journal.find("k").done_at == NOW


def test_of_two_new_plans_the_first_stands(journal):
    journal.begin(entry("k"), after=0)
    old = journal.find("k")
    first, second = (replace(old, steps=({"path": name},)) for name in ("/first", "/second"))
    assert journal.plan_anew(first, instead_of=old) == first
    assert journal.plan_anew(second, instead_of=old).steps == ({"path": "/first"},)
    journal.done("k", revoked=(), now=NOW)
    assert journal.plan_anew(second, instead_of=first).done_at == NOW


def test_of_many_who_begin_at_once_one_does(journal):
    begun: list[bool] = []
    start = threading.Barrier(6)

    def begin(number: int) -> None:
        start.wait()
        begun.append(journal.begin(entry(f"k{number}"), after=0))

    threads = [threading.Thread(target=begin, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(begun) == [False] * 5 + [True]
    assert len(journal.of_account("cus_1")) == 1


def test_an_event_is_taken_once(engine):  # noqa: F811
    events = SqlBillingEvents(engine)
    assert events.take("evt_1", now=NOW)
    assert not events.take("evt_1", now=NOW)


def test_a_database_without_tables_is_told_as_unavailable(tmp_path):
    made = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(BillingUnavailable, match="make run"):
        SqlBillingJournal(made).of_account("cus_1")
    made.dispose()
