"""Orders: cancelled before they leave, taken back or exchanged after they came."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.errors import NotPossible
from bot.money import Money
from bot.retention import commands as c
from bot.storage.embedded_billing_books import Books
from bot.storage.embedded_billing_records import (
    BillingTerms,
    CreditRecord,
    OrderRecord,
    ShopItem,
)


def cancel_order(
    books: Books,
    command: c.CancelOrder,
    concession: str | None,
    now: datetime,
    terms: BillingTerms,
) -> None:
    """Cancel an order that has not left, and pay its price back at once."""
    order = books.order(command.order)
    if order.status != "paid":
        raise NotPossible(
            f"Order {order.id} is {order.status} and cannot be cancelled; "
            "what has arrived can be sent back."
        )
    order.status = "canceled"
    order.refund_minor = order.price_minor
    books.account.lifetime_minor -= order.price_minor


def request_return(
    books: Books,
    command: c.RequestReturn,
    concession: str | None,
    now: datetime,
    terms: BillingTerms,
) -> None:
    """Take an order back, from the day it left us; the price is due when the goods arrive."""
    order = books.order(command.order)
    if order.status != "dispatched":
        order = _returnable(books, command.order, now, terms)
    order.status, order.settlement = "return_requested", "refund"
    order.refund_due_minor = order.price_minor
    order.exchange_item = None


def return_for_credit(
    books: Books,
    command: c.ReturnForCredit,
    concession: str | None,
    now: datetime,
    terms: BillingTerms,
) -> None:
    """Take an order back for its price and a bonus, credited at once."""
    order = _returnable(books, command.order, now, terms)
    if command.bonus.minor < 0:
        raise NotPossible("A bonus cannot be less than nothing.")
    order.status, order.settlement = "return_requested", "credit"
    order.refund_due_minor = 0
    order.exchange_item = None
    books.credits.append(
        CreditRecord(
            id=books.new_id("K"),
            account=order.account,
            amount_minor=order.price_minor + command.bonus.minor,
            why=f"return of {order.id}",
            booked_at=now,
            concession=concession,
        )
    )


def exchange_order(
    books: Books,
    command: c.ExchangeOrder,
    concession: str | None,
    now: datetime,
    terms: BillingTerms,
) -> None:
    """Exchange an order; when the new item costs less, the difference is due on arrival."""
    order = _returnable(books, command.order, now, terms)
    item = _wanted(books, order, command.item)
    if item.price.minor > order.price_minor:
        raise NotPossible(
            f"{item.name} costs {item.price}, more than {order.item}. "
            "Return the order for credit and order it anew."
        )
    order.status, order.settlement = "exchange_requested", "exchange"
    order.exchange_item = item.name
    order.refund_due_minor = order.price_minor - item.price.minor


def receive_goods(books: Books, order_id: str) -> None:
    """Book that what a customer sent back has arrived.

    Raises:
        NotPossible: the account has no such order, or nothing is on its way back.
    """
    order = books.order(order_id)
    if order.status not in {"return_requested", "exchange_requested"}:
        raise NotPossible(f"Order {order.id} is {order.status}; nothing is on its way back.")
    order.refund_minor += order.refund_due_minor
    books.account.lifetime_minor -= order.refund_due_minor
    order.refund_due_minor = 0
    order.status = "exchanged" if order.settlement == "exchange" else "returned"
    order.item = order.exchange_item or order.item


def _returnable(books: Books, order_id: str, now: datetime, terms: BillingTerms) -> OrderRecord:
    """Return an order that may go back; a request that was not settled yet can be changed."""
    order = books.order(order_id)
    if order.settlement == "credit":
        raise NotPossible(f"Order {order.id} was taken back for credit already.")
    if order.delivered_on is None:
        raise NotPossible(f"Order {order.id} is {order.status}; it has not arrived yet.")
    if order.status not in {"delivered", "return_requested", "exchange_requested"}:
        raise NotPossible(f"Order {order.id} is {order.status} already.")
    last_day = order.delivered_on + timedelta(days=terms.return_days)
    if order.status == "delivered" and now.date() > last_day:
        raise NotPossible(
            f"Order {order.id} arrived on {order.delivered_on}; it could be sent back within "
            f"{terms.return_days} days, until {last_day}."
        )
    return order


def _wanted(books: Books, order: OrderRecord, name: str) -> ShopItem:
    if name.lower() == order.item.lower():
        return ShopItem(order.item, Money(order.price_minor, books.account.currency))
    for item in books.shop_items:
        if item.name.lower() == name.lower():
            return item
    raise NotPossible(f"The shop has no {name!r} to exchange {order.item} for.")
