"""An account's books as a value, under the real billing rules and without a database."""

from __future__ import annotations

from collections.abc import Hashable
from copy import copy
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from bot.retention.account import AccountHistory
from bot.retention.commands import Command
from bot.retention.facts import REMEDY
from bot.storage.embedded_billing_books import Books
from bot.storage.embedded_billing_commands import carry_out
from bot.storage.embedded_billing_history import tell
from bot.storage.embedded_billing_records import BillingTerms, SubscriptionRecord
from bot.storage.embedded_billing_time import advance, is_due


class LedgerInMemory:
    """Fits `bot.retention.proof.place.Ledger`; the books given are never changed."""

    def __init__(self, books: Books, terms: BillingTerms | None = None) -> None:
        self._books, self._terms = books, terms or BillingTerms()
        # The same things are asked of the same books over and over.
        self._told: dict[datetime, AccountHistory] = {}
        self._changed: dict[tuple[tuple[Command, ...], datetime], LedgerInMemory] = {}

    def history(self, now: datetime) -> AccountHistory:
        if now not in self._told:
            self._told[now] = tell(self._booked(now), now=now, terms=self._terms)
        return self._told[now]

    def after(self, commands: tuple[Command, ...], now: datetime) -> LedgerInMemory:
        if (commands, now) not in self._changed:
            books = copied(self._booked(now))
            for command in commands:
                carry_out(books, command, now=now, terms=self._terms)
            self._changed[commands, now] = LedgerInMemory(books, self._terms)
        return self._changed[commands, now]

    def charged_after(self, subscription: str, day: date) -> bool:
        return any(
            invoice.subscription == subscription
            and invoice.issued_on > day
            and invoice.status in ("open", "paid")
            for invoice in self._books.invoices
        )

    @cached_property
    def shape(self) -> Hashable:
        books = self._books
        remedied = any(c.policy.startswith(REMEDY) for c in books.concessions)
        return (
            tuple((s.status, s.cancels_on is not None) for s in books.subscriptions),
            any(self._is_something_agreed(s) for s in books.subscriptions),
            tuple(order.status for order in books.orders),
            remedied,
        )

    def _is_something_agreed(self, record: SubscriptionRecord) -> bool:
        books = self._books
        found = (books.pause_of, books.discount_of, books.pending_change_of)
        return record.is_live and any(of(record) is not None for of in found)

    def _booked(self, now: datetime) -> Books:
        if not is_due(self._books, now):
            return self._books
        books = copied(self._books)
        advance(books, now, self._terms)
        return books


def copied(books: Books) -> Books:
    """Return books that can be changed alone."""
    parts: dict[str, Any] = {
        name: [copy(record) for record in part]
        for name, part in vars(books).items()
        if isinstance(part, list)
    }
    return replace(books, account=copy(books.account), **parts)
