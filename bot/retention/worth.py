"""Worth: what a customer who stays brings in and what an offer costs, in minor units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.retention.account import AccountHistory, ConcessionKind, Subscription
from bot.retention.calendar import whole_months
from bot.retention.facts import monthly
from bot.retention.offer import Offer, coming_plan, coming_price

_DAYS_A_MONTH = 30


@dataclass(frozen=True)
class Worth:
    """The company's own figures.

    `margin_percent` is what is left of a plan's price after its goods, by plan code; `months` is
    how long a customer who stays is counted for; `cost_minor` is the work an accepted offer of a
    kind takes, none where the kind is not named.
    """

    margin_percent: Mapping[str, int]
    months: int
    cost_minor: Mapping[ConcessionKind, int]

    def percent_of(self, plan: str) -> int:
        """Return the plan's margin; of a plan that is not named, the lowest one, to be careful."""
        return self.margin_percent.get(plan, min(self.margin_percent.values()))


@dataclass(frozen=True)
class Stake:
    """What is won when the customer takes it and stays, and what taking it costs either way."""

    margin_minor: int
    cost_minor: int


def stake_of_nothing(
    worth: Worth, history: AccountHistory, subscription: Subscription, today: date
) -> Stake:
    """Return what the customer brings in who stays without an offer."""
    return Stake(_as_it_is(worth, history, subscription, worth.months, today), 0)


def stake_of(
    worth: Worth, offer: Offer, history: AccountHistory, subscription: Subscription, today: date
) -> Stake:
    """Return what is at stake with an offer on a subscription.

    A smaller plan and a pause lower the margin; a discount and a credit are a cost of their whole
    value, and a longer trial one of its goods.
    """
    percent = worth.percent_of(coming_plan(history, subscription).code)
    work = worth.cost_minor.get(offer.kind, 0)
    if offer.kind is ConcessionKind.DOWNGRADE:
        plan = history.plan(offer.detail["plan"])
        price = monthly(plan.price, plan.interval).minor
        left = _discounted(price, subscription, worth.months, today)
        share = worth.percent_of(plan.code)
        return Stake(max(0, price * share * worth.months // 100 - left), work)
    paused = offer.detail["months"] if offer.kind is ConcessionKind.PAUSE else 0
    months = max(0, worth.months - paused)
    margin = _as_it_is(worth, history, subscription, months, today)
    if offer.kind is ConcessionKind.EXTEND_TRIAL:
        goods = coming_price(history, subscription).minor * (100 - percent)
        work += -(-goods * offer.detail["days"] // (100 * _DAYS_A_MONTH))
    return Stake(margin, work + offer.value_minor)


def _as_it_is(
    worth: Worth, history: AccountHistory, subscription: Subscription, months: int, today: date
) -> int:
    price = coming_price(history, subscription).minor
    percent = worth.percent_of(coming_plan(history, subscription).code)
    given = _discounted(price, subscription, months, today)
    return max(0, price * percent * months // 100 - given)


def _discounted(price: int, subscription: Subscription, months: int, today: date) -> int:
    """Return what a discount that runs already still takes off in these months."""
    discount = subscription.discount
    if discount is None or discount.ends_on <= today:
        return 0
    running = min(months, whole_months(today, discount.ends_on) + 1)
    return price * discount.percent * running // 100
