"""Accounts in variety: plans, ages, debts, faults, trials, orders and places, drawn by chance.

Shares are assumptions, not measurements: every kind that the rules tell apart is made often enough
to be met in every large run.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

from bot.money import Money
from bot.retention.account import Incident
from bot.retention.calendar import add_months
from bot.storage.demo_books import bill, books_of, deliver, order, subscribe
from bot.storage.demo_company import SHOP_ITEMS
from bot.storage.embedded_billing_books import Books
from bot.storage.embedded_billing_records import (
    ConcessionRecord,
    DiscountRecord,
    PauseRecord,
    SubscriptionRecord,
)

# Days from which the rules in force are those of every profile we have, with a leap day.
FIRST_DAY, DAYS = date(2026, 7, 1), 900
NAMES = ("Ana", "Ben", "Chloe", "Dev", "Elif", "Finn", "Gala", "Hugo", "Iris", "Jun", "Kofi", "Lou")
# None: nobody knows where the customer lives. BR has no profile of its own.
PLACES = (
    *("US-TX", "US-CA", "US-CO", "US-NY", "US-MN", "US-MA", "US-FL"),
    *("DE", "FR", "IT", "AT", "GB", "BR", None),
)
_PLACE_WEIGHTS = (22, 9, 9, 7, 7, 5, 8, 7, 5, 5, 3, 7, 3, 3)
_MONTHLY = ("light", "solo", "duo", "family")
_MONTHLY_WEIGHTS = (1, 3, 3, 3)


@dataclass(frozen=True)
class Drawn:
    """An account to simulate, and the moment at which its customer comes."""

    books: Books
    now: datetime


def draw_account(chance: random.Random, kinds: tuple[str, ...] = ()) -> Drawn:
    """Return books drawn by chance; `kinds` names those that fit, else any of them."""
    today = FIRST_DAY + timedelta(days=chance.randrange(DAYS))
    now = datetime.combine(today, time(chance.randrange(24), chance.randrange(60)), timezone.utc)
    weights = {name: weight for name, (weight, _build) in _KINDS.items() if not kinds}
    kind = chance.choices(*zip(*weights.items(), strict=True))[0] if weights else ""
    kind = kind or chance.choice(kinds)
    number = f"A-{chance.randrange(100_000, 1_000_000)}"
    place = chance.choices(PLACES, _PLACE_WEIGHTS)[0]
    books = books_of(
        number, chance.choice(NAMES), "", lifetime_minor=chance.randrange(0, 400) * 1000
    )
    books.account.jurisdiction = place
    _KINDS[kind][1](books, today, chance)
    return Drawn(books, now)


def _monthly(
    books: Books, today: date, chance: random.Random, *, months: int | None = None, suffix: str = ""
) -> SubscriptionRecord:
    plan = chance.choices(_MONTHLY, _MONTHLY_WEIGHTS)[0]
    months = chance.randrange(1, 40) if months is None else months
    renews_on = today + timedelta(days=chance.randrange(1, 28))
    mine = subscribe(books, plan, today=today, months=months, renews_on=renews_on, suffix=suffix)
    bill(books, mine, until=mine.period_starts_on)
    return mine


def _boxes(books: Books, mine: SubscriptionRecord, today: date, chance: random.Random) -> None:
    uncooked = tuple(n for n in range(12) if chance.random() < 0.3)
    deliver(books, mine, today=today, uncooked=uncooked, skipped=chance.choice((0, 0, 0, 2, 4)))


def _running(books: Books, today: date, chance: random.Random) -> None:
    _boxes(books, _monthly(books, today, chance), today, chance)


def _new(books: Books, today: date, chance: random.Random) -> None:
    began_on = today - timedelta(days=chance.randrange(1, 20))
    plan = chance.choices(_MONTHLY, _MONTHLY_WEIGHTS)[0]
    mine = subscribe(books, plan, today=today, months=0, renews_on=add_months(began_on, 1))
    mine.started_on = mine.period_starts_on = mine.anchor_on = began_on
    bill(books, mine, until=began_on)


def _late_boxes(books: Books, today: date, chance: random.Random) -> None:
    mine = _monthly(books, today, chance, months=chance.randrange(4, 30))
    mine.every_weeks = 2
    deliver(books, mine, today=today, late=chance.choice((1, 2, 3)))
    if chance.random() < 0.6:
        fixed_on = chance.choice((None, today + timedelta(days=5)))
        opened_on = today - timedelta(days=20)
        books.incidents = (
            Incident(
                f"N-{books.account.number}", "Delays at the carrier", "open", opened_on, fixed_on
            ),
        )


def _discounted(books: Books, today: date, chance: random.Random) -> None:
    mine = _monthly(books, today, chance, months=chance.randrange(13, 40))
    granted_on = today - timedelta(days=chance.randrange(20, 170))
    runs = chance.random() < 0.5
    books.concessions.append(
        ConcessionRecord(
            id=books.new_id("C"),
            account=mine.account,
            kind="discount",
            policy="price_relief@1",
            subscription=mine.id,
            granted_at=datetime.combine(granted_on, time(9), timezone.utc),
            value_minor=3 * Money(mine.price_minor).percent(20).minor,
        )
    )
    if runs and mine.renews_on:
        books.discounts.append(
            DiscountRecord(
                id=books.new_id("D"),
                account=mine.account,
                subscription=mine.id,
                percent=20,
                cycles=3,
                cycles_used=2,
                ends_on=add_months(mine.renews_on, 1),
                concession=books.concessions[-1].id,
            )
        )
    _boxes(books, mine, today, chance)


def _paused(books: Books, today: date, chance: random.Random) -> None:
    mine = _monthly(books, today, chance, months=chance.randrange(6, 30))
    assert mine.renews_on is not None  # it was subscribed with one
    starts_on = add_months(mine.renews_on, -1)
    mine.status, mine.period_starts_on = "paused", starts_on
    books.pauses.append(
        PauseRecord(books.new_id("P"), mine.account, mine.id, starts_on, mine.renews_on)
    )


def _past_due(books: Books, today: date, chance: random.Random) -> None:
    mine = _monthly(books, today, chance, months=chance.randrange(3, 30))
    books.account.pays_automatically = False
    unpaid = books.invoices[-1]
    unpaid.status, unpaid.paid_on = "open", None
    unpaid.due_on = today - timedelta(days=chance.choice((2, 9, 40)))
    _boxes(books, mine, today, chance)


def _trial(books: Books, today: date, chance: random.Random) -> None:
    ends_on = today + timedelta(days=chance.randrange(1, 13))
    books.account.lifetime_minor = 0
    mine = subscribe(books, "duo", today=today, months=0, renews_on=ends_on, status="trialing")
    mine.started_on = mine.period_starts_on = ends_on - timedelta(days=14)
    mine.trial_ends_on = ends_on
    deliver(books, mine, today=today)


def _yearly(books: Books, today: date, chance: random.Random) -> None:
    renewed_on = today - timedelta(days=chance.choice((3, 10, 30, 200, 330)))
    renews_on = add_months(renewed_on, 12)
    mine = subscribe(books, "family_annual", today=today, months=24, renews_on=renews_on)
    mine.period_starts_on = mine.anchor_on = renewed_on
    mine.started_on = add_months(renewed_on, -24)
    bill(books, mine, until=renewed_on)
    _boxes(books, mine, today, chance)


def _leaving(books: Books, today: date, chance: random.Random) -> None:
    mine = _monthly(books, today, chance)
    mine.cancels_on = mine.renews_on
    _boxes(books, mine, today, chance)


def _high_value(books: Books, today: date, chance: random.Random) -> None:
    books.account.households, books.account.lifetime_minor = 3, 1_628_700
    _running(books, today, chance)


def _two(books: Books, today: date, chance: random.Random) -> None:
    for suffix, nickname in (("-1", "home"), ("-2", "mother")):
        mine = _monthly(books, today, chance, suffix=suffix)
        mine.nickname = nickname
        _boxes(books, mine, today, chance)


def _order(books: Books, today: date, chance: random.Random) -> None:
    item = chance.choice(SHOP_ITEMS)
    number = f"O-{chance.randrange(1000, 10_000)}"
    days = chance.choice((None, None, 2, 8, 20, 45))
    ordered_on = today - timedelta(days=1 if days is None else days + 5)
    delivered_on = None if days is None else today - timedelta(days=days)
    order(
        books, number, item.name, item.price.minor, ordered_on=ordered_on, delivered_on=delivered_on
    )
    if days is None and chance.random() < 0.3:
        books.orders[-1].status, books.orders[-1].dispatched_on = "dispatched", today


def _with_an_order(books: Books, today: date, chance: random.Random) -> None:
    _running(books, today, chance)
    _order(books, today, chance)


_Build = Callable[[Books, date, random.Random], object]
_KINDS: dict[str, tuple[int, _Build]] = {
    "running": (34, _running),
    "new": (8, _new),
    "late boxes": (8, _late_boxes),
    "discounted": (7, _discounted),
    "paused": (5, _paused),
    "past due": (6, _past_due),
    "trial": (6, _trial),
    "yearly": (8, _yearly),
    "leaving": (3, _leaving),
    "high value": (3, _high_value),
    "two": (4, _two),
    "order": (5, _order),
    "with an order": (3, _with_an_order),
}
KINDS = tuple(_KINDS)
