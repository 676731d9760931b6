"""The embedded billing system: accounts, money and deliveries in the desk's own database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.errors import BillingUnavailable, NotPossible
from bot.retention.account import AccountHistory, Plan
from bot.retention.capabilities import EVERYTHING
from bot.retention.commands import CancelSubscription, Command
from bot.storage import billing_tables as t
from bot.storage.embedded_billing_books import Books
from bot.storage.embedded_billing_commands import carry_out
from bot.storage.embedded_billing_history import tell
from bot.storage.embedded_billing_orders import receive_goods
from bot.storage.embedded_billing_records import BillingTerms, ShopItem
from bot.storage.embedded_billing_store import (
    load,
    load_plans,
    load_shop_items,
    load_to_change,
    save,
)
from bot.storage.embedded_billing_time import advance, is_due
from bot.storage.engine import reading, writing


class EmbeddedBilling:
    """Fits the port `Billing`; safe to share between threads and processes.

    Time needs no job: whoever reads or changes an account books first what became due.
    """

    capabilities = EVERYTHING

    def __init__(self, engine: Any, terms: BillingTerms | None = None) -> None:
        self._engine = engine
        self._terms = terms or BillingTerms()

    def history(self, account: str, *, now: datetime) -> AccountHistory:
        """Return what is true at `now`; takes a write lock only when something became due."""
        with _plainly(), reading(self._engine) as connection:
            books = load(connection, account, now=now)
        if not is_due(books, now):
            return tell(books, now=now, terms=self._terms)
        with self._changing(account, now) as (_connection, books):
            advance(books, now, self._terms)
        return tell(books, now=now, terms=self._terms)

    def account_of_email(self, email: str) -> str | None:
        query = sa.select(t.accounts.c.number).where(t.accounts.c.email == email.strip().lower())
        with _plainly(), reading(self._engine) as connection:
            number: str | None = connection.execute(query).scalar_one_or_none()
        return number

    def catalogue(self) -> tuple[Plan, ...]:
        """Return every plan at its list price; an account's history has its own prices."""
        with _plainly(), reading(self._engine) as connection:
            return load_plans(connection)

    def execute(self, account: str, command: Command, *, key: str, now: datetime) -> AccountHistory:
        """Carry out `command` once for `key` and return what is now true; see the port."""
        with self._changing(account, now) as (connection, books):
            if not _was_done(connection, account, command, key):
                # A cancellation counts from when it was said: what became due since then is
                # booked only afterwards, as far as it still becomes due.
                advance(books, _said_at(command, now), self._terms)
                carry_out(books, command, now=now, terms=self._terms)
                _remember(connection, account, command, key, now)
            advance(books, now, self._terms)
        return tell(books, now=now, terms=self._terms)

    def receive_goods(self, account: str, order: str, *, now: datetime) -> AccountHistory:
        """Book that what the customer sent back has arrived: a refund is paid, an exchange sent.

        Raises:
            NotPossible: there is no such order, or nothing is on its way back.
        """
        with self._changing(account, now) as (_connection, books):
            advance(books, now, self._terms)
            receive_goods(books, order)
        return tell(books, now=now, terms=self._terms)

    def shop_items(self) -> tuple[ShopItem, ...]:
        """Return what the shop sells, cheapest first; an order can be exchanged for these."""
        with _plainly(), reading(self._engine) as connection:
            return load_shop_items(connection)

    @contextmanager
    def _changing(self, account: str, now: datetime) -> Iterator[tuple[Any, Books]]:
        """Give the books to change alone; they are written at the end, or not at all."""
        with _plainly(), writing(self._engine) as connection:
            books, before = load_to_change(connection, account, now=now)
            yield connection, books
            save(connection, books, before)


def _said_at(command: Command, now: datetime) -> datetime:
    return min(command.requested_at, now) if isinstance(command, CancelSubscription) else now


def _was_done(connection: Any, account: str, command: Command, key: str) -> bool:
    """Tell whether `key` was carried out. Raises NotPossible: it was, with another command."""
    query = sa.select(t.billing_commands.c.fingerprint).where(t.billing_commands.c.key == key)
    found = connection.execute(query).scalar_one_or_none()
    if found is not None and found != _fingerprint(account, command):
        raise NotPossible(f"The key {key!r} was used for another command. Use a new key.")
    return found is not None


def _remember(connection: Any, account: str, command: Command, key: str, now: datetime) -> None:
    connection.execute(
        sa.insert(t.billing_commands).values(
            key=key,
            account=account,
            command=type(command).__name__,
            fingerprint=_fingerprint(account, command),
            asked=json.loads(_as_json(asdict(command))),
            executed_at=now,
        )
    )


def _fingerprint(account: str, command: Command) -> str:
    """Return a hash of what is asked, leaving out when: a retry may name another time."""
    asked = {k: v for k, v in asdict(command).items() if k != "requested_at"}
    text = _as_json([account, type(command).__name__, asked])
    return hashlib.sha256(text.encode()).hexdigest()


def _as_json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


@contextmanager
def _plainly() -> Iterator[None]:
    """Say in the desk's words that the database did not do it."""
    try:
        yield
    except (sa.exc.DBAPIError, sa.exc.TimeoutError) as error:
        raise BillingUnavailable(
            "The billing database cannot be used now. Try again; on a new installation, "
            "start the desk once with `make run`."
        ) from error
