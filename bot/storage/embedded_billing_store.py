"""An account's books from and to the database: one query a table, one write a changed row."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import fields
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from bot.errors import AccountNotFound
from bot.money import Money
from bot.retention.account import Incident, Plan, Ticket
from bot.storage import billing_tables as t
from bot.storage.embedded_billing_books import Books
from bot.storage.embedded_billing_records import (
    BOXES_TOLD,
    AccountRecord,
    BoxRecord,
    ConcessionRecord,
    CreditRecord,
    DiscountRecord,
    InvoiceRecord,
    OrderRecord,
    PauseRecord,
    PlanChangeRecord,
    ShopItem,
    SubscriptionRecord,
)
from bot.storage.schema import metadata

# In the order in which rows may refer to each other: field of Books, table, record.
_PARTS: tuple[tuple[str, Any, type], ...] = (
    ("concessions", t.concessions, ConcessionRecord),
    ("subscriptions", t.subscriptions, SubscriptionRecord),
    ("plan_changes", t.plan_changes, PlanChangeRecord),
    ("discounts", t.discounts, DiscountRecord),
    ("pauses", t.pauses, PauseRecord),
    ("boxes", t.boxes, BoxRecord),
    ("orders", t.orders, OrderRecord),
    ("invoices", t.invoices, InvoiceRecord),
    ("credits", t.credit_entries, CreditRecord),
)

# A row as it was read, by its table and primary key.
Snapshot = dict[tuple[Any, ...], Any]


def load(connection: Any, account: str, *, now: datetime) -> Books:
    """Read an account's books. Raises AccountNotFound."""
    return _read(connection, account, now, locks=False)


def load_plans(connection: Any, *, households: int = 1) -> tuple[Plan, ...]:
    """Return the catalogue as that many households would pay it."""
    return tuple(_plan(found, households) for found in connection.execute(_PLANS))


def load_shop_items(connection: Any) -> tuple[ShopItem, ...]:
    return tuple(
        ShopItem(name, Money(price, currency))
        for name, price, currency in connection.execute(_SHOP_ITEMS)
    )


def load_to_change(connection: Any, account: str, *, now: datetime) -> tuple[Books, Snapshot]:
    """Read an account's books and keep every other writer of it waiting; see `save`."""
    books = _read(connection, account, now, locks=True)
    return books, {key: copy(record) for key, _table, record in _rows(books)}


def save(connection: Any, books: Books, before: Snapshot) -> None:
    """Write what differs from the snapshot: new rows, changed columns, removed rows."""
    now = {key: (table, record) for key, table, record in _rows(books)}
    for key in before.keys() - now.keys():
        connection.execute(sa.delete(_table_of(key)).where(_is(_table_of(key), key)))
    # New rows come first, parents before children: a changed row may refer to one of them.
    new: dict[Any, list[dict[str, Any]]] = {}
    for key, (table, record) in now.items():
        if key not in before:
            new.setdefault(table, []).append(dict(vars(record)))
    for table, rows in new.items():
        connection.execute(sa.insert(table), rows)
    for key, old in before.items():
        table, record = now.get(key, (None, old))
        changed = {k: v for k, v in vars(record).items() if v != getattr(old, k)}
        if changed:
            connection.execute(sa.update(table).where(_is(table, key)).values(**changed))


def insert(connection: Any, books: Books, *, with_account: bool = True) -> None:
    """Write everything in these books; without the account's own row when it is there already."""
    own = {(t.accounts.name, books.account.number): copy(books.account)}
    save(connection, books, {} if with_account else own)


def _read(connection: Any, account: str, now: datetime, *, locks: bool) -> Books:
    query = _ACCOUNT.with_for_update() if locks else _ACCOUNT
    row = connection.execute(query, {"account": account}).one_or_none()
    if row is None:
        raise AccountNotFound(account)
    record = AccountRecord(*row)
    books = Books(record)
    asked: dict[str, Any] = {"account": account}
    for name, query, build in _QUERIES:
        if name == "boxes":
            asked["boxes_since"] = _boxes_since(books, now)
        setattr(books, name, [build(*found) for found in connection.execute(query, asked)])
    books.plans = load_plans(connection, households=record.households)
    books.shop_items = load_shop_items(connection)
    books.tickets = tuple(Ticket(*found) for found in connection.execute(_TICKETS, asked))
    books.incidents = tuple(Incident(*found) for found in connection.execute(_INCIDENTS, asked))
    return books


def _boxes_since(books: Books, now: datetime) -> date:
    """Return the day of dispatch from which on boxes are told, or still have to be booked."""
    unbooked = [s.next_box_on for s in books.subscriptions if s.next_box_on is not None]
    return min([(now - BOXES_TOLD).date(), *unbooked])


def _plan(row: Any, households: int) -> Plan:
    """Tell a plan as this account would pay it: for several households, as many times."""
    code, name, price, currency, interval, size, advertised, boxes = row
    price_of_all = Money(price, currency).times(households)
    return Plan(code, name, price_of_all, interval, size, advertised, boxes)


def _rows(books: Books) -> Iterator[tuple[tuple[Any, ...], Any, Any]]:
    """Give key, table and record of every row that can change, parents first."""
    yield (t.accounts.name, books.account.number), t.accounts, books.account
    for name, table, _record in _PARTS:
        for record in getattr(books, name):
            values = (getattr(record, column.name) for column in table.primary_key)
            yield (table.name, *values), table, record


def _table_of(key: tuple[Any, ...]) -> Any:
    return metadata.tables[key[0]]


def _is(table: Any, key: tuple[Any, ...]) -> Any:
    columns = table.primary_key.columns
    return sa.and_(*(c == value for c, value in zip(columns, key[1:], strict=True)))


def _columns(table: Any, record: type) -> list[Any]:
    """Return the table's columns in the record's order; a missing one is a KeyError."""
    return [table.c[field.name] for field in fields(record)]


def _query(table: Any, record: type) -> Any:
    query = sa.select(*_columns(table, record)).where(table.c.account == sa.bindparam("account"))
    if table is t.boxes:
        query = query.where(table.c.dispatch_on >= sa.bindparam("boxes_since"))
    return query.order_by(*table.primary_key.columns)


_ACCOUNT = sa.select(*_columns(t.accounts, AccountRecord)).where(
    t.accounts.c.number == sa.bindparam("account")
)
_QUERIES = tuple((name, _query(table, record), record) for name, table, record in _PARTS)
_PLANS = sa.select(t.plans).order_by(t.plans.c.interval, t.plans.c.size)
_SHOP_ITEMS = sa.select(t.shop_items).order_by(t.shop_items.c.price_minor, t.shop_items.c.name)
_TICKETS = (
    sa.select(*_columns(t.tickets, Ticket))
    .where(t.tickets.c.account == sa.bindparam("account"))
    .order_by(t.tickets.c.opened_on.desc())
)
_INCIDENTS = (
    sa.select(*_columns(t.incidents, Incident))
    .join(t.incident_accounts, t.incident_accounts.c.incident == t.incidents.c.id)
    .where(t.incident_accounts.c.account == sa.bindparam("account"))
    .order_by(t.incidents.c.opened_on.desc())
)
