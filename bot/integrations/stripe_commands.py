"""What each command is in Stripe: worked out from what was read, before anything is asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any

from bot.errors import NotPossible
from bot.integrations.billing_line import Json
from bot.integrations.journaled_billing import Planned
from bot.integrations.stripe_exit import cancel, to_plan, undo, unpaused
from bot.integrations.stripe_history import told_subscription
from bot.integrations.stripe_reading import (
    PAUSE_ENDS_BEFORE,
    PAUSE_FROM,
    PAUSE_UNTIL,
    PLAN_BEFORE,
    PLAN_UNTIL,
    PRICE_BEFORE,
    StripeAccount,
    agreed_percent,
    charges_before,
    interval_of,
    left_to_refund,
    moment,
    money,
    next_charge_at,
    note,
    pending_until,
    refunded,
    renewal_at,
)
from bot.integrations.stripe_steps import book_credit, make_coupon, mark_of, pay_back
from bot.integrations.stripe_steps import update as change
from bot.retention import command_bounds as bounds
from bot.retention import commands as c
from bot.retention.account import Subscription, SubscriptionStatus
from bot.retention.calendar import add_months, whole_months

_MONTHS = {"month": 1, "year": 12}
_PAUSE_MONTHS, _PAUSE_MONTHS_IN_A_ROW = 3, 6


def plan_steps(account: StripeAccount, command: c.Command, *, key: str, now: datetime) -> Planned:
    """Return how Stripe carries the command out.

    Raises:
        NotPossible: the account's state does not allow it, or Stripe has nothing like it.
    """
    granted: c.ConcessionNote | None = getattr(command, "note", None)
    worth = granted.value if granted else None
    amounts = (worth, getattr(command, "amount", None), getattr(command, "bonus", None))
    bounds.check_money(account.currency, *amounts)
    if worth:
        bounds.check_worth(worth)
    planner = _PLANNERS.get(type(command))
    if planner is None:
        about = getattr(command, "subscription", None)
        if about:
            _staying(account, about, now)
        raise NotPossible(
            f"Stripe has nothing that does {type(command).__name__}. See billing.md on what it can."
        )
    return planner(account, command, key=key, now=now)


def _pause(account: StripeAccount, command: Any, *, key: str, now: datetime) -> Planned:
    record, told = _staying(account, command.subscription, now)
    if told.status is SubscriptionStatus.TRIALING:
        raise NotPossible("A trial cannot be paused; it can be extended or ended.")
    if told.pause is not None:
        bounds.check_longer_pause(
            told.pause.starts_on,
            told.pause.resumes_on,
            longer_until=command.resumes_on,
            today=now.date(),
            months=_PAUSE_MONTHS,
            in_a_row=_PAUSE_MONTHS_IN_A_ROW,
        )
        begins_at = note(record, PAUSE_FROM) or str(_midnight(told.pause.starts_on))
    else:
        _check_starts_with_renewal(command, told)
        bounds.check_pause_length(command.starts_on, command.resumes_on, months=_PAUSE_MONTHS)
        begins_at = str(record["current_period_end"])
    resumes = renewal_at(record, command.resumes_on)
    ends_at = _epoch(resumes - PAUSE_ENDS_BEFORE)
    coupon, discounted = _moved_discount(account, record, key, first=resumes, now=now)
    params = {
        "pause_collection": {"behavior": "void", "resumes_at": ends_at},
        "metadata": {PAUSE_FROM: begins_at, PAUSE_UNTIL: ends_at},
        **discounted,
    }
    return Planned((*coupon, change(told.id, params)))


def _check_starts_with_renewal(command: c.PauseSubscription, told: Subscription) -> None:
    if command.starts_on != told.renews_on:
        raise NotPossible(
            f"A pause starts with the next renewal, on {told.renews_on}, not on "
            f"{command.starts_on}."
        )


def _resume(account: StripeAccount, command: Any, *, key: str, now: datetime) -> Planned:
    record, told = _staying(account, command.subscription, now)
    if not record.get("pause_collection") and told.pause is None:
        raise NotPossible(f"Subscription {told.id} is not paused.")
    again = change(told.id, unpaused())
    if told.status is not SubscriptionStatus.PAUSED:
        return Planned((again,))
    # A paid period begins today: Stripe moves the renewals to now, and bills at once.
    starts = {"billing_cycle_anchor": "now", "proration_behavior": "none"}
    return Planned((again, change(told.id, starts)))


def _change_plan(account: StripeAccount, command: Any, *, key: str, now: datetime) -> Planned:
    record, told = _staying(account, command.subscription, now)
    plan = next((p for p in account.plans if p.code == command.plan), None)
    if plan is None:
        raise NotPossible(f"There is no plan {command.plan!r}.")
    if plan.code == told.plan:
        raise NotPossible(f"Subscription {told.id} is on the plan {plan.code!r} already.")
    if plan.interval != told.interval:
        raise NotPossible("Between paying by the month and by the year Stripe would bill at once.")
    if len(record["items"]["data"]) != 1:
        raise NotPossible(f"Subscription {told.id} has several parts; change it in Stripe.")
    if plan.price.currency != told.price.currency:
        raise NotPossible(f"The plan {plan.code!r} is not sold in {told.price.currency}.")
    begins_at = pending_until(record, now) or next_charge_at(record, now)
    before = {
        PLAN_BEFORE: told.plan,
        PRICE_BEFORE: told.price.minor,
        PLAN_UNTIL: _epoch(begins_at),
    }
    params = {**to_plan(record, plan.code, account), "metadata": before}
    return Planned((change(told.id, params),), effective_at=begins_at)


def _apply_discount(account: StripeAccount, command: Any, *, key: str, now: datetime) -> Planned:
    record, told = _staying(account, command.subscription, now)
    bounds.check_discount(command.percent, command.cycles)
    if told.discount is not None:
        raise NotPossible(
            f"A discount of {told.discount.percent} % runs until {told.discount.ends_on}."
        )
    first = next_charge_at(record, now)
    coupon, params = _discount(
        record, key, command.percent, command.cycles, first=first.date(), now=now
    )
    return Planned((*coupon, change(told.id, params)))


def _discount(
    record: Json, key: str, percent: int, cycles: int, *, first: date, now: datetime
) -> tuple[tuple[Json, ...], Json]:
    """Return a coupon that lasts for that many charges from `first` on, and its use.

    Stripe counts a coupon's months from the moment it is put on the subscription, not from the
    first invoice: so many that the last charge falls within, and the one after it does not.
    """
    ends_on = add_months(first, cycles * _MONTHS[interval_of(record)])
    months = max(1, whole_months(now.date(), ends_on))
    coupon = f"desk-{mark_of(key)[:24]}"
    return (make_coupon(coupon, percent, months),), {"discounts": [{"coupon": coupon}]}


def _moved_discount(
    account: StripeAccount, record: Json, key: str, *, first: datetime, now: datetime
) -> tuple[tuple[Json, ...], Json]:
    """Return what keeps a discount's remaining charges when the next charge moves to `first`."""
    discount: Json = record.get("discount") or {}
    percent = agreed_percent(discount) if discount else None
    if percent is None or not discount.get("end"):
        return (), {}
    left = charges_before(record, moment(discount["end"]), now)
    if not left:
        return (), {}
    return _discount(record, key, percent, left, first=first.date(), now=now)


