"""Loading the demo company into the embedded billing system, and putting it back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.storage import billing_tables as t
from bot.storage.demo_books import PLANS
from bot.storage.demo_company import SHOP_ITEMS, demo_accounts
from bot.storage.embedded_billing_books import Books
from bot.storage.embedded_billing_store import insert
from bot.storage.engine import wait_alone, writing

# Any fixed number: two processes that start together must not both load the accounts.
_LOCK = 7_310_443

# What a reset takes away, children first. Carried-out commands stay: a request that is repeated
# after a reset must not be carried out again.
_CLEARED = (
    t.credit_entries,
    t.invoices,
    t.orders,
    t.boxes,
    t.pauses,
    t.discounts,
    t.plan_changes,
    t.subscriptions,
    t.concessions,
    t.tickets,
    t.incident_accounts,
)


class SqlDemoAccounts:
    """Fits the port `DemoAccounts`."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def load_if_missing(self, *, now: datetime) -> tuple[str, ...]:
        """Load the accounts that are not there; return their numbers."""
        with writing(self._engine) as connection:
            wait_alone(connection, _LOCK)
            known = set(connection.execute(sa.select(t.accounts.c.number)).scalars())
            missing = [b for b in demo_accounts(now.date()) if b.account.number not in known]
            if missing:
                _put_catalogue(connection)
            for books in missing:
                _insert(connection, books)
        return tuple(books.account.number for books in missing)

    def reset(self, *, now: datetime) -> tuple[str, ...]:
        """Put every demo account back to how it began, as of now; return their numbers."""
        fresh = demo_accounts(now.date())
        numbers = tuple(books.account.number for books in fresh)
        with writing(self._engine) as connection:
            wait_alone(connection, _LOCK)
            # Commands that run now come to an end first; later ones see the fresh account.
            lock = sa.select(t.accounts.c.number).where(t.accounts.c.number.in_(numbers))
            known = set(connection.execute(lock.order_by("number").with_for_update()).scalars())
            for table in _CLEARED:
                connection.execute(sa.delete(table).where(table.c.account.in_(numbers)))
            _put_catalogue(connection)
            for books in fresh:
                _insert(connection, books, is_known=books.account.number in known)
        return numbers


def put_catalogue(engine: Any) -> None:
    """Load what the demo company sells, and none of its accounts."""
    with writing(engine) as connection:
        _put_catalogue(connection)


def put_account(engine: Any, books: Books) -> None:
    """Load one account more, which must be new."""
    with writing(engine) as connection:
        _insert(connection, books)


def _put_catalogue(connection: Any) -> None:
    """Make the demo company's plans and shop items what they are here; others stay."""
    plans = [
        {
            "code": plan.code,
            "name": plan.name,
            "price_minor": plan.price.minor,
            "currency": plan.price.currency,
            "interval": plan.interval,
            "size": plan.size,
            "advertised": plan.advertised,
            "boxes_per_cycle": plan.boxes_per_cycle,
        }
        for plan in PLANS
    ]
    items = [
        {"name": i.name, "price_minor": i.price.minor, "currency": i.price.currency}
        for i in SHOP_ITEMS
    ]
    for row in plans:
        _put(connection, t.plans, row)
    for row in items:
        _put(connection, t.shop_items, row)


def _put(connection: Any, table: Any, row: dict[str, Any]) -> None:
    """Insert the row, or make the one with its primary key equal to it."""
    own = sa.and_(*(column == row[column.name] for column in table.primary_key.columns))
    if connection.execute(sa.update(table).where(own).values(**row)).rowcount == 0:
        connection.execute(sa.insert(table).values(**row))


def _insert(connection: Any, books: Books, *, is_known: bool = False) -> None:
    if is_known:
        _put(connection, t.accounts, vars(books.account))
    insert(connection, books, with_account=not is_known)
    number = books.account.number
    for ticket in books.tickets:
        connection.execute(sa.insert(t.tickets).values(account=number, **asdict(ticket)))
    for incident in books.incidents:
        _put(connection, t.incidents, asdict(incident))
        connection.execute(
            sa.insert(t.incident_accounts).values(incident=incident.id, account=number)
        )
