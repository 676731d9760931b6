"""Rights: what a customer may have back by law or promise; named before anything is offered."""

from __future__ import annotations

from datetime import date, timedelta

from bot.retention.account import AccountHistory, Subscription
from bot.retention.dialogue import Scene
from bot.retention.figures import last_charge


def money_back_until(
    account: AccountHistory, subscription: Subscription, scene: Scene
) -> date | None:
    """Return the last day of a live money-back right, None when there is none."""
    charge = last_charge(account, subscription)
    if subscription.interval != "year" or charge is None or charge.refunded.minor:
        return None
    until = subscription.period_starts_on + timedelta(days=scene.situation.terms.money_back_days)
    return until if scene.situation.now.date() <= until else None
