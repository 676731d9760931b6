"""Facts: the numbers and words about an account that policies hold against their bounds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.money import Money
from bot.retention.account import (
    AccountHistory,
    ConcessionKind,
    Order,
    Subscription,
    SubscriptionStatus,
)
from bot.retention.calendar import whole_months

Fact = int | str | bool | None
Facts = dict[str, Fact]

# Every fact a policy may name, with the type of its value; the policy reader refuses any other.
KNOWN_FACTS: dict[str, type] = {
    "subject": str,
    "plan": str,
    "interval": str,
    "status": str,
    "price_minor": int,
    "tenure_months": int,
    "overdue_invoices": int,
    "open_incidents": int,
    "incidents_last_90_days": int,
    "open_tickets": int,
    "late_boxes": int,
    "late_boxes_last_90_days": int,
    "boxes_skipped_last_90_days": int,
    "boxes_skipped_in_a_row": int,
    "cooked_percent": int,
    "usage_trend": str,
    "days_to_renewal": int,
    "days_since_renewal": int,
    "days_since_price_concession": int,
    "discount_runs": bool,
    "pause_runs": bool,
    "pause_months_left": int,
    "smaller_plan": str,
    "trial_extensions": int,
    "households": int,
    "lifetime_value_minor": int,
    "earlier_attempts": int,
    "days_since_attempt": int,
    "concessions": int,
    "concessions_minor": int,
    "order_status": str,
    "days_since_delivery": int,
    "jurisdiction": str,
    "channel": str,
    "language": str,
}

# What `usage_trend`, `channel` and `language` may be.
TRENDS = ("rising", "steady", "falling")
CHANNELS = ("chat", "desk")
LANGUAGES = ("en", "de", "es", "fr")

# What only the one kind of subject has; the other facts belong to the account, or to both.
ORDER_FACTS = frozenset({"order_status", "days_since_delivery"})
SUBSCRIPTION_FACTS = frozenset(
    {
        "plan",
        "interval",
        "status",
        "tenure_months",
        "late_boxes",
        "late_boxes_last_90_days",
        "boxes_skipped_last_90_days",
        "boxes_skipped_in_a_row",
        "cooked_percent",
        "usage_trend",
        "days_to_renewal",
        "days_since_renewal",
        "discount_runs",
        "pause_runs",
        "pause_months_left",
        "smaller_plan",
        "trial_extensions",
    }
)

# Concessions that cost money out of the price; a second one must wait for the cool-down.
PRICE_CONCESSIONS = frozenset(
    {
        ConcessionKind.DISCOUNT,
        ConcessionKind.CREDIT,
        ConcessionKind.WAIVE_FEE,
        ConcessionKind.REFUND,
    }
)

# Remedies are owed, not given: they neither start nor respect a cool-down.
REMEDY = "late_box_remedy"

_LATELY_DAYS = 90
# Usage is compared between the newest so many boxes and as many before them; one box more or less
# is chance.
_BOXES_COMPARED = 4
_BOXES_APART = 2


@dataclass(frozen=True)
class Talk:
    """What is known of the conversation itself: `days_since_attempt` is None before the first."""

    earlier_attempts: int = 0
    days_since_attempt: int | None = None
    channel: str = "chat"
    language: str = "en"


def subscription_facts(
    history: AccountHistory,
    subscription: Subscription,
    *,
    now: datetime,
    smaller_plan: str | None,
    pause_months_left: int,
    talk: Talk,
) -> Facts:
    """Return every fact about one subscription of the account at `now`."""
    today = now.date()
    return {
        **_account_facts(history, now=now, talk=talk),
        "subject": "subscription",
        "plan": subscription.plan,
        "interval": subscription.interval,
        "status": subscription.status.value,
        "price_minor": subscription.price.minor,
        "tenure_months": whole_months(subscription.started_on, today),
        "late_boxes": sum(box.late for box in history.boxes_of(subscription.id)),
        "late_boxes_last_90_days": sum(
            box.late and _is_lately(box.due_on, today) for box in history.boxes_of(subscription.id)
        ),
        "boxes_skipped_last_90_days": sum(
            box.status == "skipped" and _is_lately(box.due_on, today)
            for box in history.boxes_of(subscription.id)
        ),
        "boxes_skipped_in_a_row": _skipped_in_a_row(history, subscription, today),
        "cooked_percent": _cooked_percent(history, subscription),
        "usage_trend": usage_trend(history, subscription),
        "days_to_renewal": _days(today, subscription.renews_on),
        "days_since_renewal": (today - subscription.period_starts_on).days,
        "discount_runs": bool(subscription.discount and today < subscription.discount.ends_on),
        "pause_runs": bool(subscription.pause) or subscription.status is SubscriptionStatus.PAUSED,
        "pause_months_left": pause_months_left,
        "smaller_plan": smaller_plan,
        "trial_extensions": _trial_extensions(history, subscription),
    }


def order_facts(history: AccountHistory, order: Order, *, now: datetime, talk: Talk) -> Facts:
    """Return every fact about one order of the account at `now`."""
    return {
        **_account_facts(history, now=now, talk=talk),
        "subject": "order",
        "order_status": order.status.value,
        "price_minor": order.price.minor,
        "days_since_delivery": _days_since(order.delivered_on, now.date()),
    }


def days_since_price_concession(history: AccountHistory, now: datetime) -> int | None:
    """Return how long ago the newest one was granted that counts; None where there is none."""
    granted = [
        concession.granted_at
        for concession in history.concessions
        if concession.kind in PRICE_CONCESSIONS
        and concession.revoked_at is None
        and not concession.policy.startswith(REMEDY)
    ]
    return (now - max(granted)).days if granted else None


def has_rested(history: AccountHistory, now: datetime, cool_down_days: int) -> bool:
    since = days_since_price_concession(history, now)
    return since is None or since >= cool_down_days


def _account_facts(history: AccountHistory, *, now: datetime, talk: Talk) -> Facts:
    given = [
        concession
        for concession in history.concessions
        if concession.revoked_at is None and not concession.policy.startswith(REMEDY)
    ]
    today = now.date()
    return {
        "overdue_invoices": sum(invoice.status == "overdue" for invoice in history.invoices),
        "open_incidents": sum(incident.status == "open" for incident in history.incidents),
        "incidents_last_90_days": sum(_is_lately(i.opened_on, today) for i in history.incidents),
        "open_tickets": sum(ticket.status == "open" for ticket in history.tickets),
        "lifetime_value_minor": history.lifetime_value.minor,
        "households": history.households,
        "days_since_price_concession": days_since_price_concession(history, now),
        "concessions": len(given),
        "concessions_minor": sum(concession.value.minor for concession in given),
        "earlier_attempts": talk.earlier_attempts,
        "days_since_attempt": talk.days_since_attempt,
        "jurisdiction": history.customer.jurisdiction,
        "channel": talk.channel,
        "language": talk.language,
    }


def _skipped_in_a_row(history: AccountHistory, subscription: Subscription, today: date) -> int:
    """Count the newest boxes that were skipped, until one that was not; none that is to come."""
    past = sorted(
        (
            box
            for box in history.boxes_of(subscription.id)
            if box.status in ("skipped", "delivered") and box.due_on <= today
        ),
        key=lambda box: box.due_on,
        reverse=True,
    )
    count = 0
    for box in past:
        if box.status != "skipped":
            break
        count += 1
    return count


def _cooked_percent(history: AccountHistory, subscription: Subscription) -> int | None:
    delivered = [b for b in history.boxes_of(subscription.id) if b.status == "delivered"]
    if not delivered:
        return None
    return 100 * sum(box.cooked for box in delivered) // len(delivered)


def usage_trend(history: AccountHistory, subscription: Subscription) -> str | None:
    """Compare how many of the newest boxes were cooked with as many before; None: too few yet."""
    delivered = sorted(
        (b for b in history.boxes_of(subscription.id) if b.status == "delivered"),
        key=lambda box: box.due_on,
        reverse=True,
    )
    if len(delivered) < 2 * _BOXES_COMPARED:
        return None
    newest = sum(box.cooked for box in delivered[:_BOXES_COMPARED])
    before = sum(box.cooked for box in delivered[_BOXES_COMPARED : 2 * _BOXES_COMPARED])
    if newest - before >= _BOXES_APART:
        return "rising"
    return "falling" if before - newest >= _BOXES_APART else "steady"


def _is_lately(day: date, today: date) -> bool:
    return 0 <= (today - day).days < _LATELY_DAYS


def _trial_extensions(history: AccountHistory, subscription: Subscription) -> int:
    return sum(
        concession.kind is ConcessionKind.EXTEND_TRIAL
        and concession.subscription == subscription.id
        and concession.revoked_at is None
        for concession in history.concessions
    )


def _days(today: date, until: date | None) -> int | None:
    return (until - today).days if until else None


def _days_since(day: date | None, today: date) -> int | None:
    return (today - day).days if day else None


def monthly(price: Money, interval: str) -> Money:
    """Return what a price comes to per month, so that plans of both intervals compare."""
    return Money(price.minor // 12, price.currency) if interval == "year" else price
