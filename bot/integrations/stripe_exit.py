"""Leaving in Stripe: cancelling, taking that back, and giving back what must not be kept."""

from __future__ import annotations

from datetime import datetime

from bot.errors import NotPossible
from bot.integrations.billing_line import Json
from bot.integrations.journaled_billing import Planned
from bot.integrations.stripe_history import told_subscription
from bot.integrations.stripe_reading import (
    PAUSE_FROM,
    PAUSE_UNTIL,
    PLAN_BEFORE,
    PLAN_UNTIL,
    PRICE_BEFORE,
    StripeAccount,
    discount_of,
    first_item,
    issued_on,
    left_to_refund,
    moment,
    money,
    note,
    pause_of,
    pending_until,
    plan_code,
    used_credit,
)
from bot.integrations.stripe_steps import (
    book_credit,
    end_now,
    never_collect,
    pay_back,
    update,
    void,
)
from bot.money import Money
from bot.retention import commands as c
from bot.retention.account import Subscription, SubscriptionStatus
from bot.use_cases.outside_billing import JournalEntry

_END_AT_ONCE = (SubscriptionStatus.TRIALING, SubscriptionStatus.PAUSED)


def cancel(account: StripeAccount, command: c.CancelSubscription, *, now: datetime) -> Planned:
    """Plan the end of a subscription; never refused, whatever the state of the account.

    The effective date is that of the request, however late it is heard (R18): what was charged
    for the time after it is given back (R15). The end itself is always the first step.
    """
    record = account.subscription(command.subscription)
    told = told_subscription(account, record, now=now)
    requested_at = min(command.requested_at, now)
    later = [
        i
        for i in account.invoices_of(told.id)
        if moment(i["created"]) > requested_at and _counts(i)
    ]
    effective_at: datetime | None = None
    changes, credits, revoked = _take_back(account, record, command.revoke, now)
    steps: list[Json] = []
    if told.is_live and (command.at_once or told.status in _END_AT_ONCE):
        effective_at, steps = requested_at, [end_now(told.id)]
    elif told.is_live and later:
        # The period it was asked in is over already: it ended where that period did.
        effective_at = min(moment(i["created"]) for i in later)
        steps = [end_now(told.id)]
    elif told.is_live:
        if told.cancels_on is None:
            changes = {"cancel_at_period_end": True, **changes}
        steps = [update(told.id, changes)] if changes else []
    if told.is_live:
        for invoice in later:
            steps.extend(_undone(account, invoice))
    if command.refund_last_charge:
        steps.extend(_last_charge_back(account, told, but=later))
    return Planned((*steps, *credits), effective_at, revoked)


def undo(account: StripeAccount, command: c.UndoCancellation, *, now: datetime) -> Planned:
    record = account.subscription(command.subscription)
    told = told_subscription(account, record, now=now)
    if not told.is_live:
        raise NotPossible(
            f"Subscription {told.id} ended on {told.cancels_on}; that can no longer be undone."
        )
    if told.cancels_on is None:
        raise NotPossible(f"Subscription {told.id} is not set to end.")
    # Stripe refuses both in one request, and either may have been set.
    at_a_date = record.get("cancel_at") and not record.get("cancel_at_period_end")
    change = {"cancel_at": ""} if at_a_date else {"cancel_at_period_end": False}
    return Planned((update(told.id, change),))


def _counts(invoice: Json) -> bool:
    return invoice["status"] in ("paid", "open", "draft") and (
        int(invoice["amount_due"]) > 0 or used_credit(invoice) > 0
    )


def _undone(account: StripeAccount, invoice: Json) -> list[Json]:
    """Undo a charge that should never have been made."""
    steps = []
    if invoice["status"] == "draft":
        steps.append(never_collect(invoice))
    elif invoice["status"] == "open":
        steps.append(void(invoice))
    elif left_to_refund(invoice):
        steps.append(pay_back(invoice, left_to_refund(invoice)))
    # Voiding gives the credit back by itself; after a refund it is booked back.
    if used_credit(invoice) and invoice["status"] == "paid":
        back = money(used_credit(invoice), invoice["currency"])
        steps.append(book_credit(account.id, back, f"Given back: {invoice['id']}"))
    return steps


