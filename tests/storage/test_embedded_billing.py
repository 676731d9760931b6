"""The embedded billing system on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.errors import BillingUnavailable
from bot.money import Money
from bot.retention.commands import ChangePlan, GrantCredit
from bot.storage import billing_tables as t
from bot.storage.demo_store import SqlDemoAccounts
from bot.storage.embedded_billing import EmbeddedBilling
from bot.storage.engine import make_engine, reading, writing
from tests.billing_contract import BillingContract, a_note, in_days
from tests.billing_contract_of_orders import OrdersContract
from tests.databases import postgresql_url, sqlite_template, sqlite_url  # noqa: F401  fixtures
from tests.factories import NOW


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def engine(
    request: pytest.FixtureRequest,
    sqlite_template: Path,  # noqa: F811
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Any]:
    """One database of each kind for the whole module; `billing` puts it back for every test."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("billing") / "desk.db"
        shutil.copy(sqlite_template, path)
        made = make_engine(f"sqlite:///{path}")
    else:
        made = make_engine(request.getfixturevalue("postgresql_url"))
    yield made
    made.dispose()


@pytest.fixture
def billing(engine: Any) -> EmbeddedBilling:
    with writing(engine) as connection:
        connection.execute(sa.delete(t.billing_commands))
    SqlDemoAccounts(engine).reset(now=NOW)
    return EmbeddedBilling(engine)


class TestEmbeddedBilling(BillingContract, OrdersContract):
    """The contract, on both databases."""


def test_a_command_that_breaks_off_anywhere_leaves_nothing_behind(engine, billing):
    """Break off at the first statement, then at the second, and so on until nothing breaks."""
    command = ChangePlan("S-1001", "duo", a_note("downgrade", value=3000))
    # Late enough for a renewal and boxes to be booked in the same transaction.
    now = in_days(14)
    with reading(engine) as connection:
        untouched = connection.execute(sa.select(t.invoices)).all()
    remaining = [0]

    def break_off(*_statement: Any) -> None:
        remaining[0] -= 1
        if remaining[0] < 0:
            raise ConnectionError("the process was killed here")

    sa.event.listen(engine, "before_cursor_execute", break_off)
    try:
        for survived in range(200):
            remaining[0] = survived
            try:
                told = billing.execute("A-1001", command, key="k", now=now)
                break
            except ConnectionError:
                remaining[0] = 1000
                with reading(engine) as connection:
                    assert connection.execute(sa.select(t.billing_commands)).all() == []
                    assert connection.execute(sa.select(t.invoices)).all() == untouched
    finally:
        sa.event.remove(engine, "before_cursor_execute", break_off)
    assert survived > 15, "the premise: it was broken off at many places"
    assert len(told.concessions) == 1
    assert billing.execute("A-1001", command, key="k", now=now) == told


def test_many_at_once_with_one_key_do_it_once(billing):
    command = GrantCredit(Money(1500), "S-1001", a_note("credit", value=1500))
    told, start = [], threading.Barrier(6)

    def grant() -> None:
        start.wait()
        told.append(billing.execute("A-1001", command, key="k", now=NOW))

    _run_together(grant, times=6)
    assert [history.credit for history in told] == [Money(1500)] * 6


def test_many_at_once_on_one_account_lose_nothing(billing):
    keys, start = iter(range(100)), threading.Barrier(6)

    def grant() -> None:
        start.wait()
        for _ in range(5):
            billing.execute("A-1001", GrantCredit(Money(100)), key=f"k{next(keys)}", now=NOW)

    _run_together(grant, times=6)
    assert billing.history("A-1001", now=NOW).credit == Money(3000)


def test_many_who_look_when_a_renewal_is_due_book_it_once(billing):
    seen, start = [], threading.Barrier(6)

    def look() -> None:
        start.wait()
        seen.append(billing.history("A-1001", now=in_days(13)))

    _run_together(look, times=6)
    assert len(seen) == 6
    assert all(history == seen[0] for history in seen)
    assert len(seen[0].invoices) == 7


def test_looking_needs_no_write_lock_when_nothing_is_due(sqlite_url):  # noqa: F811
    engine = make_engine(sqlite_url)
    SqlDemoAccounts(engine).load_if_missing(now=NOW)
    with writing(engine) as connection:
        connection.execute(sa.update(t.accounts).values(households=1))
        assert EmbeddedBilling(engine).history("A-1012", now=NOW).households == 3
    engine.dispose()


def test_a_database_without_tables_is_told_as_unavailable(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(BillingUnavailable, match="make run"):
        EmbeddedBilling(engine).history("A-1001", now=NOW)
    engine.dispose()


def _run_together(work: Any, *, times: int) -> None:
    """Run in threads, and raise what any of them raised."""
    failed: list[BaseException] = []

    def guarded() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001  raised below, in the test's own thread
            failed.append(error)

    threads = [threading.Thread(target=guarded) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
