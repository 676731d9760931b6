"""Offers: every figure and date comes from the account, and equals what billing will do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.money import Money
from bot.retention.account import ConcessionKind, Subscription, SubscriptionStatus
from bot.retention.calendar import add_months
from bot.retention.offer import (
    Choice,
    Offer,
    charged_next_on,
    cheaper_rescue_plan,
    coming_price,
    offer_on_order,
    offer_on_subscription,
    pause_months_left,
    read_offer,
    rescue_plan,
    smaller_plan,
)
from bot.retention.policy import OfferTerms
from tests.factories import (
    NOW,
    a_catalogue,
    a_delivered_order,
    a_discount,
    a_pause,
    a_pending_change,
    a_plan,
    a_subscription,
    an_account,
    an_invoice,
    days_from_now,
)

K = ConcessionKind
RENEWS_ON = days_from_now(12)
DISCOUNT = OfferTerms(K.DISCOUNT, percent=20, cycles=3)
PAUSE = OfferTerms(K.PAUSE, months=2)
SMALLER = OfferTerms(K.DOWNGRADE, to="next_smaller")


def offered(terms: OfferTerms, subscription: Subscription | None = None) -> Offer | None:
    subscription = subscription or a_subscription()
    history = an_account(subscriptions=(subscription,))
    return offer_on_subscription(terms, "p@1", history, subscription, now=NOW)


def smaller_than(subscription: Subscription) -> str | None:
    plan = smaller_plan(an_account(subscriptions=(subscription,)), subscription)
    return plan.code if plan else None


@pytest.mark.parametrize(
    ("plan", "smaller"),
    [("family", "duo"), ("duo", "solo"), ("solo", None), ("light", None), ("family_annual", "duo")],
)
def test_the_next_smaller_plan_is_advertised_and_monthly(plan, smaller):
    assert smaller_than(a_subscription(plan=plan)) == smaller


def test_after_an_agreed_change_smaller_means_smaller_than_that():
    assert smaller_than(a_subscription(pending_change=a_pending_change("duo"))) == "solo"


def test_an_old_price_below_the_list_makes_no_plan_cheaper():
    assert smaller_than(a_subscription(plan="duo", price=3900)) is None


def test_the_rescue_plan_is_the_one_nobody_advertises():
    assert rescue_plan(an_account()).code == "light"
    advertised = tuple(plan for plan in a_catalogue() if plan.advertised)
    assert rescue_plan(an_account(catalogue=advertised)) is None


@pytest.mark.parametrize(("plan", "rescued"), [("solo", "light"), ("light", None)])
def test_the_rescue_plan_rescues_nobody_who_has_it(plan, rescued):
    subscription = a_subscription(plan=plan)
    found = cheaper_rescue_plan(an_account(subscriptions=(subscription,)), subscription)
    assert (found.code if found else None) == rescued


def test_a_downgrade_starts_at_the_renewal_and_states_both_prices():
    offer = offered(SMALLER)
    assert (offer.price_minor, offer.price_after_minor, offer.value_minor) == (8900, 5900, 3000)
    assert (offer.starts_on, offer.until, offer.detail) == (RENEWS_ON, None, {"plan": "duo"})


def test_a_downgrade_after_an_agreed_pause_starts_when_it_ends():
    pause = a_pause(starts_on=RENEWS_ON, resumes_on=days_from_now(43))
    assert offered(SMALLER, a_subscription(pause=pause)).starts_on == days_from_now(43)


def test_a_named_plan_that_is_no_cheaper_is_not_offered():
    assert offered(OfferTerms(K.DOWNGRADE, to="family"), a_subscription(plan="duo")) is None
    assert offered(OfferTerms(K.DOWNGRADE, to="light"), a_subscription(plan="light")) is None
    assert offered(OfferTerms(K.DOWNGRADE, to="gone")) is None


def test_a_discount_states_the_reduced_price_and_the_first_day_without_it():
    offer = offered(DISCOUNT)
    assert (offer.price_minor, offer.price_after_minor, offer.value_minor) == (8900, 7120, 5340)
    assert (offer.starts_on, offer.until) == (RENEWS_ON, add_months(RENEWS_ON, 3))
    assert offer.detail == {"percent": 20, "cycles": 3}


def test_a_discount_on_a_year_runs_for_years():
    offer = offered(DISCOUNT, a_subscription(plan="family_annual"))
    assert offer.until == add_months(RENEWS_ON, 36)
    assert offer.value_minor == 3 * 17800


def test_a_discount_reduces_the_price_that_will_be_charged():
    offer = offered(DISCOUNT, a_subscription(pending_change=a_pending_change("duo")))
    assert (offer.price_minor, offer.price_after_minor) == (8900, 4720)


def test_no_second_discount_is_worked_out_while_one_runs():
    assert offered(DISCOUNT, a_subscription(discount=a_discount())) is None


def test_a_pause_starts_at_the_renewal_and_its_last_day_is_not_in_it():
    offer = offered(PAUSE)
    assert (offer.starts_on, offer.until) == (RENEWS_ON, add_months(RENEWS_ON, 2))
    assert (offer.price_after_minor, offer.value_minor) == (0, 0)


def test_a_longer_pause_goes_on_from_where_the_present_one_ends():
    pause = a_pause(starts_on=days_from_now(-22), resumes_on=days_from_now(9))
    paused = a_subscription(status=SubscriptionStatus.PAUSED, pause=pause, renews_on=None)
    offer = offered(PAUSE, paused)
    assert (offer.starts_on, offer.until) == (pause.resumes_on, add_months(pause.resumes_on, 2))


def test_a_trial_is_extended_from_its_end():
    trial = a_subscription(status=SubscriptionStatus.TRIALING, trial_ends_on=days_from_now(2))
    offer = offered(OfferTerms(K.EXTEND_TRIAL, days=14), trial)
    assert (offer.starts_on, offer.until) == (days_from_now(2), days_from_now(16))
    assert offer.price_after_minor == 0


def test_a_trial_that_is_over_is_not_extended():
    over = a_subscription(trial_ends_on=days_from_now(-300))
    assert offered(OfferTerms(K.EXTEND_TRIAL, days=14), over) is None


def test_a_skip_names_the_next_box_and_there_is_none_to_skip_in_a_pause():
    assert offered(OfferTerms(K.SKIP)).starts_on == days_from_now(6)
    assert offered(OfferTerms(K.SKIP), a_subscription(next_dispatch_on=None)) is None


@pytest.mark.parametrize(("weeks", "possible"), [(1, False), (2, False), (3, True)])
def test_only_fewer_boxes_are_another_rhythm(weeks, possible):
    terms = OfferTerms(K.CHANGE_FREQUENCY, every_weeks=weeks)
    assert (offered(terms, a_subscription(every_weeks=2)) is not None) is possible


def test_a_credit_is_worth_what_the_policy_says():
    offer = offered(OfferTerms(K.CREDIT, amount_minor=1200))
    assert (offer.value_minor, offer.price_after_minor) == (1200, 8900)


@pytest.mark.parametrize("terms", [SMALLER, DISCOUNT, PAUSE])
def test_an_ended_subscription_gets_no_offer(terms):
    ended = a_subscription(status=SubscriptionStatus.CANCELED, renews_on=None)
    assert offered(terms, ended) is None


@pytest.mark.parametrize("kind", [K.EXCHANGE, K.STORE_CREDIT])
def test_what_does_not_fit_a_subscription_is_not_worked_out(kind):
    assert offered(OfferTerms(kind, percent=10)) is None


def test_an_order_can_be_exchanged_or_credited_and_nothing_else():
    order = a_delivered_order()
    exchange = offer_on_order(OfferTerms(K.EXCHANGE), "p@1", order, now=NOW)
    credit = offer_on_order(OfferTerms(K.STORE_CREDIT, percent=10), "p@1", order, now=NOW)
    assert (exchange.value_minor, exchange.detail) == (0, {"item": "Cast iron pan"})
    assert (credit.value_minor, credit.detail) == (790, {"bonus_minor": 790})
    assert offer_on_order(DISCOUNT, "p@1", order, now=NOW) is None


def test_an_offer_stands_for_a_day():
    assert offered(DISCOUNT).expires_at == NOW + timedelta(hours=24)


@pytest.mark.parametrize(
    ("starts_on", "resumes_on", "left"),
    [
        (date(2026, 1, 31), date(2026, 2, 28), 5),
        (date(2026, 1, 15), date(2026, 3, 15), 4),
        (date(2026, 1, 15), date(2026, 3, 16), 3),
        (date(2026, 1, 15), date(2026, 7, 15), 0),
        (date(2026, 1, 15), date(2026, 9, 15), 0),
    ],
)
def test_a_month_begun_counts_whole_towards_the_limit_of_a_pause(starts_on, resumes_on, left):
    pause = a_pause(starts_on=starts_on, resumes_on=resumes_on)
    assert pause_months_left(a_subscription(pause=pause), in_a_row_at_most=6) == left


def test_without_a_pause_all_months_are_left_and_a_trial_has_none():
    assert pause_months_left(a_subscription(), in_a_row_at_most=6) == 6
    trial = a_subscription(status=SubscriptionStatus.TRIALING)
    assert pause_months_left(trial, in_a_row_at_most=6) == 0


starts = st.dates(date(2024, 1, 1), date(2030, 12, 31))
prices = st.integers(100, 100_000)
agreed_changes = st.one_of(st.none(), st.sampled_from(["light", "solo", "duo"]))
agreed_pauses = st.one_of(st.none(), st.integers(1, 90))


def any_subscription(plan: str, price: int, change: str | None, paused_days: int | None):
    known = {p.code: p.price.minor for p in a_catalogue()}
    return a_subscription(
        plan=plan,
        price=price,
        pending_change=a_pending_change(change, price=known[change]) if change else None,
        pause=(
            a_pause(starts_on=RENEWS_ON, resumes_on=RENEWS_ON + timedelta(days=paused_days))
            if paused_days
            else None
        ),
    )


subscriptions = st.builds(
    any_subscription,
    st.sampled_from([plan.code for plan in a_catalogue()]),
    prices,
    agreed_changes,
    agreed_pauses,
)


@given(subscription=subscriptions, percent=st.integers(1, 100), cycles=st.integers(1, 12))
def test_a_discount_is_worth_exactly_what_is_not_charged(subscription, percent, cycles):
    offer = offered(OfferTerms(K.DISCOUNT, percent=percent, cycles=cycles), subscription)
    change = subscription.pending_change
    price = change.price if change else subscription.price
    assert 0 <= offer.price_after_minor <= price.minor
    assert offer.value_minor == cycles * (price.minor - offer.price_after_minor)
    assert offer.starts_on == charged_next_on(subscription)
    assert offer.until > offer.starts_on


@given(
    percent=st.integers(1, 100),
    amount=st.integers(0, 20_000),
    already=st.integers(0, 100),
    status=st.sampled_from(["paid", "refunded", "overdue"]),
)
def test_a_refund_is_never_more_than_what_is_left_of_the_last_charge(
    percent, amount, already, status
):
    refunded = amount * already // 100
    charge = an_invoice(amount=amount, refunded=refunded, status=status)
    subscription = a_subscription()
    history = an_account(subscriptions=(subscription,), invoices=(charge,))
    terms = OfferTerms(K.REFUND, percent=percent)
    offer = offer_on_subscription(terms, "p@1", history, subscription, now=NOW)
    if offer is None:
        assert status != "paid" or amount * percent < 100 or refunded == amount
        return
    assert 0 < offer.value_minor <= amount - refunded
    assert offer.value_minor <= (amount * percent + 50) // 100
    assert offer.detail == {"invoice": "I-1", "percent": percent}


@given(
    terms=st.builds(
        OfferTerms,
        st.sampled_from(sorted(K, key=lambda kind: kind.value)),
        to=st.sampled_from(["next_smaller", "light", "solo"]),
        months=st.integers(1, 12),
        percent=st.integers(1, 100),
        cycles=st.integers(1, 12),
        amount_minor=st.integers(1, 1_000_000),
        days=st.integers(1, 60),
        every_weeks=st.integers(1, 8),
        minutes=st.integers(1, 120),
    ),
    subscription=subscriptions,
)
def test_no_offer_takes_the_price_below_zero_or_above_what_it_is(terms, subscription):
    offer = offered(terms, subscription)
    if offer is None:
        return
    change = subscription.pending_change
    highest = max(subscription.price.minor, change.price.minor if change else 0)
    assert 0 <= offer.price_after_minor <= highest
    assert offer.value_minor >= 0


@given(subscription=subscriptions, to=st.sampled_from(["next_smaller", "light", "solo", "duo"]))
def test_a_downgrade_always_saves_money_and_leads_to_a_plan_of_the_catalogue(subscription, to):
    offer = offered(OfferTerms(K.DOWNGRADE, to=to), subscription)
    if offer is None:
        return
    history = an_account(subscriptions=(subscription,))
    plan = history.plan(offer.detail["plan"])
    assert offer.price_after_minor == plan.price.minor < coming_price(history, subscription).minor
    assert offer.value_minor > 0
    assert plan.code != subscription.plan


@given(start=starts, days=st.integers(1, 200), more=st.integers(1, 6))
def test_no_extension_within_what_is_left_passes_the_limit_in_a_row(start, days, more):
    pause = a_pause(starts_on=start, resumes_on=start + timedelta(days=days))
    paused = a_subscription(status=SubscriptionStatus.PAUSED, pause=pause)
    if more <= pause_months_left(paused, in_a_row_at_most=6):
        assert add_months(pause.resumes_on, more) <= add_months(start, 6)


@given(subscription=subscriptions, months=st.integers(1, 12))
def test_a_pause_never_ends_before_it_starts(subscription, months):
    offer = offered(OfferTerms(K.PAUSE, months=months), subscription)
    assert offer.starts_on < offer.until


@pytest.mark.parametrize("terms", [SMALLER, DISCOUNT, PAUSE])
def test_an_offer_is_read_back_as_it_was_written(terms):
    offer = replace(
        offered(terms).named("sa-1-1"), choices=(Choice("a", "title", "exchange", 7900),)
    )
    assert read_offer(offer.to_document()) == offer


def test_an_offers_amounts_carry_its_currency():
    offer = replace(offered(DISCOUNT), currency="EUR")
    assert (offer.price, offer.price_after) == (Money(8900, "EUR"), Money(7120, "EUR"))
    assert offer.value == Money(5340, "EUR")


def test_a_yearly_price_is_compared_by_the_month():
    subscription = a_subscription(plan="family_annual")
    history = an_account(subscriptions=(subscription,))
    assert coming_price(history, subscription) == Money(7416)
    assert a_plan().price > Money(7416), "the premise: a year costs less than twelve months"
