"""The passage of time: what became due is booked in the order in which it became due.

Nothing here waits for a job to run. Whoever reads or changes an account books first what is due;
booking twice changes nothing, because every booking moves the date it was due on.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from bot.money import Money
from bot.storage.embedded_billing_books import Books
from bot.storage.embedded_billing_calendar import (
    after_cycles,
    cycles_later,
    midnight,
    next_box_after,
    weeks_between_boxes,
)
from bot.storage.embedded_billing_records import (
    BillingTerms,
    BoxRecord,
    CreditRecord,
    InvoiceRecord,
    SubscriptionRecord,
)

_Booking = Callable[[Books, SubscriptionRecord, date, BillingTerms], None]


def is_due(books: Books, now: datetime) -> bool:
    """Tell whether something became due that is not booked yet."""
    return _next_due(books, now.date()) is not None


def advance(books: Books, now: datetime, terms: BillingTerms) -> None:
    """Book everything that became due up to and including the day of `now`."""
    while (due := _next_due(books, now.date())) is not None:
        day, _order, subscription_id, book = due
        book(books, books.subscription(subscription_id), day, terms)


def next_charge_on(books: Books, subscription: SubscriptionRecord) -> date | None:
    """Return the day of the next invoice if the subscription goes on; None once it ended."""
    pause = books.pause_of(subscription)
    return subscription.renews_on if pause is None else pause.resumes_on


def start_period(
    books: Books, subscription: SubscriptionRecord, day: date, terms: BillingTerms
) -> None:
    """Begin a paid period on `day`: the pending change takes effect, and an invoice is issued."""
    rhythm_breaks = subscription.status != "active"
    change = books.pending_change_of(subscription)
    if change is not None:
        plan = books.plan(change.to_plan)
        rhythm_breaks = rhythm_breaks or plan.interval != subscription.interval
        subscription.plan, subscription.interval = plan.code, plan.interval
        subscription.price_minor = change.price_minor
        subscription.every_weeks = weeks_between_boxes(plan)
        change.changed_on = day
    if rhythm_breaks:
        subscription.anchor_on = day
        _move_discount(books, subscription, day)
    subscription.status = "active"
    subscription.period_starts_on = day
    subscription.renews_on = cycles_later(subscription.anchor_on, day, subscription.interval, 1)
    _issue_invoice(books, subscription, day, terms)


def end(books: Books, subscription: SubscriptionRecord, at: datetime) -> None:
    """End a subscription at that instant; nothing of it becomes due afterwards."""
    subscription.status = "canceled"
    subscription.canceled_at = at
    subscription.cancels_on = at.date()
    subscription.renews_on = subscription.next_box_on = None
    for running in (books.discount_of(subscription), books.pause_of(subscription)):
        if running is not None:
            running.ended_at = at
    change = books.pending_change_of(subscription)
    if change is not None:
        change.dropped_at = at


def _next_due(books: Books, today: date) -> tuple[date, int, str, _Booking] | None:
    # On one day an end comes first, so that nothing is charged or sent on the day it ends; a box
    # comes last, because it belongs to the period that starts that day.
    due: list[tuple[date, int, str, _Booking]] = []
    for subscription in books.subscriptions:
        if not subscription.is_live:
            continue
        steps = (
            (subscription.cancels_on, 0, _end_as_agreed),
            (subscription.renews_on, 1, _turn_period),
            (subscription.next_box_on, 2, _send_box),
        )
        due += [
            (day, order, subscription.id, book)
            for day, order, book in steps
            if day is not None and day <= today
        ]
    return min(due, key=lambda step: step[:3], default=None)


def _end_as_agreed(
    books: Books, subscription: SubscriptionRecord, day: date, terms: BillingTerms
) -> None:
    end(books, subscription, midnight(day))


def _turn_period(
    books: Books, subscription: SubscriptionRecord, day: date, terms: BillingTerms
) -> None:
    """The paid period, the trial or the pause is over: pause, or start the next period."""
    pause = books.pause_of(subscription)
    if pause is not None and subscription.status != "paused":
        subscription.status = "paused"
        subscription.period_starts_on = day
        subscription.renews_on = pause.resumes_on
        return
    if pause is not None:
        pause.ended_at = midnight(day)
    start_period(books, subscription, day, terms)


def _send_box(
    books: Books, subscription: SubscriptionRecord, day: date, terms: BillingTerms
) -> None:
    subscription.next_box_on = next_box_after(day, subscription.every_weeks)
    if subscription.status == "paused" or day in books.skipped_days(subscription):
        return
    due_on = day + timedelta(days=terms.delivery_days)
    books.boxes.append(
        BoxRecord(
            account=subscription.account,
            subscription=subscription.id,
            dispatch_on=day,
            due_on=due_on,
            arrives_on=due_on,
        )
    )


def _issue_invoice(
    books: Books, subscription: SubscriptionRecord, day: date, terms: BillingTerms
) -> None:
    listed = subscription.price_minor
    reduced = _take_discount(books, subscription, Money(listed), day).minor
    credit = min(books.credit_minor, reduced)
    amount = reduced - credit
    paid = books.account.pays_automatically or amount == 0
    invoice = InvoiceRecord(
        id=books.new_id("I"),
        account=subscription.account,
        subscription=subscription.id,
        list_minor=listed,
        discount_minor=listed - reduced,
        credit_minor=credit,
        amount_minor=amount,
        refunded_minor=0,
        status="paid" if paid else "open",
        issued_on=day,
        due_on=day if paid else day + timedelta(days=terms.days_to_pay),
        paid_on=day if paid else None,
    )
    books.invoices.append(invoice)
    if paid:
        books.account.lifetime_minor += amount
    if credit:
        books.credits.append(
            CreditRecord(
                id=books.new_id("K"),
                account=subscription.account,
                amount_minor=-credit,
                why="used",
                booked_at=midnight(day),
                invoice=invoice.id,
            )
        )


def _move_discount(books: Books, subscription: SubscriptionRecord, day: date) -> None:
    """A pause or another interval moves the end of what is left of a discount."""
    discount = books.discount_of(subscription)
    if discount is not None:
        left = discount.cycles - discount.cycles_used
        discount.ends_on = after_cycles(day, subscription.interval, left)


def _take_discount(
    books: Books, subscription: SubscriptionRecord, price: Money, day: date
) -> Money:
    """Return the price of the period that starts on `day`, and count the discounted cycle."""
    discount = books.discount_of(subscription)
    if discount is None:
        return price
    if discount.cycles_used == discount.cycles:
        discount.ended_at = midnight(day)
        return price
    discount.cycles_used += 1
    return price.less_percent(discount.percent)
