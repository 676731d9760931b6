"""The demo company's accounts: who they are and what is true of them, one function each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone

from bot.money import Money
from bot.retention.account import Incident, Ticket
from bot.retention.calendar import add_months
from bot.storage.demo_books import bill, books_of, deliver, order, subscribe
from bot.storage.embedded_billing_books import Books
from bot.storage.embedded_billing_records import (
    ConcessionRecord,
    DiscountRecord,
    InvoiceRecord,
    PauseRecord,
    PlanChangeRecord,
    ShopItem,
)

SHOP_ITEMS = (
    ShopItem("Wooden spoon set", Money(1900)),
    ShopItem("Baking mat", Money(2900)),
    ShopItem("Chopping board", Money(3900)),
    ShopItem("Chef's knife", Money(6900)),
    ShopItem("Cast iron pan", Money(7900)),
    ShopItem("Saucepan", Money(7900)),
    ShopItem("Knife set", Money(12900)),
)


def demo_accounts(today: date) -> tuple[Books, ...]:
    """Return the books of every demo account as of `today`."""
    return tuple(build(today) for build in _ACCOUNTS)


def _days(count: int) -> timedelta:
    return timedelta(days=count)


def _maya(today: date) -> Books:
    books = books_of("A-1001", "Maya", "US-CO", lifetime_minor=115_500)
    mine = subscribe(books, "family", today=today, months=14, renews_on=today + _days(12))
    bill(books, mine, until=mine.period_starts_on)
    deliver(books, mine, today=today, uncooked=(0, 4, 8))
    books.plan_changes.append(
        PlanChangeRecord(
            id=books.new_id("G"),
            account=mine.account,
            subscription=mine.id,
            from_plan="duo",
            to_plan="family",
            price_minor=mine.price_minor,
            changed_on=add_months(mine.period_starts_on, -8),
        )
    )
    return books


def _jonas(today: date) -> Books:
    books = books_of("A-1002", "Jonas", "US-TX", lifetime_minor=35_400)
    mine = subscribe(books, "duo", today=today, months=5, renews_on=today + _days(17))
    bill(books, mine, until=mine.period_starts_on)
    deliver(books, mine, today=today, skipped=3, uncooked=(5, 7))
    return books


def _priya(today: date) -> Books:
    books = books_of("A-1003", "Priya", "US-CA", lifetime_minor=103_740)
    mine = subscribe(books, "solo", today=today, months=26, renews_on=today + _days(10))
    granted_on = add_months(today, -2)
    concession = ConcessionRecord(
        id=books.new_id("C"),
        account=mine.account,
        kind="discount",
        policy="price_relief@1",
        subscription=mine.id,
        granted_at=datetime.combine(granted_on, time(10, 30), timezone.utc),
        value_minor=3 * 780,
    )
    discount = DiscountRecord(
        id=books.new_id("D"),
        account=mine.account,
        subscription=mine.id,
        percent=20,
        cycles=3,
        cycles_used=2,
        ends_on=add_months(today + _days(10), 1),
        concession=concession.id,
    )
    books.concessions.append(concession)
    books.discounts.append(discount)
    bill(books, mine, until=mine.period_starts_on, discount=discount)
    deliver(books, mine, today=today, uncooked=(2,))
    books.tickets = (Ticket("T-1003-1", "Price of the Solo plan", "closed", granted_on - _days(1)),)
    return books


def _tom(today: date) -> Books:
    books = books_of("A-1004", "Tom", "US-NY", lifetime_minor=267_000)
    renews_on = add_months(today - _days(6), 12)
    mine = subscribe(books, "family_annual", today=today, months=24, renews_on=renews_on)
    # Counted from the day it renewed, which a leap day would otherwise shift.
    mine.period_starts_on = mine.anchor_on = today - _days(6)
    mine.started_on = add_months(mine.period_starts_on, -24)
    bill(books, mine, until=mine.period_starts_on)
    deliver(books, mine, today=today, uncooked=(0, 3))
    return books


def _lena(today: date) -> Books:
    books = books_of("A-1005", "Lena", "DE", lifetime_minor=59_000)
    mine = subscribe(books, "duo", today=today, months=9, renews_on=today + _days(8))
    bill(books, mine, until=mine.period_starts_on)
    deliver(books, mine, today=today, uncooked=(1, 6))
    return books


def _sam(today: date) -> Books:
    books = books_of("A-1006", "Sam", "US-WA", lifetime_minor=284_800)
    mine = subscribe(books, "family", today=today, months=31, renews_on=today + _days(20))
    # Every second week, so that the newest box came, late, and none is on its way.
    mine.every_weeks = 2
    bill(books, mine, until=mine.period_starts_on)
    deliver(books, mine, today=today, late=2)
    books.incidents = (
        Incident(
            "N-1",
            "Delays at the carrier that brings your boxes",
            "open",
            today - _days(24),
            today + _days(4),
        ),
    )
    books.tickets = (
        Ticket("T-1006-1", "My box came three days late", "closed", today - _days(18)),
    )
    return books


def _ines(today: date) -> Books:
    books = books_of("A-1007", "Ines", "GB", lifetime_minor=66_300)
    resumes_on = today + _days(9)
    starts_on = add_months(resumes_on, -2)
    mine = subscribe(books, "solo", today=today, months=18, renews_on=resumes_on, status="paused")
    mine.period_starts_on = starts_on
    books.pauses.append(
        PauseRecord(books.new_id("P"), mine.account, mine.id, starts_on, resumes_on)
    )
    bill(books, mine, until=add_months(starts_on, -1))
    deliver(books, mine, today=today, until=starts_on, uncooked=(0,))
    return books


def _omar(today: date) -> Books:
    books = books_of("A-1008", "Omar", "US-TX", lifetime_minor=140_800)
    soon = today + _days(14)
    home = subscribe(
        books, "duo", today=today, months=19, renews_on=soon, suffix="-1", nickname="home"
    )
    mother = subscribe(
        books, "light", today=today, months=11, renews_on=soon, suffix="-2", nickname="mother"
    )
    for one in (home, mother):
        bill(books, one, until=one.period_starts_on)
        deliver(books, one, today=today)
    return books


def _ruth(today: date) -> Books:
    books = books_of("A-1009", "Ruth", "US-MN", lifetime_minor=356_000, pays_automatically=False)
    issued_on, due_on = today - _days(25), today - _days(11)
    mine = subscribe(books, "family", today=today, months=40, renews_on=add_months(issued_on, 1))
    mine.period_starts_on = mine.anchor_on = issued_on
    mine.started_on = add_months(issued_on, -40)
    bill(books, mine, until=add_months(issued_on, -1))
    books.invoices.append(
        InvoiceRecord(
            id=books.new_id("I"),
            account=mine.account,
            subscription=mine.id,
            list_minor=mine.price_minor,
            discount_minor=0,
            credit_minor=0,
            amount_minor=mine.price_minor,
            refunded_minor=0,
            status="open",
            issued_on=issued_on,
            due_on=due_on,
            paid_on=None,
        )
    )
    deliver(books, mine, today=today, uncooked=(3,))
    return books


def _wei(today: date) -> Books:
    books = books_of("A-1010", "Wei", "US-CO", lifetime_minor=12_900)
    order(books, "O-5001", "Knife set", 12_900, ordered_on=today - _days(1))
    return books


def _ada(today: date) -> Books:
    books = books_of("A-1011", "Ada", "US-TX", lifetime_minor=10_800)
    for order_id, item, price, days_ago in (
        ("O-5002", "Cast iron pan", 7_900, 8),
        ("O-5003", "Baking mat", 2_900, 45),
    ):
        order(
            books,
            order_id,
            item,
            price,
            ordered_on=today - _days(days_ago + 5),
            delivered_on=today - _days(days_ago),
        )
    return books


def _noor(today: date) -> Books:
    books = books_of("A-1012", "Noor", "US-CO", lifetime_minor=1_628_700, households=3)
    mine = subscribe(books, "family", today=today, months=60, renews_on=today + _days(9))
    bill(books, mine, until=mine.period_starts_on)
    deliver(books, mine, today=today, uncooked=(5,))
    books.tickets = (
        Ticket("T-1012-1", "Three addresses, one invoice", "closed", today - _days(90)),
    )
    return books


def _eve(today: date) -> Books:
    books = books_of("A-1013", "Eve", "US-TX", lifetime_minor=11_700)
    mine = subscribe(books, "solo", today=today, months=2, renews_on=today + _days(21))
    bill(books, mine, until=mine.period_starts_on)
    deliver(books, mine, today=today, uncooked=(1, 2))
    return books


def _max(today: date) -> Books:
    books = books_of("A-1014", "Max", "US-TX", lifetime_minor=70_800)
    mine = subscribe(books, "duo", today=today, months=11, renews_on=today + _days(15))
    mine.cancels_on = mine.renews_on
    bill(books, mine, until=mine.period_starts_on)
    deliver(books, mine, today=today, uncooked=(0, 1, 2, 5))
    return books


def _zoe(today: date) -> Books:
    books = books_of("A-1015", "Zoe", "US-FL", lifetime_minor=0)
    ends_on = today + _days(2)
    mine = subscribe(books, "duo", today=today, months=0, renews_on=ends_on, status="trialing")
    mine.started_on = mine.period_starts_on = ends_on - _days(14)
    mine.trial_ends_on = ends_on
    deliver(books, mine, today=today, uncooked=(0,))
    return books


def _emil(today: date) -> Books:
    books = books_of("A-1016", "Emil", "AT", lifetime_minor=5_900)
    began_on = today - _days(5)
    mine = subscribe(books, "duo", today=today, months=0, renews_on=add_months(began_on, 1))
    # Counted from the day it began, which a short month would otherwise shift.
    mine.started_on = mine.period_starts_on = mine.anchor_on = began_on
    bill(books, mine, until=began_on)
    return books


_ACCOUNTS: tuple[Callable[[date], Books], ...] = (
    _maya,
    _jonas,
    _priya,
    _tom,
    _lena,
    _sam,
    _ines,
    _omar,
    _ruth,
    _wei,
    _ada,
    _noor,
    _eve,
    _max,
    _zoe,
    _emil,
)
