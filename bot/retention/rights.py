"""Rights: what a customer may have back by law or promise; named before anything is offered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bot.retention.account import Subscription
from bot.retention.dialogue import Situation
from bot.retention.figures import last_charge

MONEY_BACK = "money_back"
WITHDRAWAL = "withdrawal"
# Both end the contract today and give back what was paid last.
KINDS = (MONEY_BACK, WITHDRAWAL)


@dataclass(frozen=True)
class Right:
    """A way out with all money back; `until` is the last day it can be used."""

    kind: str
    until: date


def live_right(subscription: Subscription, situation: Situation) -> Right | None:
    """Return the right that still runs today, by law before by promise; None when there is none."""
    today = situation.profile.day_of(situation.requested_at)
    charge = last_charge(situation.account, subscription)
    if charge is None or charge.refunded.minor or charge.amount.minor == 0:
        return None
    rights = (_withdrawal(subscription, situation), _money_back(subscription, situation))
    return next((right for right in rights if right and today <= right.until), None)


def _withdrawal(subscription: Subscription, situation: Situation) -> Right | None:
    """The right to withdraw from a distance contract, the day it began not counted."""
    days = situation.profile.withdrawal_days
    return Right(WITHDRAWAL, subscription.started_on + timedelta(days=days)) if days else None


def _money_back(subscription: Subscription, situation: Situation) -> Right | None:
    """The company's promise after an annual renewal."""
    if subscription.interval != "year":
        return None
    days = timedelta(days=situation.terms.money_back_days)
    return Right(MONEY_BACK, subscription.period_starts_on + days)