def _last_charge_back(account: StripeAccount, told: Subscription, *, but: list[Json]) -> list[Json]:
    done = [i["id"] for i in but]
    paid = [
        i
        for i in account.invoices_of(told.id)
        if i["status"] == "paid" and left_to_refund(i) and i["id"] not in done
    ]
    if not paid:
        return []
    last = max(paid, key=lambda i: (issued_on(i), i["id"]))
    return [pay_back(last, left_to_refund(last))]


def _take_back(
    account: StripeAccount, record: Json, concessions: tuple[str, ...], now: datetime
) -> tuple[Json, list[Json], tuple[int, ...]]:
    """Return what takes the named concessions back: changes of the subscription, bookings, numbers.

    Only what a concession still holds for the future is taken back; what was given stays given.
    """
    changes: Json = {}
    bookings: list[Json] = []
    numbers = []
    credit_left = max(0, -int(account.customer.get("balance") or 0))
    for entry in _named(account, concessions, record["id"]):
        if isinstance(entry.command, c.GrantCredit):
            taken = min(entry.command.amount.minor, credit_left)
            if taken:
                credit_left -= taken
                amount = Money(-taken, entry.command.amount.currency)
                bookings.append(book_credit(account.id, amount, f"Taken back: C-{entry.number}"))
                numbers.append(entry.number)
            continue
        change = _reversal(account, record, entry, now)
        if change:
            metadata = {**changes.get("metadata", {}), **change.get("metadata", {})}
            changes = {**changes, **change, **({"metadata": metadata} if metadata else {})}
            numbers.append(entry.number)
    return changes, bookings, tuple(numbers)


def _named(
    account: StripeAccount, concessions: tuple[str, ...], subscription: str
) -> list[JournalEntry]:
    return [
        entry
        for entry in account.journal
        if f"C-{entry.number}" in concessions
        and entry.revoked_at is None
        and getattr(entry.command, "subscription", None) in (None, subscription)
    ]


def _reversal(account: StripeAccount, record: Json, entry: JournalEntry, now: datetime) -> Json:
    """Return the change that takes one concession back; empty when there is nothing left of it."""
    command = entry.command
    if isinstance(command, c.ApplyDiscount):
        return {"discounts": ""} if discount_of(account, record) else {}
    if isinstance(command, c.ChangePlan):
        return _old_plan(account, record, command.plan, now)
    if isinstance(command, c.PauseSubscription):
        pause = pause_of(record, now)
        newest = _newest_pause(account, record["id"])
        # A pause that has begun is over with the subscription; only one to come is taken back.
        if pause and pause.starts_on > now.date() and newest == entry.number:
            return unpaused()
    return {}


def unpaused() -> Json:
    return {"pause_collection": "", "metadata": {PAUSE_FROM: "", PAUSE_UNTIL: ""}}


def _newest_pause(account: StripeAccount, subscription: str) -> int:
    """Return the number of the pause that was agreed last: a longer one takes the place."""
    numbers = [
        entry.number
        for entry in account.journal
        if isinstance(entry.command, c.PauseSubscription)
        and entry.command.subscription == subscription
        and entry.command.note
    ]
    return max(numbers, default=0)


def _old_plan(account: StripeAccount, record: Json, wanted: str, now: datetime) -> Json:
    if not pending_until(record, now) or plan_code(first_item(record)["plan"]) != wanted:
        return {}
    return to_plan(record, str(note(record, PLAN_BEFORE)), account) | {
        "metadata": {PLAN_BEFORE: "", PRICE_BEFORE: "", PLAN_UNTIL: ""}
    }


def to_plan(record: Json, code: str, account: StripeAccount) -> Json:
    """Return the change to the plan of this code; nothing is prorated, because nothing is due."""
    item = first_item(record)
    stripe_id = account.plan_ids.get(code, code)
    return {
        "items": [{"id": item["id"], "plan": stripe_id, "quantity": item["quantity"]}],
        "proration_behavior": "none",
    }
