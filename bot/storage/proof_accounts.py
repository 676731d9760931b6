"""The accounts that the exit is proved for: the demo company's, and what it has none of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.retention.calendar import add_months
from bot.storage.demo_books import PLANS, bill, books_of, deliver, order, subscribe
from bot.storage.demo_company import SHOP_ITEMS, demo_accounts
from bot.storage.embedded_billing_books import Books

# Profiles that no demo account with a running contract of some age stands under; None is an
# account of which nothing is known, BR a country without a profile.
PLACES = ("FR", "GB", "IT", "US-MA", "BR", None)
# Accounts out of the holdout, where offers are made if they may be.
_NUMBERS = tuple(f"A-2{n:03}" for n in (11, 12, 14, 15, 16, 17))


@dataclass(frozen=True)
class ProofAccount:
    """Books to begin with; a `visitor` has to show first that they are theirs.

    `alone` is who begins while nobody is at the desk; elsewhere nobody says who is there.
    """

    title: str
    books: Books
    visitor: bool = False
    business: bool = False
    alone: bool = False


def proof_accounts(today: date) -> tuple[ProofAccount, ...]:
    """Return every account to begin from, as of `today`."""
    return tuple(replace(one, books=with_catalogue(one.books)) for one in _accounts(today))


def _accounts(today: date) -> Iterator[ProofAccount]:
    for books in demo_accounts(today):
        yield ProofAccount(f"{books.account.number} {books.account.name}", books)
    [lena] = [b for b in demo_accounts(today) if b.account.number == "A-1005"]
    yield ProofAccount("a visitor who proves to be A-1005", lena, visitor=True)
    for number, place in zip(_NUMBERS, PLACES, strict=True):
        yield ProofAccount(
            f"an account in {place or 'no known place'}", _plain(number, place, today)
        )
    nobody = _plain("A-2018", "GB", today)
    yield ProofAccount("an account while nobody is at the desk", nobody, alone=True)
    yield ProofAccount("a business in US-MN", _business(today), business=True)
    yield ProofAccount("a subscription long past due", _past_due(today))
    yield ProofAccount("a subscription and an order", _with_an_order(today))
    for status in ("dispatched", "returned", "exchanged"):
        [wei] = [b for b in demo_accounts(today) if b.account.number == "A-1010"]
        wei.orders[0].status = status
        yield ProofAccount(f"an order that is {status}", wei)


def _plain(number: str, place: str | None, today: date) -> Books:
    books = books_of(number, "Kim", "", lifetime_minor=50_000)
    books.account.jurisdiction = place
    mine = subscribe(books, "solo", today=today, months=20, renews_on=today + timedelta(days=11))
    bill(books, mine, until=mine.period_starts_on)
    deliver(books, mine, today=today)
    return books


def _business(today: date) -> Books:
    books = books_of("A-2021", "Harbour Ltd", "US-MN", lifetime_minor=900_000, households=12)
    mine = subscribe(books, "family", today=today, months=9, renews_on=today + timedelta(days=5))
    bill(books, mine, until=mine.period_starts_on)
    return books


def _past_due(today: date) -> Books:
    books = books_of("A-2022", "Uli", "US-TX", lifetime_minor=30_000, pays_automatically=False)
    mine = subscribe(books, "duo", today=today, months=6, renews_on=today + timedelta(days=4))
    bill(books, mine, until=add_months(mine.period_starts_on, -1))
    unpaid = books.invoices[-1]
    unpaid.status, unpaid.paid_on = "open", None
    unpaid.due_on = today - timedelta(days=40)
    return books


def _with_an_order(today: date) -> Books:
    books = _plain("A-2023", "DE", today)
    order(books, "O-6001", "Knife set", 12_900, ordered_on=today - timedelta(days=1))
    return books


def with_catalogue(books: Books) -> Books:
    """Add the catalogue as this account would pay it: for its households."""
    times = books.account.households
    plans = tuple(replace(plan, price=plan.price.times(times)) for plan in PLANS)
    return replace(books, plans=plans, shop_items=SHOP_ITEMS)