def _grant_credit(account: StripeAccount, command: Any, *, key: str, now: datetime) -> Planned:
    if command.subscription is not None:
        account.subscription(command.subscription)
    bounds.check_credit(command.amount)
    why = command.note.policy if command.note else "Granted in chat"
    return Planned((book_credit(account.id, command.amount, why),))


def _extend_trial(account: StripeAccount, command: Any, *, key: str, now: datetime) -> Planned:
    record, told = _staying(account, command.subscription, now)
    if told.status is not SubscriptionStatus.TRIALING or not record.get("trial_end"):
        raise NotPossible(f"Subscription {told.id} is not in its trial.")
    bounds.check_trial_extension(command.days)
    ends_at = moment(record["trial_end"]) + timedelta(days=command.days)
    coupon, discounted = _moved_discount(account, record, key, first=ends_at, now=now)
    params = {"trial_end": _epoch(ends_at), "proration_behavior": "none", **discounted}
    return Planned((*coupon, change(told.id, params)))


def _refund(account: StripeAccount, command: Any, *, key: str, now: datetime) -> Planned:
    invoice = account.invoice(command.invoice)
    left = money(left_to_refund(invoice), invoice["currency"])
    back = refunded(invoice) and not left.minor
    status = "refunded" if back else str(invoice["status"])
    bounds.check_refund(invoice["id"], status, command.amount, left=left)
    return Planned((pay_back(invoice, command.amount.minor),))


def _cancel(account: StripeAccount, command: Any, *, key: str, now: datetime) -> Planned:
    return cancel(account, command, now=now)


def _undo(account: StripeAccount, command: Any, *, key: str, now: datetime) -> Planned:
    return undo(account, command, now=now)


def _staying(account: StripeAccount, subscription: str, now: datetime) -> tuple[Json, Subscription]:
    """Return the subscription as read and as told.

    Raises:
        NotPossible: there is none of that id, it has ended, or is set to end.
    """
    record = account.subscription(subscription)
    told = told_subscription(account, record, now=now)
    if not told.is_live:
        raise NotPossible(f"Subscription {told.id} ended on {told.cancels_on}.")
    if told.cancels_on is not None:
        raise NotPossible(
            f"Subscription {told.id} is set to end on {told.cancels_on}. Undo the cancellation "
            "first."
        )
    return record, told


def _epoch(at: datetime) -> int:
    return int(at.timestamp())


def _midnight(on: date) -> int:
    return _epoch(datetime(on.year, on.month, on.day, tzinfo=timezone.utc))


_PLANNERS: dict[type, Callable[..., Planned]] = {
    c.PauseSubscription: _pause,
    c.ResumeSubscription: _resume,
    c.ChangePlan: _change_plan,
    c.ApplyDiscount: _apply_discount,
    c.GrantCredit: _grant_credit,
    c.ExtendTrial: _extend_trial,
    c.CancelSubscription: _cancel,
    c.UndoCancellation: _undo,
    c.RefundInvoice: _refund,
}
