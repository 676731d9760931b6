"""The monthly budgets: what offers take from them, and that nothing fits beyond them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.money import Money
from bot.retention.account import ConcessionKind
from bot.retention.budget import (
    Budgets,
    Line,
    Spent,
    budget_results,
    budgets_of,
    cost_of,
    fits,
    month_of,
)
from bot.retention.budget_lines import to_free, to_set_aside, to_spend
from bot.retention.commands import ApplyDiscount, ConcessionNote, GrantCredit
from bot.retention.offer import OFFER_STANDS, Choice, Offer
from bot.retention.policy import OfferTerms, RetentionPolicy
from bot.retention.save_attempt import Answer, Outcome, SaveAttempt
from tests.factories import NOW

BUDGETS = Budgets(10_000, {"relief": 6000})


def an_offer(
    name: str = "sa-1-1", *, kind: ConcessionKind = ConcessionKind.DISCOUNT, value: int = 5340
) -> Offer:
    return Offer(
        id=name,
        kind=kind,
        policy="relief@2",
        about="S-1",
        price_minor=8900,
        price_after_minor=7120,
        currency="USD",
        value_minor=value,
        starts_on=None,
        until=None,
        expires_at=NOW + OFFER_STANDS,
        detail={},
    )


def a_line(policy: str, cost: int, *, person: str | None = None) -> Line:
    return Line("o-1", "A-1", policy, cost, NOW + OFFER_STANDS, False, person)


def offered(offer: Offer) -> SaveAttempt:
    return SaveAttempt("sa-1", "c-1", "A-1", "S-1", opened_at=NOW).offering(offer, NOW)


def test_an_offer_that_stands_sets_its_cost_aside_under_its_policys_name():
    attempt = offered(an_offer())
    line = Line("sa-1-1", "A-1", "relief", 5340, NOW + OFFER_STANDS, cools_down=True)
    assert to_set_aside(attempt) == (line,)
    assert to_free(attempt) == ()


@pytest.mark.parametrize(
    "offer",
    [an_offer(kind=ConcessionKind.DOWNGRADE, value=3000), an_offer(value=0)],
    ids=["a smaller plan", "a pause"],
)
def test_what_costs_nothing_takes_nothing(offer):
    assert to_set_aside(offered(offer)) == ()
    assert cost_of(offer.kind, offer.value_minor) == 0


def test_the_ways_of_an_order_take_what_each_of_them_may_cost():
    ways = {
        "exchange": {"policy": "exchange_return@1", "item": "Pan"},
        "store_credit": {"policy": "store_credit_return@1", "bonus_minor": 790},
    }
    choices = tuple(Choice(kind, kind, kind, 0) for kind in ways)
    offer = replace(
        an_offer(kind=ConcessionKind.EXCHANGE, value=0), choices=choices, detail=dict(ways)
    )
    [line] = to_set_aside(offered(offer))
    assert (line.policy, line.cost_minor, line.cools_down) == ("store_credit_return", 790, False)


@pytest.mark.parametrize(
    ("attempt", "freed"),
    [
        (offered(an_offer()).answered(Answer.DECLINED), ("sa-1-1",)),
        (offered(an_offer()).closed(Outcome.ABANDONED, NOW), ("sa-1-1",)),
        (offered(an_offer()).answered(Answer.ACCEPTED).withdrawn(), ("sa-1-1",)),
        (offered(an_offer()).answered(Answer.ACCEPTED), ()),
    ],
    ids=["declined", "closed without an answer", "taken and withdrawn", "taken"],
)
def test_what_nothing_came_of_is_free_again(attempt, freed):
    assert to_free(attempt) == freed
    assert to_set_aside(attempt) == ()


def test_what_is_agreed_is_spent_and_a_remedy_is_not():
    note = ConcessionNote(ConcessionKind.DISCOUNT, "relief@2", Money(5340))
    remedy = ConcessionNote(ConcessionKind.CREDIT, "late_box_remedy@1", Money(1500))
    commands = (ApplyDiscount("S-1", 20, 3, note), GrantCredit(Money(1500), "S-1", remedy))
    [line] = to_spend(offered(an_offer()), commands)
    assert (line.offer, line.policy, line.cost_minor) == ("sa-1-1", "relief", 5340)
    assert to_spend(None, commands) == ()


def test_every_budget_that_applies_is_said_with_what_is_left():
    spent = Spent().plus("relief", 5000).plus("other", 4000)
    results = budget_results("relief", 1001, BUDGETS, spent)
    told = [(r.fact, r.operator, r.bound, r.value, r.holds) for r in results]
    assert told == [
        ("policy_budget_left_minor", "at_least", 1001, 1000, False),
        ("company_budget_left_minor", "at_least", 1001, 1000, False),
    ]
    assert fits(a_line("relief", 1000), BUDGETS, spent)
    assert fits(a_line("relief", 0), BUDGETS, Spent(99_999, {"relief": 99_999}))
    assert [r.fact for r in budget_results("other", 1, BUDGETS, spent)] == [
        "company_budget_left_minor"
    ]


def test_budgets_are_those_of_the_policies_and_the_company():
    credit = OfferTerms(ConcessionKind.CREDIT, amount_minor=100)
    one = RetentionPolicy("one", 1, ("any",), (), credit, 1, monthly_budget_minor=500)
    two = RetentionPolicy("two", 1, ("any",), (), credit, 2)
    assert budgets_of((one, two), None) == Budgets(None, {"one": 500})
    assert budgets_of((two,), 900).limits("two")
    assert not budgets_of((one, two), None).limits("two")


@pytest.mark.parametrize(
    ("now", "month"),
    [
        (datetime(2026, 1, 31, 23, 59, 59, tzinfo=timezone.utc), date(2026, 1, 1)),
        (datetime(2026, 2, 1, tzinfo=timezone.utc), date(2026, 2, 1)),
        (NOW + timedelta(days=21), date(2026, 3, 1)),
    ],
)
def test_a_month_is_that_of_the_calendar(now, month):
    assert month_of(now) == month


@given(
    company=st.none() | st.integers(1, 20_000),
    own=st.none() | st.integers(1, 20_000),
    costs=st.lists(st.tuples(st.sampled_from(["a", "b"]), st.integers(0, 6000)), max_size=30),
)
def test_whatever_is_taken_one_after_the_other_never_goes_beyond_a_budget(company, own, costs):
    budgets = Budgets(company, {} if own is None else {"a": own})
    spent = Spent()
    for policy, cost in costs:
        if fits(a_line(policy, cost), budgets, spent):
            spent = spent.plus(policy, cost)
    assert company is None or spent.total_minor <= company
    assert own is None or spent.by_policy.get("a", 0) <= own
    assert spent.total_minor == sum(spent.by_policy.values())
