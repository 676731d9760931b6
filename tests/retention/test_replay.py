"""Replaying finds from the record alone what was decided, and other rules are held against it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.integrations.policy_files import load_policies, load_profiles, load_terms
from bot.retention.account import ConcessionKind
from bot.retention.budget import Spent
from bot.retention.cancellation import CancellationReason
from bot.retention.choosing import Choosing
from bot.retention.facts import KNOWN_FACTS, ORDER_FACTS
from bot.retention.generated import generated
from bot.retention.offering import granted_offers
from bot.retention.outcomes import NOTHING, Cell, Counts, Evidence, PastAttempt, Turning
from bot.retention.policy import Condition, OfferTerms, RetentionPolicy
from bot.retention.replay import Case, Ending, ReplayRules, case_of, not_told, replayed
from bot.retention.simulating import simulate
from bot.settings import ROOT
from tests.factories import NOW, a_catalogue
from tests.policy_cases.situations import Given, a_scene

FOLDER = ROOT / "data" / "retention"
RULES = ReplayRules(
    load_policies(FOLDER / "policies"), load_terms(FOLDER / "company.yml"), a_catalogue()
)
TRIAL = {"status": "trialing", "tenure_months": 0}
GIVEN = [
    {"reason": reason.value if reason else None, **other}
    for reason in (*CancellationReason, None)
    for other in (
        {"tenure_months": 14},
        {"plan": "solo", "households": 2},
        {"plan": "solo", "tenure_months": 2},
        {"plan": "family_annual", "renews_in_days": 200},
        {"discount_percent": 20, "conceded_days_ago": 61},
        {"status": "paused", "paused_months": 2},
        {"overdue_invoices": 1, "status": "past_due"},
        {"delivered_days_ago": 5},
        {"delivered_days_ago": 31},
        {"jurisdiction": "DE"},
        {"held_out": True},
        {"hardship": True},
        TRIAL,
        {**TRIAL, "trial_extensions": 1},
    )
]


def case_from(given: dict[str, Any]) -> tuple[Case, dict[str, Any]]:
    """Judge a case as the desk does, and read it back from what would be recorded."""
    scene, _ = granted_offers(a_scene(Given(**given)))
    attempt = scene.dialogue.attempt
    assert attempt
    document = attempt.to_document()
    past = PastAttempt(
        attempt.account, attempt.about, NOW, document["reason"], (), tuple(document["choices"])
    )
    case = case_of(past, [], until=NOW)
    assert case
    return case, document["choices"][0]


@pytest.mark.parametrize("given", GIVEN, ids=lambda given: "-".join(map(str, given.values())))
def test_the_same_rules_decide_the_same_from_the_record_alone(given):
    case, choice = case_from(given)
    assert not_told(case, RULES) == ()
    [done] = replayed(case, RULES, Spent())
    assert done.option == (choice["chosen"] or NOTHING)
    assert done.chance == 1


def test_what_an_offer_costs_comes_out_as_it_was_offered():
    case, _ = case_from({"reason": "too_expensive", "plan": "family", "tenure_months": 14})
    relief = tuple(p for p in RULES.policies if p.name == "price_relief")
    [done] = replayed(case, replace(RULES, policies=relief), Spent())
    assert (done.option, done.kind, done.cost_minor) == ("price_relief@1", "discount", 5340)


def test_choosing_by_value_is_replayed_with_its_chances():
    case, _ = case_from({"reason": "too_expensive", "plan": "family", "tenure_months": 14})
    kept = {Cell("right_size@1", "too_expensive", "long_standing"): Counts(60, 10, 130)}
    terms = replace(RULES.terms, choose=Choosing.VALUE, explore_percent=3)
    rules = replace(RULES, terms=terms, evidence=Evidence(NOW.date(), kept))
    chances = {one.option: one.chance for one in replayed(case, rules, Spent())}
    assert chances["right_size@1"] > 0.97
    assert sum(chances.values()) == pytest.approx(1)
    assert min(chances.values()) == pytest.approx(0.03 / 4)


def test_a_fact_that_the_record_does_not_tell_leaves_the_case_out():
    case, _ = case_from({"reason": "too_expensive"})
    older = replace(case, facts={k: v for k, v in case.facts.items() if k != "usage_trend"})
    asks = RetentionPolicy(
        "asks",
        1,
        ("any",),
        (Condition("usage_trend", "is", "falling"),),
        OfferTerms(ConcessionKind.PAUSE, months=1),
        1,
    )
    candidate = replace(RULES, policies=(asks,))
    assert not_told(older, RULES) == ()
    assert not_told(older, candidate) == ("usage_trend",)
    assert not_told(replace(older, facts={**older.facts, "plan": "gone"}), RULES) == ("plan",)
    found = simulate([older, case], RULES, candidate, terms_of={})
    assert found.left_out == {"usage_trend": 1}
    assert found.current.total.cases == found.candidate.total.cases == 1


def test_budgets_are_used_up_in_the_order_of_time_and_begin_anew_each_month():
    case, _ = case_from({"reason": "too_expensive", "plan": "family", "tenure_months": 14})
    credit = OfferTerms(ConcessionKind.CREDIT, amount_minor=1000)
    gift = RetentionPolicy("gift", 1, ("any",), (), credit, 1, monthly_budget_minor=1020)
    taken = {Cell("gift@1", "too_expensive", "long_standing"): Counts(10**9, 0, 0)}
    rules = replace(RULES, policies=(gift,), evidence=Evidence(NOW.date(), taken))
    days = [replace(case, at=NOW + timedelta(days=n)) for n in (30, 1, 0)]
    found = simulate(days, rules, rules, terms_of={})
    assert {o: t.cases for o, t in found.current.by_option.items()} == {"gift@1": 2, NOTHING: 1}
    assert found.moved == {}


def recorded(case: Case, *, done: str, stayed: bool | None, held_out: bool = False) -> Case:
    ending = Ending(done, {done: 1.0}, Choosing.LADDER, held_out, ("right_size@1",), stayed, 0)
    return replace(case, held_out=held_out, ending=ending)


def a_year_of(case: Case, *, held: int, offered: int) -> list[Case]:
    """One in ten stays without an offer, one in four with it."""
    nothing = [recorded(case, done=NOTHING, stayed=n % 10 == 0, held_out=True) for n in range(held)]
    return nothing + [
        recorded(case, done="right_size@1", stayed=n % 4 == 0) for n in range(offered)
    ]


def test_the_holdout_tells_what_becomes_of_customers_who_are_offered_nothing():
    case, _ = case_from({"reason": "too_expensive", "plan": "family", "tenure_months": 3})
    nothing = replace(RULES, policies=())
    cases = a_year_of(case, held=100, offered=900)
    found = simulate(cases, RULES, nothing, terms_of={}).estimate
    assert found.mean == pytest.approx(0.10)  # type: ignore[union-attr]
    assert found.effective == pytest.approx(100)
    same = simulate(cases, RULES, RULES, terms_of={}).estimate
    assert same.mean == pytest.approx(0.25)  # type: ignore[union-attr]


def test_a_revision_that_offers_the_same_is_known_to_do_the_same():
    case, _ = case_from({"reason": "too_expensive", "plan": "family", "tenure_months": 3})
    later = tuple(replace(policy, revision=2) for policy in RULES.policies)
    candidate = replace(RULES, policies=later)
    cases = a_year_of(case, held=0, offered=200)
    same = {f"{p.name}@{n}": p.name for p in RULES.policies for n in (1, 2)}
    assert simulate(cases, RULES, candidate, terms_of=same).estimate.mean == pytest.approx(0.25)  # type: ignore[union-attr]
    unknown = simulate(cases, RULES, candidate, terms_of={}).estimate
    assert "never tried" in unknown.why  # type: ignore[union-attr]


def test_what_is_not_certain_yet_is_replayed_and_not_estimated():
    case, _ = case_from({"reason": "too_expensive", "plan": "family", "tenure_months": 3})
    found = simulate([recorded(case, done="right_size@1", stayed=None)], RULES, RULES, terms_of={})
    assert found.current.total.cases == 1
    assert found.observed == (0, 0)
    assert "that takes 90 days" in found.estimate.why  # type: ignore[union-attr]


def test_an_attempt_tells_what_was_done_and_whether_the_customer_stayed():
    scene, offers = granted_offers(a_scene(Given(reason="too_expensive", tenure_months=14)))
    attempt = scene.dialogue.attempt
    assert attempt
    document = attempt.offering(offers[1], NOW).to_document()
    document["offers"][0]["answer"] = "accepted"
    past = PastAttempt(
        "A-1", "S-1", NOW, "too_expensive", tuple(document["offers"]), tuple(document["choices"])
    )
    left = Turning("A-1", "S-1", NOW + timedelta(days=89), leaves=True)
    gone = case_of(past, [left], until=NOW + timedelta(days=1))
    assert gone
    assert gone.ending
    assert (gone.ending.done, gone.ending.stayed) == ("price_relief@1", False)
    assert gone.ending.cost_minor == 5340
    later = replace(left, at=NOW + timedelta(days=90))
    kept = case_of(past, [later], until=NOW + timedelta(days=1))
    assert kept
    assert kept.ending
    assert kept.ending.stayed is True
    assert case_of(replace(past, choices=()), [], until=NOW) is None, "from before facts were kept"


def cases(count: int, seed: int) -> list[Case]:
    return list(
        generated(
            count,
            seed=seed,
            now=NOW,
            catalogue=a_catalogue(),
            profiles=load_profiles(FOLDER / "profiles"),
            terms=RULES.terms,
        )
    )


def test_generated_cases_are_the_same_for_the_same_seed_and_others_for_another():
    assert cases(200, 7) == cases(200, 7)
    assert cases(200, 7) != cases(200, 8)


def test_generated_cases_tell_every_fact_of_a_subscription_in_its_type():
    told = cases(300, 1)
    assert {frozenset(case.facts) for case in told} == {frozenset(KNOWN_FACTS) - ORDER_FACTS}
    wrong = {
        fact
        for case in told
        for fact, value in case.facts.items()
        if value is not None and type(value) is not KNOWN_FACTS[fact]
    }
    assert wrong == set()
    assert sorted(case.at for case in told) == [case.at for case in told]
    assert all(case.at <= NOW for case in told)


def test_generated_cases_reach_every_policy_of_subscriptions_and_the_holdout():
    found = simulate(cases(3000, 1), RULES, RULES, terms_of={})
    on_orders = {"exchange_return@1", "store_credit_return@1"}
    assert set(found.current.by_option) == {p.cited for p in RULES.policies} - on_orders | {NOTHING}
    assert sum(t.cases for t in found.current.by_option.values()) == pytest.approx(3000)
    total = found.current.total
    assert total.kept_low <= total.kept <= total.kept_high
    assert total.cost_minor <= total.cost_at_most_minor
