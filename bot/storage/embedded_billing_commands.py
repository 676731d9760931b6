"""What each command does to an account's books; the exit and the orders have files of their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bot.errors import NotPossible
from bot.money import Money
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

_LONGEST_TRIAL_EXTENSION_DAYS = 60
_LONGEST_DISCOUNT_CYCLES = 12


def carry_out(books: Books, command: c.Command, *, now: datetime, terms: BillingTerms) -> None:
    """Change the books as `command` says; what became due before it must have been booked.

    Raises:
        NotPossible: the account's state does not allow it. The books may be half changed then:
            throw them away.
    """
    note: c.ConcessionNote | None = getattr(command, "note", None)
    for amount in (
        note.value if note else None,
        getattr(command, "amount", None),
        getattr(command, "bonus", None),
    ):
        _check_currency(books, amount)
    concession = None if note is None else _record(books, command, note, now)
    _COMMANDS[type(command)](books, command, concession, now, terms)


def _check_currency(books: Books, amount: Money | None) -> None:
    if amount is not None and amount.currency != books.account.currency:
        raise NotPossible(
            f"This account is kept in {books.account.currency}, not in {amount.currency}."
        )


def _record(books: Books, command: c.Command, note: c.ConcessionNote, now: datetime) -> str:
    if note.value.minor < 0:
        raise NotPossible("A concession cannot be worth less than nothing.")
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
    if not 1 <= command.percent <= 100 or not 1 <= command.cycles <= _LONGEST_DISCOUNT_CYCLES:
        raise NotPossible(
            f"A discount is 1 to 100 percent for 1 to {_LONGEST_DISCOUNT_CYCLES} billing cycles."
        )
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
    if command.amount.minor <= 0:
        raise NotPossible("A credit must be more than nothing.")
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
    if not 1 <= command.days <= _LONGEST_TRIAL_EXTENSION_DAYS:
        raise NotPossible(f"A trial can be extended by 1 to {_LONGEST_TRIAL_EXTENSION_DAYS} days.")
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
    if invoice.status != "paid":
        raise NotPossible(f"Invoice {invoice.id} is {invoice.status}; only a paid one is refunded.")
    left = Money(invoice.amount_minor - invoice.refunded_minor, books.account.currency)
    if not 0 < command.amount.minor <= left.minor:
        raise NotPossible(f"Of invoice {invoice.id} up to {left} can be refunded.")
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
