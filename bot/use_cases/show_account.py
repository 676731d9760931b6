"""Show an account as the billing system has it: the JSON contract `account`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from bot.retention.account import (
    AccountHistory,
    Concession,
    Invoice,
    Order,
    Subscription,
)
from bot.use_cases.ports import Billing, Clock


def show_account(account: str, *, billing: Billing, clock: Clock) -> dict[str, Any]:
    """Return the account's books as JSON values: days ISO, instants UTC, money in minor units.

    Raises:
        AccountNotFound: there is no such account.
        BillingUnavailable: the billing system does not answer.
    """
    return account_view(billing.history(account, now=clock.now()))


def account_view(history: AccountHistory) -> dict[str, Any]:
    """Return the history in the shape of the contract, and some keys more."""
    plans = {plan.code: plan.name for plan in history.catalogue}
    return {
        "account": history.account,
        "customer": {
            "name": history.customer.name,
            "email": history.customer.email,
            "jurisdiction": history.customer.jurisdiction,
        },
        "currency": history.currency,
        "credit_minor": history.credit.minor,
        "lifetime_value_minor": history.lifetime_value.minor,
        "households": history.households,
        "subscriptions": [_subscription(s, plans) for s in history.subscriptions],
        "orders": [_order(o) for o in history.orders],
        "invoices": [_invoice(i) for i in history.invoices],
        "concessions": [_concession(c) for c in history.concessions],
        "boxes": [
            {
                "subscription": b.subscription,
                "due_on": _iso(b.due_on),
                "status": b.status,
                "late": b.late,
                "cooked": b.cooked,
            }
            for b in history.boxes
        ],
        "incidents": [
            {
                "id": i.id,
                "title": i.title,
                "status": i.status,
                "opened_on": _iso(i.opened_on),
                "expected_fix_on": _iso(i.expected_fix_on),
            }
            for i in history.incidents
        ],
        "tickets": [
            {"id": t.id, "subject": t.subject, "status": t.status, "opened_on": _iso(t.opened_on)}
            for t in history.tickets
        ],
        "plan_changes": [
            {
                "subscription": p.subscription,
                "from_plan": p.from_plan,
                "from_plan_name": plans.get(p.from_plan, p.from_plan),
                "to_plan": p.to_plan,
                "to_plan_name": plans.get(p.to_plan, p.to_plan),
                "changed_on": _iso(p.changed_on),
            }
            for p in history.plan_changes
        ],
    }


def _subscription(s: Subscription, plans: Mapping[str, str]) -> dict[str, Any]:
    discount, pause, change = s.discount, s.pause, s.pending_change
    return {
        "id": s.id,
        "plan": s.plan,
        "plan_name": s.plan_name,
        "nickname": s.nickname,
        "status": s.status.value,
        "price_minor": s.price.minor,
        "currency": s.price.currency,
        "interval": s.interval,
        "started_on": _iso(s.started_on),
        "period_starts_on": _iso(s.period_starts_on),
        "renews_on": _iso(s.renews_on),
        "trial_ends_on": _iso(s.trial_ends_on),
        "discount": discount and {"percent": discount.percent, "ends_on": _iso(discount.ends_on)},
        "pause": pause
        and {"starts_on": _iso(pause.starts_on), "resumes_on": _iso(pause.resumes_on)},
        "pending_change": change
        and {
            "plan": change.plan,
            "plan_name": plans.get(change.plan, change.plan),
            "price_minor": change.price.minor,
            "starts_on": _iso(change.starts_on),
        },
        "cancels_on": _iso(s.cancels_on),
        "canceled_at": _iso(s.canceled_at),
        "skipped": [_iso(day) for day in s.skipped],
        "every_weeks": s.every_weeks,
        "next_dispatch_on": _iso(s.next_dispatch_on),
    }


def _order(o: Order) -> dict[str, Any]:
    return {
        "id": o.id,
        "item": o.item,
        "status": o.status.value,
        "price_minor": o.price.minor,
        "refund_minor": o.refund.minor,
        "refund_due_minor": o.refund_due.minor,
        "ordered_on": _iso(o.ordered_on),
        "dispatched_on": _iso(o.dispatched_on),
        "delivered_on": _iso(o.delivered_on),
    }


def _invoice(i: Invoice) -> dict[str, Any]:
    return {
        "id": i.id,
        "subscription": i.subscription,
        "amount_minor": i.amount.minor,
        "status": i.status,
        "issued_on": _iso(i.issued_on),
        "due_on": _iso(i.due_on),
        "paid_on": _iso(i.paid_on),
        "refunded_minor": i.refunded.minor,
    }


def _concession(c: Concession) -> dict[str, Any]:
    return {
        "id": c.id,
        "kind": c.kind.value,
        "policy": c.policy,
        "subscription": c.subscription,
        "granted_at": _iso(c.granted_at),
        "value_minor": c.value.minor,
        "revoked_at": _iso(c.revoked_at),
    }


def _iso(moment: date | datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
