"""Leaving: cancelling, taking a cancellation back, and giving back what must not be kept."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.errors import NotPossible
from bot.retention import commands as c
from bot.storage.embedded_billing_books import Books
from bot.storage.embedded_billing_calendar import midnight
from bot.storage.embedded_billing_records import (
    BillingTerms,
    BoxRecord,
    CreditRecord,
    InvoiceRecord,
    SubscriptionRecord,
)
from bot.storage.embedded_billing_time import end


def cancel_subscription(
    books: Books,
    command: c.CancelSubscription,
    concession: str | None,
    now: datetime,
    terms: BillingTerms,
) -> None:
    """End a subscription; never refused, whatever the state of the account.

    The effective date is that of the request, however late it is heard (R18): charges that were
    booked for the time after it are given back (R15).
    """
    subscription = books.subscription(command.subscription)
    for concession_id in command.revoke:
        _take_back(books, concession_id, now, terms)
    if subscription.is_live:
        _end_for(books, subscription, command, now)
    if command.refund_last_charge:
        _refund_last_charge(books, subscription)


def undo_cancellation(
    books: Books,
    command: c.UndoCancellation,
    concession: str | None,
    now: datetime,
    terms: BillingTerms,
) -> None:
    """Take a cancellation back that has not taken effect."""
    subscription = books.subscription(command.subscription)
    if not subscription.is_live:
        raise NotPossible(
            f"Subscription {subscription.id} ended on {subscription.cancels_on}; "
            "that can no longer be undone."
        )
    if subscription.cancels_on is None:
        raise NotPossible(f"Subscription {subscription.id} is not set to end.")
    subscription.cancels_on = None


def pay_back(books: Books, invoice: InvoiceRecord, amount_minor: int) -> None:
    """Pay a part or all of a paid invoice back; the caller has checked what is left of it."""
    invoice.refunded_minor += amount_minor
    books.account.lifetime_minor -= amount_minor
    if invoice.refunded_minor == invoice.amount_minor:
        invoice.status = "refunded"


def _end_for(
    books: Books, subscription: SubscriptionRecord, command: c.CancelSubscription, now: datetime
) -> None:
    requested_at = max(min(command.requested_at, now), midnight(subscription.started_on))
    day = requested_at.date()
    later = [
        invoice
        for invoice in books.invoices
        if invoice.subscription == subscription.id and invoice.issued_on > day
    ]
    begun = _pause_begun_after(books, subscription, day)
    if begun is not None and not command.at_once:
        end(books, subscription, midnight(begun))  # where the paid period ended
    elif command.at_once or subscription.status in {"trialing", "paused"}:
        end(books, subscription, requested_at)
    elif later:
        # The period it was asked in is over already: it ended where that period did.
        end(books, subscription, midnight(min(invoice.issued_on for invoice in later)))
    elif subscription.cancels_on is None:
        subscription.cancels_on = subscription.renews_on
    for invoice in later:
        _void(books, invoice, now)


def _pause_begun_after(books: Books, subscription: SubscriptionRecord, day: date) -> date | None:
    """Return when the pause began that runs now and did not yet on that day."""
    pause = books.pause_of(subscription) if subscription.status == "paused" else None
    return pause.starts_on if pause and pause.starts_on > day else None


def _void(books: Books, invoice: InvoiceRecord, now: datetime) -> None:
    """Undo a charge that should never have been made."""
    if invoice.status == "paid":
        pay_back(books, invoice, invoice.amount_minor - invoice.refunded_minor)
    elif invoice.status == "open":
        invoice.status = "void"
    if invoice.credit_minor:
        books.credits.append(
            CreditRecord(
                id=books.new_id("K"),
                account=invoice.account,
                amount_minor=invoice.credit_minor,
                why="given back",
                booked_at=now,
                invoice=invoice.id,
            )
        )


def _refund_last_charge(books: Books, subscription: SubscriptionRecord) -> None:
    paid = [
        invoice
        for invoice in books.invoices
        if invoice.subscription == subscription.id and invoice.status == "paid"
    ]
    if paid:
        last = max(paid, key=lambda invoice: (invoice.issued_on, invoice.id))
        pay_back(books, last, last.amount_minor - last.refunded_minor)


def _take_back(books: Books, concession_id: str, now: datetime, terms: BillingTerms) -> None:
    """Take back what a concession still holds for the future; what was given stays given."""
    concession = next((x for x in books.concessions if x.id == concession_id), None)
    if concession is None or concession.revoked_at is not None:
        return
    taken = [
        _end_discount(books, concession_id, now),
        _drop_plan_change(books, concession_id, now),
        _drop_pause(books, concession_id, now),
        _unskip(books, concession_id, now.date(), terms),
        _use_up_credit(books, concession_id, now),
    ]
    if any(taken):
        concession.revoked_at = now


def _end_discount(books: Books, concession: str, now: datetime) -> bool:
    running = [d for d in books.discounts if d.concession == concession and d.ended_at is None]
    for discount in running:
        discount.ended_at = now
    return bool(running)


def _drop_plan_change(books: Books, concession: str, now: datetime) -> bool:
    pending = [p for p in books.plan_changes if p.concession == concession and p.is_pending]
    for change in pending:
        change.dropped_at = now
    return bool(pending)


def _drop_pause(books: Books, concession: str, now: datetime) -> bool:
    # A pause that has begun is over with the subscription; only one to come can be taken back.
    coming = [
        pause
        for pause in books.pauses
        if pause.concession == concession
        and pause.ended_at is None
        and books.subscription(pause.subscription).status != "paused"
    ]
    for pause in coming:
        pause.ended_at = now
    return bool(coming)


def _unskip(books: Books, concession: str, today: date, terms: BillingTerms) -> bool:
    packed = today + timedelta(days=terms.skip_days_before_dispatch)
    coming: list[BoxRecord] = [
        box
        for box in books.boxes
        if box.concession == concession and box.skipped and box.dispatch_on >= packed
    ]
    for box in coming:
        books.boxes.remove(box)
    return bool(coming)


def _use_up_credit(books: Books, concession: str, now: datetime) -> bool:
    granted = sum(e.amount_minor for e in books.credits if e.concession == concession)
    left = min(granted, books.credit_minor)
    if left <= 0:
        return False
    books.credits.append(
        CreditRecord(
            id=books.new_id("K"),
            account=books.account.number,
            amount_minor=-left,
            why="taken back",
            booked_at=now,
            concession=concession,
        )
    )
    return True
