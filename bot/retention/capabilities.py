"""What a billing system can carry out: what it cannot is not offered, and said when asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from bot.retention.account import AccountHistory, ConcessionKind, Order, Subscription
from bot.retention.calendar import add_months
from bot.retention.offer import Offer

_MONTHS = {"month": 1, "year": 12}


class Capability(str, Enum):
    """One thing that some billing systems do and others do not.

    Leaving, and taking it back before it takes effect, are not among them: a billing system that
    cannot do those is none the desk works with.
    """

    PAUSE = "pause"
    PAUSE_TO_ANY_DAY = "pause_to_any_day"  # else only for whole billing cycles
    SKIP = "skip"
    CHANGE_PLAN = "change_plan"
    CHANGE_INTERVAL = "change_interval"  # between plans paid by the month and by the year
    CHANGE_FREQUENCY = "change_frequency"
    DISCOUNT = "discount"
    CREDIT = "credit"
    EXTEND_TRIAL = "extend_trial"
    REFUND = "refund"
    ORDERS = "orders"  # one-off purchases: cancelled, taken back, exchanged


@dataclass(frozen=True)
class Capabilities:
    """What one billing system declares; `system` is its name in explanations."""

    system: str
    declared: frozenset[Capability]

    def can(self, capability: Capability) -> bool:
        return capability in self.declared


EVERYTHING = Capabilities("embedded", frozenset(Capability))

_FOR_KIND = {
    ConcessionKind.PAUSE: Capability.PAUSE,
    ConcessionKind.SKIP: Capability.SKIP,
    ConcessionKind.CHANGE_FREQUENCY: Capability.CHANGE_FREQUENCY,
    ConcessionKind.DOWNGRADE: Capability.CHANGE_PLAN,
    ConcessionKind.EXCHANGE: Capability.ORDERS,
    ConcessionKind.STORE_CREDIT: Capability.ORDERS,
    ConcessionKind.DISCOUNT: Capability.DISCOUNT,
    ConcessionKind.REFUND: Capability.REFUND,
    ConcessionKind.EXTEND_TRIAL: Capability.EXTEND_TRIAL,
}


def needed_for(
    kind: ConcessionKind,
    draft: Offer | None,
    subject: Subscription | Order,
    history: AccountHistory,
) -> Capability | None:
    """Return what carrying out an offer of that kind takes, as exactly as the draft says; None
    where billing has no part in it."""
    if kind is ConcessionKind.EXPERT_SESSION:
        return None
    if draft is None or isinstance(subject, Order):
        return _FOR_KIND.get(kind, Capability.CREDIT)
    if kind is ConcessionKind.PAUSE and draft.until:
        return needed_for_pause(subject, draft.until)
    if kind is ConcessionKind.DOWNGRADE:
        return needed_for_plan(subject, history, draft.detail["plan"])
    return _FOR_KIND.get(kind, Capability.CREDIT)


def needed_for_pause(subscription: Subscription, resumes_on: date) -> Capability:
    if is_renewal(subscription, resumes_on):
        return Capability.PAUSE
    return Capability.PAUSE_TO_ANY_DAY


def needed_for_plan(subscription: Subscription, history: AccountHistory, plan: str) -> Capability:
    if history.plan(plan).interval == subscription.interval:
        return Capability.CHANGE_PLAN
    return Capability.CHANGE_INTERVAL


def is_renewal(subscription: Subscription, day: date) -> bool:
    """Say whether the subscription renews on that day when nothing else is agreed."""
    pause, step = subscription.pause, _MONTHS[subscription.interval]
    first = pause.starts_on if pause else subscription.renews_on
    if first is None or day < first:
        return False
    cycles = ((day.year - first.year) * 12 + day.month - first.month) // step
    return any(add_months(first, n * step) == day for n in (cycles, cycles + 1))
