"""What a billing system over HTTP tells, read strictly: nonsense never becomes a decision."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from bot.integrations.billing_line import Json
from bot.integrations.typed_json import DoesNotFit, read_as
from bot.money import Money
from bot.retention.account import (
    AccountHistory,
    Box,
    Incident,
    Invoice,
    Plan,
    Subscription,
    Ticket,
)
from bot.retention.capabilities import Capabilities, Capability

# Words that the core keeps as text, by shape and field.
WORDS: dict[tuple[type, str], frozenset[str]] = {
    (Plan, "interval"): frozenset({"month", "year"}),
    (Subscription, "interval"): frozenset({"month", "year"}),
    (Invoice, "status"): frozenset({"open", "paid", "overdue", "refunded", "void"}),
    (Box, "status"): frozenset({"delivered", "skipped", "dispatched", "scheduled"}),
    (Incident, "status"): frozenset({"open", "resolved"}),
    (Ticket, "status"): frozenset({"open", "closed"}),
}
_CURRENCY = re.compile("[A-Z]{3}")
# The core goes by the newest one of each list, so their order is not left to chance.
_NEWEST_FIRST = {
    "orders": "ordered_on",
    "invoices": "issued_on",
    "concessions": "granted_at",
    "boxes": "due_on",
    "incidents": "opened_on",
    "tickets": "opened_on",
    "plan_changes": "changed_on",
}


@dataclass(frozen=True)
class ToldAccount:
    """An account, and by the billing system's own clock the instant of which it is true."""

    as_of: datetime
    history: AccountHistory

    def is_ahead_by(self, now: datetime) -> timedelta:
        """Return how far the billing system's clock is ahead of ours, which showed `now`."""
        return self.as_of - now


@dataclass(frozen=True)
class _AsOf:
    as_of: datetime


@dataclass(frozen=True)
class _Plans:
    plans: tuple[Plan, ...]


@dataclass(frozen=True)
class _Accounts:
    accounts: tuple[str, ...]


@dataclass(frozen=True)
class _Declared:
    system: str
    capabilities: tuple[str, ...]


def read_account(told: Json, asked: str) -> ToldAccount:
    """Raises DoesNotFit: it is not the account that was asked for, or contradicts itself."""
    as_of, history = read_as(_AsOf, told).as_of, read_as(AccountHistory, told)
    if history.account != asked:
        raise DoesNotFit("account", f"is {history.account!r}, and {asked!r} was asked for")
    for where, part in _parts(history, ""):
        _check_words(part, where)
        if isinstance(part, Money) and part.currency != history.currency:
            raise DoesNotFit(where, f"is in {part.currency}, the account in {history.currency}")
        if isinstance(part, Subscription):
            _check_subscription(part, where)
    ids = [subscription.id for subscription in history.subscriptions]
    if len(set(ids)) != len(ids):
        raise DoesNotFit("subscriptions", "two have the same id")
    in_order: dict[str, Any] = {
        name: tuple(sorted(getattr(history, name), key=attrgetter(when), reverse=True))
        for name, when in _NEWEST_FIRST.items()
    }
    return ToldAccount(as_of, replace(history, **in_order))


def read_catalogue(told: Json) -> tuple[Plan, ...]:
    plans = read_as(_Plans, told).plans
    for where, part in _parts(plans, "plans"):
        _check_words(part, where)
    return plans


def read_accounts(told: Json) -> tuple[str, ...]:
    return read_as(_Accounts, told).accounts


def read_capabilities(told: Json) -> Capabilities:
    """Words that a later desk may know are passed over."""
    declared = read_as(_Declared, told)
    known = {capability.value for capability in Capability}
    words = (word for word in declared.capabilities if word in known)
    return Capabilities(declared.system, frozenset(Capability(word) for word in words))


def _parts(told: Any, where: str) -> Iterator[tuple[str, Any]]:
    """Give every shape inside, with its place."""
    if isinstance(told, tuple):
        for number, one in enumerate(told):
            yield from _parts(one, f"{where}[{number}]")
    elif is_dataclass(told):
        yield where, told
        for field in fields(told):
            yield from _parts(getattr(told, field.name), f"{where}.{field.name}".lstrip("."))


def _check_words(part: Any, where: str) -> None:
    if isinstance(part, Money) and not _CURRENCY.fullmatch(part.currency):
        raise DoesNotFit(f"{where}.currency", f"is {part.currency!r}, which is none such as USD")
    for (shape, name), known in WORDS.items():
        if isinstance(part, shape) and getattr(part, name) not in known:
            listed = ", ".join(sorted(known))
            said = f"is {getattr(part, name)!r}, which is none of {listed}"
            raise DoesNotFit(f"{where}.{name}", said)


def _check_subscription(told: Subscription, where: str) -> None:
    """Refuse what the desk would have to guess at: when it renews, when it ended, what it costs."""
    pause, discount = told.pause, told.discount
    problems = {
        "renews_on": told.is_live and told.renews_on is None,
        "canceled_at": not told.is_live and told.canceled_at is None,
        "price": told.price.minor < 0,
        "pause": pause is not None and pause.starts_on >= pause.resumes_on,
        "discount": discount is not None and not 0 < discount.percent <= 100,
    }
    for name, is_nonsense in problems.items():
        if is_nonsense:
            raise DoesNotFit(f"{where}.{name}", f"does not go with a {told.status.value} one")
