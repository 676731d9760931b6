"""Worth: what an offer costs, and what is left of the price of who stays by it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.retention.account import ConcessionKind, Subscription, SubscriptionStatus
from bot.retention.offer import offer_on_subscription
from bot.retention.policy import OfferTerms
from bot.retention.worth import Stake, Worth, stake_of, stake_of_nothing
from tests.factories import (
    NOW,
    TODAY,
    a_discount,
    a_pending_change,
    a_subscription,
    an_account,
    days_from_now,
)

K = ConcessionKind
WORTH = Worth(
    margin_percent={"light": 30, "solo": 34, "duo": 37, "family": 40, "family_annual": 36},
    months=6,
    cost_minor={K.PAUSE: 50},
)


def stake(terms: OfferTerms, subscription: Subscription | None = None) -> Stake:
    held = subscription or a_subscription()
    account = an_account(subscriptions=(held,))
    offer = offer_on_subscription(terms, "p@1", account, held, now=NOW)
    assert offer is not None
    return stake_of(WORTH, offer, account, held, TODAY)


def idle(subscription: Subscription) -> Stake:
    account = an_account(subscriptions=(subscription,))
    return stake_of_nothing(WORTH, account, subscription, TODAY)


@pytest.mark.parametrize(
    ("terms", "margin", "cost"),
    [
        (OfferTerms(K.DISCOUNT, percent=20, cycles=3), 21_360, 5_340),
        (OfferTerms(K.DOWNGRADE, to="next_smaller"), 13_098, 0),
        (OfferTerms(K.DOWNGRADE, to="light"), 3_420, 0),
        (OfferTerms(K.PAUSE, months=2), 14_240, 50),
        (OfferTerms(K.PAUSE, months=6), 0, 50),
        (OfferTerms(K.CREDIT, amount_minor=1_000), 21_360, 1_000),
        (OfferTerms(K.SKIP), 21_360, 0),
    ],
)
def test_what_is_at_stake_with_a_family_box(terms, margin, cost):
    """8,900 cents a month, 40 % of them left, for 6 months."""
    assert stake(terms) == Stake(margin, cost)


def test_a_longer_trial_costs_its_goods():
    trial = a_subscription(
        status=SubscriptionStatus.TRIALING,
        trial_ends_on=days_from_now(3),
        renews_on=days_from_now(3),
    )
    assert stake(OfferTerms(K.EXTEND_TRIAL, days=14), trial) == Stake(21_360, 2_492)


def test_without_an_offer_everything_is_as_it_is():
    assert idle(a_subscription()) == Stake(21_360, 0)
    assert idle(a_subscription(plan="family_annual")) == Stake(16_018, 0), "by the month"


def test_a_discount_that_runs_is_not_counted_as_margin():
    running = a_subscription(discount=a_discount(20, ends_on=days_from_now(72)))
    assert idle(running) == Stake(21_360 - 3 * 1_780, 0)
    ended = a_subscription(discount=a_discount(20, ends_on=TODAY))
    assert idle(ended) == Stake(21_360, 0)


def test_a_change_already_agreed_is_what_a_customer_is_worth():
    assert idle(a_subscription(pending_change=a_pending_change("duo", price=5_900))) == Stake(
        13_098, 0
    )


def test_a_plan_nobody_gave_a_margin_is_counted_with_the_lowest():
    narrow = replace(WORTH, margin_percent={"light": 30, "solo": 34})
    held = a_subscription()
    assert stake_of_nothing(narrow, an_account(subscriptions=(held,)), held, TODAY) == Stake(
        16_020, 0
    )
