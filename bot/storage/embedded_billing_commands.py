"""What each command does to an account's books; the exit and the orders have files of their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bot.errors import NotPossible
from bot.money import Money
from bot.retention import command_bounds as bounds
from bot.retention import commands as c
from bot.storage.embedded_billing_books import Books
from bot.storage.embedded_billing_calendar import after_cycles
from bot.storage.embedded_billing_exit import (
    cancel_subscription,
    pay_back,
    undo_cancellation,
)
from bot.storage.embedded_billing_orders import (
    cancel_order,
    exchange_order,
    request_return,
    return_for_credit,
)
from bot.storage.embedded_billing_records import (
    BillingTerms,
    ConcessionRecord,
    CreditRecord,
    DiscountRecord,
    PlanChangeRecord,
)
from bot.storage.embedded_billing_service import change_frequency, pause, resume, skip
from bot.storage.embedded_billing_time import next_charge_on


def carry_out(books: Books, command: c.Command, *, now: datetime, terms: BillingTerms) -> None:
    """Change the books as `command` says; what became due before it must have been booked.

    Raises:
        NotPossible: the account's state does not allow it. The books may be half changed then:
            throw them away.
    """
    note: c.ConcessionNote | None = getattr(command, "note", None)
    worth = note.value if note else None
    amounts = (worth, getattr(command, "amount", None), getattr(command, "bonus", None))
    bounds.check_money(books.account.currency, *amounts)
    concession = None if note is None else _record(books, command, note, now)
    _COMMANDS[type(command)](books, command, concession, now, terms)


def _record(books: Books, command: c.Command, note: c.ConcessionNote, now: datetime) -> str:
    bounds.check_worth(note.value)
    record = ConcessionRecord(
        id=books.new_id("C"),
        account=books.account.number,
        kind=note.kind.value,
        policy=note.policy,
        subscription=getattr(command, "subscription", None),
        granted_at=now,
        value_minor=note.value.minor,
    )
    books.concessions.append(record)
    return record.id


def _change_plan(
    books: Books,
    command: c.ChangePlan,
    concession: str | None,
    now: datetime,
    terms: BillingTerms,
) -> None:
    subscription = books.staying(command.subscription)
    plan = books.plan(command.plan)
    if plan.code == subscription.plan:
        raise NotPossible(f"Subscription {subscription.id} is on the plan {plan.code!r} already.")
    earlier = books.pending_change_of(subscription)
    if earlier is not None:
        earlier.dropped_at = now
    books.plan_changes.append(
        PlanChangeRecord(
            id=books.new_id("G"),
            account=subscription.account,
            subscription=subscription.id,
            from_plan=subscription.plan,
            to_plan=plan.code,
            price_minor=plan.price.minor,
            concession=concession,
        )
    )


def _apply_discount(
    books: Books,
    command: c.ApplyDiscount,
    concession: str | None,
    now: datetime,
    terms: BillingTerms,
) -> None:
    subscription = books.staying(command.subscription)
    bounds.check_discount(command.percent, command.cycles)
    running = books.discount_of(subscription)
    if running is not None:
        raise NotPossible(f"A discount of {running.percent} % runs until {running.ends_on}.")
    starts_on = next_charge_on(books, subscription)
    if starts_on is None:
        raise LookupError(f"subscription {subscription.id} is live and has no next charge")
    books.discounts.append(
        DiscountRecord(
            id=books.new_id("D"),
            account=subscription.account,
            subscription=subscription.id,
            percent=command.percent,
            cycles=command.cycles,
            ends_on=after_cycles(starts_on, subscription.interval, command.cycles),
            concession=concession,
        )
    )


def _grant_credit(
    books: Books,
    command: c.GrantCredit,
    concession: str | None,
    now: datetime,
    terms: BillingTerms,
) -> None:
    if command.subscription is not None:
        books.subscription(command.subscription)
    bounds.check_credit(command.amount)
    books.credits.append(
        CreditRecord(
            id=books.new_id("K"),
            account=books.account.number,
            amount_minor=command.amount.minor,
            why="granted",
            booked_at=now,
            concession=concession,
        )
    )


def _extend_trial(
    books: Books,
    command: c.ExtendTrial,
    concession: str | None,
    now: datetime,
    terms: BillingTerms,
) -> None:
    subscription = books.staying(command.subscription)
    if subscription.status != "trialing" or subscription.trial_ends_on is None:
        raise NotPossible(f"Subscription {subscription.id} is not in its trial.")
    bounds.check_trial_extension(command.days)
    subscription.trial_ends_on += timedelta(days=command.days)
    subscription.renews_on = subscription.trial_ends_on


def _refund_invoice(
    books: Books,
    command: c.RefundInvoice,
    concession: str | None,
    now: datetime,
    terms: BillingTerms,
) -> None:
    invoice = next((i for i in books.invoices if i.id == command.invoice), None)
    if invoice is None:
        raise NotPossible(f"There is no invoice {command.invoice} in this account.")
    left = Money(invoice.amount_minor - invoice.refunded_minor, books.account.currency)
    bounds.check_refund(invoice.id, invoice.status, command.amount, left=left)
    pay_back(books, invoice, command.amount.minor)


# Each takes the books, the command, the id of the concession recorded with it, now, and the terms.
_Handler = Callable[[Books, Any, str | None, datetime, BillingTerms], None]

_COMMANDS: dict[type, _Handler] = {
    c.PauseSubscription: pause,
    c.ResumeSubscription: resume,
    c.SkipDelivery: skip,
    c.ChangePlan: _change_plan,
    c.ChangeFrequency: change_frequency,
    c.ApplyDiscount: _apply_discount,
    c.GrantCredit: _grant_credit,
    c.ExtendTrial: _extend_trial,
    c.CancelSubscription: cancel_subscription,
    c.UndoCancellation: undo_cancellation,
    c.RefundInvoice: _refund_invoice,
    c.CancelOrder: cancel_order,
    c.RequestReturn: request_return,
    c.ReturnForCredit: return_for_credit,
    c.ExchangeOrder: exchange_order,
}
