"""Facts: what policies see of an account, at its boundaries."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.money import Money
from bot.retention.account import ConcessionKind, OrderStatus, SubscriptionStatus, Ticket
from bot.retention.facts import (
    KNOWN_FACTS,
    PRICE_CONCESSIONS,
    REMEDY,
    Facts,
    Talk,
    monthly,
    order_facts,
    subscription_facts,
)
from tests.factories import (
    NOW,
    TODAY,
    a_box,
    a_concession,
    a_delivered_order,
    a_discount,
    a_pause,
    a_subscription,
    an_account,
    an_incident,
    an_invoice,
    an_order,
    boxes,
    days_from_now,
)


def facts_of(account=None, *, subscription=None, now=NOW, **known) -> Facts:
    """Return the facts about the first, or the given, subscription of an account."""
    history = account or an_account(subscriptions=(subscription or a_subscription(),))
    return subscription_facts(
        history,
        history.subscriptions[0],
        now=now,
        **{"smaller_plan": "duo", "pause_months_left": 6, "talk": Talk(), **known},
    )


def test_every_fact_of_a_subscription_is_known_and_has_its_type():
    facts = facts_of(an_account(boxes=boxes(4)))
    wrong = {
        fact: value
        for fact, value in facts.items()
        if value is not None and type(value) is not KNOWN_FACTS[fact]
    }
    assert wrong == {}


def test_together_both_subjects_give_every_known_fact():
    about_order = order_facts(an_account(), an_order(), now=NOW, talk=Talk())
    assert set(facts_of()) | set(about_order) == set(KNOWN_FACTS)


def test_what_was_handed_in_is_passed_on():
    talk = Talk(earlier_attempts=7, days_since_attempt=30, channel="desk", language="de")
    facts = facts_of(smaller_plan=None, pause_months_left=2, talk=talk)
    assert (facts["smaller_plan"], facts["pause_months_left"]) == (None, 2)
    assert (facts["earlier_attempts"], facts["days_since_attempt"]) == (7, 30)
    assert (facts["channel"], facts["language"]) == ("desk", "de")


@pytest.mark.parametrize(("days", "months"), [(364, 11), (365, 12), (366, 12), (0, 0)])
def test_tenure_counts_whole_months(days, months):
    facts = facts_of(subscription=a_subscription(started_on=days_from_now(-days)))
    assert facts["tenure_months"] == months


def test_renewal_days_count_both_ways_and_none_when_it_ended():
    facts = facts_of(subscription=a_subscription(renews_on=days_from_now(12)))
    assert (facts["days_to_renewal"], facts["days_since_renewal"]) == (12, 18)
    ended = a_subscription(renews_on=None, status=SubscriptionStatus.CANCELED)
    assert facts_of(subscription=ended)["days_to_renewal"] is None


@pytest.mark.parametrize(("ends_in", "runs"), [(1, True), (0, False), (-1, False)])
def test_a_discount_runs_until_the_day_before_its_end(ends_in, runs):
    discount = a_discount(ends_on=days_from_now(ends_in))
    assert facts_of(subscription=a_subscription(discount=discount))["discount_runs"] is runs


def test_without_a_discount_none_runs():
    assert facts_of()["discount_runs"] is False


def test_a_pause_counts_from_its_agreement_on():
    assert facts_of()["pause_runs"] is False
    agreed = a_subscription(pause=a_pause(starts_on=days_from_now(12)))
    assert facts_of(subscription=agreed)["pause_runs"] is True
    paused = a_subscription(status=SubscriptionStatus.PAUSED, pause=a_pause())
    assert facts_of(subscription=paused)["pause_runs"] is True


def test_boxes_skipped_in_a_row_end_at_the_first_that_came():
    history = an_account(boxes=boxes(8, skipped=3))
    assert facts_of(history)["boxes_skipped_in_a_row"] == 3
    came = a_box(due_on=TODAY, status="delivered")
    assert facts_of(replace(history, boxes=(came, *history.boxes)))["boxes_skipped_in_a_row"] == 0


def test_a_box_that_is_yet_to_come_is_not_among_the_skipped():
    coming = a_box(due_on=days_from_now(1), status="skipped")
    history = an_account(boxes=(coming, *boxes(3)))
    assert facts_of(history)["boxes_skipped_in_a_row"] == 0


def test_a_dispatched_box_says_nothing_yet():
    history = an_account(boxes=(a_box(due_on=TODAY, status="dispatched"), *boxes(2, skipped=2)))
    facts = facts_of(history)
    assert (facts["boxes_skipped_in_a_row"], facts["cooked_percent"]) == (2, None)


def test_the_share_cooked_counts_delivered_boxes_and_rounds_down():
    facts = facts_of(an_account(boxes=boxes(9, cooked=6, skipped=0)))
    assert facts["cooked_percent"] == 66
    assert facts_of(an_account(boxes=()))["cooked_percent"] is None


def test_other_subscriptions_boxes_do_not_count():
    other = boxes(5, late=2, skipped=0, subscription="S-other")
    assert facts_of(an_account(boxes=other))["late_boxes"] == 0
    assert facts_of(an_account(boxes=boxes(5, late=2)))["late_boxes"] == 2


@pytest.mark.parametrize(
    ("newest", "before", "trend"),
    [(4, 2, "rising"), (3, 2, "steady"), (2, 2, "steady"), (1, 2, "steady"), (2, 4, "falling")],
)
def test_usage_is_compared_between_the_newest_four_boxes_and_the_four_before(newest, before, trend):
    cooked = [n < newest for n in range(4)] + [n < before for n in range(4)] + [False] * 3
    delivered = tuple(
        a_box(due_on=days_from_now(-7 * n), cooked=one) for n, one in enumerate(cooked)
    )
    assert facts_of(an_account(boxes=delivered))["usage_trend"] == trend
    assert facts_of(an_account(boxes=delivered[:7]))["usage_trend"] is None


@pytest.mark.parametrize(("days_ago", "count"), [(0, 1), (89, 1), (90, 0), (-1, 0)])
def test_lately_is_the_last_ninety_days(days_ago, count):
    day = days_from_now(-days_ago)
    late, skipped = a_box(due_on=day, late=True), a_box(due_on=day, status="skipped")
    incident = replace(an_incident(status="resolved"), opened_on=day)
    facts = facts_of(an_account(boxes=(late, skipped), incidents=(incident,)))
    assert facts["late_boxes_last_90_days"] == count
    assert facts["boxes_skipped_last_90_days"] == count
    assert facts["incidents_last_90_days"] == count


def test_concessions_are_counted_without_remedies_and_what_was_taken_back():
    given = (
        a_concession("C-1"),
        a_concession("C-2", kind=ConcessionKind.PAUSE),
        a_concession("C-3", policy=f"{REMEDY}@1"),
        replace(a_concession("C-4"), revoked_at=NOW),
    )
    facts = facts_of(an_account(concessions=given))
    assert facts["concessions"] == 2
    assert facts["concessions_minor"] == given[0].value.minor + given[1].value.minor


def test_open_tickets_are_counted_and_closed_ones_are_not():
    tickets = tuple(
        Ticket(f"T-{n}", "box", status, TODAY) for n, status in enumerate(("open", "closed"))
    )
    history = replace(an_account(), tickets=tickets)
    assert facts_of(history)["open_tickets"] == 1


def test_overdue_invoices_and_open_incidents_are_counted_and_settled_ones_are_not():
    history = an_account(
        invoices=(
            an_invoice(status="overdue"),
            an_invoice("I-2"),
            an_invoice("I-3", status="open"),
        ),
        incidents=(an_incident(), an_incident("N-2", status="resolved")),
    )
    facts = facts_of(history)
    assert (facts["overdue_invoices"], facts["open_incidents"]) == (1, 1)


def days_conceded(*concessions) -> int | None:
    return facts_of(an_account(concessions=concessions))["days_since_price_concession"]


def test_the_newest_price_concession_counts():
    old = a_concession("C-1", granted_at=NOW - timedelta(days=200))
    new = a_concession("C-2", granted_at=NOW - timedelta(days=61, hours=23))
    assert days_conceded(old, new) == days_conceded(new, old) == 61


@pytest.mark.parametrize("kind", sorted(PRICE_CONCESSIONS, key=lambda kind: kind.value))
def test_what_comes_out_of_the_price_starts_the_cool_down(kind):
    assert days_conceded(a_concession(kind=kind)) == 61


@pytest.mark.parametrize("kind", sorted(set(ConcessionKind) - PRICE_CONCESSIONS, key=str))
def test_what_costs_no_price_does_not(kind):
    assert days_conceded(a_concession(kind=kind)) is None


def test_a_remedy_and_a_revoked_concession_start_no_cool_down():
    remedy = a_concession(kind=ConcessionKind.CREDIT, policy=f"{REMEDY}@1")
    assert days_conceded(remedy, a_concession(revoked_at=NOW)) is None


def test_trial_extensions_of_this_subscription_are_counted():
    extension = a_concession(kind=ConcessionKind.EXTEND_TRIAL)
    others = replace(extension, subscription="S-other"), replace(extension, revoked_at=NOW)
    facts = facts_of(an_account(concessions=(extension, *others)))
    assert facts["trial_extensions"] == 1


def test_a_customer_whose_home_is_not_known_has_no_jurisdiction():
    assert facts_of(an_account(jurisdiction=None))["jurisdiction"] is None


def test_an_order_is_seen_with_its_age_and_state():
    facts = order_facts(an_account(), a_delivered_order(days_ago=8), now=NOW, talk=Talk())
    assert facts["subject"] == "order"
    assert facts["order_status"] == OrderStatus.DELIVERED.value
    assert (facts["days_since_delivery"], facts["price_minor"]) == (8, 7900)
    not_yet = order_facts(an_account(), an_order(), now=NOW, talk=Talk())
    assert not_yet["days_since_delivery"] is None


@given(minor=st.integers(0, 10**8))
def test_a_yearly_price_by_the_month_is_never_overstated(minor):
    assert 0 <= minor - 12 * monthly(Money(minor), "year").minor < 12
    assert monthly(Money(minor), "month") == Money(minor)
