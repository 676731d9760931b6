"""Policies that read well and can never be offered are named, with what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.integrations.policy_files import load_policies, load_profiles, load_terms
from bot.retention.account import ConcessionKind
from bot.retention.choosing import Choosing
from bot.retention.policy import Condition, OfferTerms, RetentionPolicy
from bot.retention.policy_checks import RuleBook, check_policies
from bot.settings import ROOT
from tests.factories import TODAY, a_catalogue

FOLDER = ROOT / "data" / "retention"
SHIPPED = RuleBook(
    load_policies(FOLDER / "policies"),
    load_profiles(FOLDER / "profiles"),
    load_terms(FOLDER / "company.yml"),
    a_catalogue(),
    TODAY,
)


def policy(
    *conditions: tuple[str, str, object], offer: OfferTerms, rank: int = 1, name: str = "one"
) -> RetentionPolicy:
    return RetentionPolicy(
        name,
        1,
        ("any",),
        tuple(Condition(*c) for c in conditions),
        offer,
        rank,  # type: ignore[arg-type]
    )


def findings(*policies: RetentionPolicy) -> list[tuple[str, str]]:
    return [(f.policy, f.kind) for f in check_policies(replace(SHIPPED, policies=policies))]


ACTIVE = ("status", "is", "active")
CREDIT = OfferTerms(ConcessionKind.CREDIT, amount_minor=500)
PAUSE = OfferTerms(ConcessionKind.PAUSE, months=1)
DISCOUNT = OfferTerms(ConcessionKind.DISCOUNT, percent=20, cycles=3)


def test_every_policy_that_is_shipped_can_be_offered():
    assert check_policies(SHIPPED) == []
    assert SHIPPED.policies


@pytest.mark.parametrize(
    ("kind", "offending"),
    [
        ("contradiction", policy(ACTIVE, ("order_status", "is", "paid"), offer=CREDIT)),
        ("contradiction", policy(("subject", "is", "order"), offer=PAUSE)),
        ("contradiction", policy(ACTIVE, offer=OfferTerms(ConcessionKind.EXCHANGE))),
        ("contradiction", policy(ACTIVE, offer=OfferTerms(ConcessionKind.EXTEND_TRIAL, days=7))),
        (
            "never possible",
            policy(("days_since_price_concession", "at_most", 90), offer=DISCOUNT),
        ),
        ("never possible", policy(ACTIVE, offer=OfferTerms(ConcessionKind.PAUSE, months=4))),
        ("never possible", policy(ACTIVE, offer=OfferTerms(ConcessionKind.DOWNGRADE, to="giant"))),
        (
            "never payable",
            policy(
                ("plan", "is", "family_annual"),
                offer=OfferTerms(ConcessionKind.DISCOUNT, percent=50, cycles=1),
            ),
        ),
        (
            "never payable",
            policy(ACTIVE, offer=OfferTerms(ConcessionKind.CREDIT, amount_minor=40_001)),
        ),
        ("over", replace(policy(ACTIVE, offer=PAUSE), speaks_until=TODAY)),
        (
            "never within budget",
            replace(policy(ACTIVE, offer=CREDIT), monthly_budget_minor=499),
        ),
        ("never within budget", replace(policy(ACTIVE, offer=PAUSE), monthly_budget_minor=499)),
        ("never allowed", policy(("jurisdiction", "one_of", ("DE", "US-MN")), offer=PAUSE)),
    ],
)
def test_an_offer_that_can_never_be_made_is_named(kind, offending):
    assert findings(offending) == [("one", kind)]


@pytest.mark.parametrize(
    "fine",
    [
        policy(ACTIVE, offer=OfferTerms(ConcessionKind.PAUSE, months=3)),
        policy(ACTIVE, offer=OfferTerms(ConcessionKind.CREDIT, amount_minor=40_000)),
        policy(("jurisdiction", "one_of", ("DE", "US-CO")), offer=PAUSE),
        policy(("jurisdiction", "is_not", "DE"), offer=PAUSE),
        policy(("days_since_price_concession", "at_most", 200), offer=DISCOUNT),
        policy(("price_minor", "at_least", 100), offer=PAUSE),
        replace(policy(ACTIVE, offer=PAUSE), speaks_until=TODAY + timedelta(days=1)),
        replace(policy(ACTIVE, offer=PAUSE), speaks_from=TODAY + timedelta(days=400)),
        replace(policy(ACTIVE, offer=CREDIT), monthly_budget_minor=500),
    ],
)
def test_what_can_be_made_once_in_a_while_is_fine(fine):
    assert findings(fine) == []


def test_who_always_stands_behind_two_others_is_never_reached():
    first = policy(("tenure_months", "at_least", 3), offer=PAUSE, rank=1, name="first")
    second = policy(
        ACTIVE, offer=OfferTerms(ConcessionKind.CHANGE_FREQUENCY, every_weeks=2), rank=2, name="two"
    )
    third = policy(ACTIVE, ("tenure_months", "at_least", 12), offer=CREDIT, rank=3, name="third")
    assert findings(first, second, third) == [("third", "unreachable")]
    earlier_customers = policy(ACTIVE, offer=CREDIT, rank=3, name="third")
    assert findings(first, second, earlier_customers) == []


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        ({"speaks_until": TODAY + timedelta(days=9)}, []),
        ({"speaks_from": TODAY + timedelta(days=2)}, []),
        ({"monthly_budget_minor": 5000}, []),
        ({"speaks_from": TODAY, "speaks_until": TODAY + timedelta(days=10)}, ["unreachable"]),
    ],
    ids=["ends before", "begins after", "has a budget that runs dry", "speaks on all its days"],
)
def test_who_does_not_always_speak_hides_nobody_for_good(other, kind):
    spring = {"speaks_from": TODAY + timedelta(days=1), "speaks_until": TODAY + timedelta(days=10)}
    first = policy(ACTIVE, offer=PAUSE, rank=1, name="first")
    skip = OfferTerms(ConcessionKind.CHANGE_FREQUENCY, every_weeks=2)
    second = replace(policy(ACTIVE, offer=skip, rank=2, name="second"), **other)
    third = replace(policy(ACTIVE, offer=CREDIT, rank=3, name="third"), **spring)
    found = check_policies(replace(SHIPPED, policies=(first, second, third)))
    assert [f.kind for f in found if f.policy == "third"] == kind


def test_a_companys_budget_that_no_offer_fits_into_is_named():
    poor = replace(SHIPPED.terms, monthly_budget_minor=400)
    book = replace(SHIPPED, policies=(policy(ACTIVE, offer=CREDIT),), terms=poor)
    [found] = check_policies(book)
    assert (found.kind, "the company's `monthly_budget_minor` is 400" in found.message) == (
        "never within budget",
        True,
    )


def test_nobody_stands_behind_others_where_offers_are_chosen_by_value():
    policies = [
        policy(ACTIVE, offer=CREDIT, rank=rank, name=name)
        for rank, name in enumerate(("first", "second", "third"))
    ]
    policies[:2] = [replace(one, offer=PAUSE) for one in policies[:2]]
    assert findings(*policies) == [("third", "unreachable")]
    by_value = replace(SHIPPED.terms, choose=Choosing.VALUE)
    book = replace(SHIPPED, policies=tuple(policies), terms=by_value)
    assert check_policies(book) == []


def test_a_second_place_is_reached_when_the_customer_asks_for_more():
    first = policy(ACTIVE, offer=PAUSE, rank=1, name="first")
    assert findings(first, policy(ACTIVE, offer=CREDIT, rank=2, name="second")) == []
