"""The decision: no policy can get past the limits, and every answer explains itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retention.account import ConcessionKind
from bot.retention.authority import FOR_PEOPLE, Authority
from bot.retention.budget import Budgets, Spent
from bot.retention.cancellation import CancellationReason
from bot.retention.decision import Decision, Limits, decide
from bot.retention.facts import PRICE_CONCESSIONS, Facts
from bot.retention.offer import Offer
from bot.retention.policy import Condition, OfferTerms, RetentionPolicy
from tests.factories import NOW, TODAY

REASON = CancellationReason.TOO_EXPENSIVE
COOL_DOWN_DAYS = 180
LEAD = Authority("lead", 40_000, also=FOR_PEOPLE)
DAY = timedelta(days=1)
LIMITS = Limits(
    today=NOW.date(),
    cap=1,
    made=0,
    in_holdout=False,
    hardship=False,
    cool_down_days=COOL_DOWN_DAYS,
    authority=Authority("assistant", 6000),
)


def a_policy(
    name: str = "relief",
    *,
    kind: ConcessionKind = ConcessionKind.DISCOUNT,
    rank: int = 10,
    reasons: tuple[str, ...] = ("too_expensive",),
    conditions: tuple[Condition, ...] = (),
) -> RetentionPolicy:
    return RetentionPolicy(name, 1, reasons, conditions, OfferTerms(kind, months=1), rank)


def a_draft(policy: RetentionPolicy, value: int) -> Offer:
    return Offer(
        id="",
        kind=policy.offer.kind,
        policy=policy.cited,
        about="S-1",
        price_minor=8900,
        price_after_minor=7120,
        currency="USD",
        value_minor=value,
        starts_on=None,
        until=None,
        expires_at=NOW + timedelta(hours=24),
        detail={},
    )


def decided(
    *policies: RetentionPolicy,
    facts: Facts | None = None,
    limits: Limits = LIMITS,
    value: int = 5340,
    reason: CancellationReason | None = REASON,
    exclude: frozenset[str] = frozenset(),
) -> Decision:
    drafts: dict[str, Offer | None] = {p.cited: a_draft(p, value) for p in policies}
    known = {"pause_months_left": 6, **(facts or {})}
    return decide(policies, reason, known, drafts, limits, exclude=exclude)


def unmet(decision: Decision) -> list[str]:
    [verdict] = decision.verdicts
    return [f"{c.fact} {c.operator} {c.bound}" for c in verdict.conditions if not c.holds]


def test_a_policy_whose_conditions_hold_is_on_offer():
    decision = decided(a_policy())
    assert [offer.policy for offer in decision.offers] == ["relief@1"]
    assert unmet(decision) == []


def test_nothing_matching_means_no_offer_and_no_verdict():
    decision = decided(a_policy(reasons=("unused",)))
    assert decision == Decision((), ())


def test_without_a_reason_only_policies_for_any_reason_speak():
    decision = decided(a_policy(), a_policy("always", reasons=("any",)), reason=None)
    assert [verdict.policy for verdict in decision.verdicts] == ["always@1"]


def test_a_policy_whose_offer_cannot_be_worked_out_is_judged_and_not_offered():
    policy = a_policy()
    decision = decide((policy,), REASON, {}, {policy.cited: None}, LIMITS)
    assert decision.offers == ()
    assert unmet(decision) == ["possible is True"]


@pytest.mark.parametrize(
    ("speaks_from", "speaks_until", "stands_in_its_way"),
    [
        (TODAY, None, []),
        (TODAY + DAY, None, [f"today from {TODAY + DAY}"]),
        (None, TODAY + DAY, []),
        (None, TODAY, [f"today before {TODAY}"]),
        (TODAY - DAY, TODAY + DAY, []),
    ],
)
def test_a_policy_speaks_from_its_first_day_until_the_day_before_its_end(
    speaks_from, speaks_until, stands_in_its_way
):
    policy = replace(a_policy(), speaks_from=speaks_from, speaks_until=speaks_until)
    assert unmet(decided(policy)) == stands_in_its_way
    assert bool(decided(policy).offers) is (not stands_in_its_way)


def test_a_budget_stands_in_the_way_once_what_is_left_is_too_little():
    policy = replace(a_policy(), monthly_budget_minor=10_000)
    budgets = Budgets(20_000, {"relief": 10_000})
    enough = replace(LIMITS, budgets=budgets, spent=Spent(14_660, {"relief": 4660}))
    assert decided(policy, limits=enough).offers
    used_up = replace(LIMITS, budgets=budgets, spent=Spent(14_661, {"relief": 4661}))
    assert unmet(decided(policy, limits=used_up)) == [
        "policy_budget_left_minor at_least 5340",
        "company_budget_left_minor at_least 5340",
    ]
    smaller_plan = a_policy(kind=ConcessionKind.DOWNGRADE)
    assert decided(smaller_plan, limits=used_up).offers, "it costs nothing in this sense"


def test_the_cool_down_is_on_record_even_where_nothing_could_be_worked_out():
    policy, facts = a_policy(), {"days_since_price_concession": 61}
    decision = decide((policy,), REASON, facts, {policy.cited: None}, LIMITS)
    assert unmet(decision) == ["possible is True", "days_since_price_concession at_least 180"]


def test_what_was_offered_already_is_neither_judged_nor_offered_again():
    assert decided(a_policy(), exclude=frozenset({"relief@1"})) == Decision((), ())


def test_every_obstacle_is_named_and_not_only_the_first():
    limits = replace(LIMITS, in_holdout=True, made=1, authority=Authority("assistant", 100))
    condition = Condition("tenure_months", "at_least", 12)
    decision = decided(
        a_policy(conditions=(condition,)),
        facts={"tenure_months": 3, "days_since_price_concession": 10},
        limits=limits,
    )
    assert unmet(decision) == [
        "tenure_months at_least 12",
        "in_holdout is False",
        "offers_made at_most 0",
        "days_since_price_concession at_least 180",
        "value_minor at_most 100",
    ]


@pytest.mark.parametrize(
    ("change", "obstacle"),
    [
        ({"in_holdout": True}, "in_holdout is False"),
        ({"hardship": True}, "hardship is False"),
        ({"cap": 0}, "offers_made at_most -1"),
        ({"cap": 2, "made": 2}, "offers_made at_most 1"),
        ({"authority": Authority("assistant", 5339)}, "value_minor at_most 5339"),
    ],
)
def test_each_limit_stops_an_offer_and_is_named(change, obstacle):
    decision = decided(a_policy(), limits=replace(LIMITS, **change))
    assert decision.offers == ()
    assert unmet(decision) == [obstacle]


def test_a_concession_of_exactly_the_limit_is_within_it():
    assert decided(
        a_policy(), limits=replace(LIMITS, authority=Authority("assistant", 5340))
    ).offers


def test_asking_for_more_allows_a_second_offer_and_no_third():
    assert decided(a_policy(), limits=replace(LIMITS, cap=2, made=1)).offers
    assert not decided(a_policy(), limits=replace(LIMITS, cap=2, made=2)).offers


@pytest.mark.parametrize("kind", sorted(PRICE_CONCESSIONS, key=lambda kind: kind.value))
@pytest.mark.parametrize(("days", "granted"), [(0, False), (179, False), (180, True), (None, True)])
def test_a_price_concession_waits_until_the_cool_down_is_over(kind, days, granted):
    by_lead = replace(LIMITS, authority=LEAD, authorities=(LEAD,))
    facts = {"days_since_price_concession": days}
    decision = decided(a_policy(kind=kind), facts=facts, limits=by_lead)
    assert bool(decision.offers) is granted


@pytest.mark.parametrize("kind", sorted(FOR_PEOPLE, key=lambda kind: kind.value))
def test_what_is_for_people_is_granted_by_those_levels_alone_that_may(kind):
    agent = Authority("agent", 40_000)
    limits = replace(LIMITS, authorities=(LIMITS.authority, agent, LEAD))
    for authority in (LIMITS.authority, agent):
        refused = decided(a_policy(kind=kind), limits=replace(limits, authority=authority))
        assert unmet(refused) == ["level one_of ('lead',)"]
    assert decided(a_policy(kind=kind), limits=replace(limits, authority=LEAD)).offers


def test_what_costs_no_price_does_not_wait():
    policy = a_policy(kind=ConcessionKind.PAUSE)
    assert decided(policy, facts={"days_since_price_concession": 1}).offers


def test_a_concession_granted_in_the_future_by_another_clock_still_counts():
    assert not decided(a_policy(), facts={"days_since_price_concession": -1}).offers


@pytest.mark.parametrize(("left", "granted"), [(0, False), (1, True), (None, False)])
def test_no_pause_is_offered_that_would_last_too_long(left, granted):
    policy = a_policy(kind=ConcessionKind.PAUSE)
    assert bool(decided(policy, facts={"pause_months_left": left}).offers) is granted


def test_a_smaller_plan_needs_no_authority():
    """Its value is what the customer saves; the company gives nothing away."""
    assert decided(a_policy(kind=ConcessionKind.DOWNGRADE), value=1_000_000).offers


ladders = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 3)), unique_by=lambda step: step[0]
)
limits = st.builds(
    Limits,
    cap=st.integers(0, 2),
    made=st.integers(0, 3),
    in_holdout=st.booleans(),
    hardship=st.booleans(),
    cool_down_days=st.just(COOL_DOWN_DAYS),
    authority=st.builds(Authority, st.just("assistant"), st.integers(0, 10_000)),
)
facts = st.fixed_dictionaries(
    {
        "days_since_price_concession": st.one_of(st.none(), st.integers(-2, 400)),
        "pause_months_left": st.integers(0, 6),
        "tenure_months": st.integers(0, 24),
    }
)
policies = st.builds(
    a_policy,
    st.just("relief"),
    kind=st.sampled_from(ConcessionKind),
    reasons=st.sampled_from([("any",), ("too_expensive",), ("unused",)]),
    conditions=st.sampled_from([(), (Condition("tenure_months", "at_least", 12),)]),
)


@given(ladder=ladders, data=st.data())
def test_offers_stand_in_ladder_order_however_the_files_are_read(ladder, data):
    steps = [a_policy(name, rank=rank) for name, rank in ladder]
    shuffled = data.draw(st.permutations(steps))
    offered = [offer.policy for offer in decided(*shuffled).offers]
    assert offered == [f"{name}@1" for name, rank in sorted(ladder, key=lambda s: (s[1], s[0]))]


@given(policy=policies, facts=facts, limits=limits, value=st.integers(0, 20_000))
def test_no_policy_gets_past_the_limits(policy, facts, limits, value):
    decision = decided(policy, facts=facts, limits=limits, value=value)
    for offer in decision.offers:
        assert not limits.in_holdout
        assert not limits.hardship
        assert limits.made < limits.cap
        assert offer.kind is ConcessionKind.DOWNGRADE or value <= limits.authority.concession_minor
        since = facts["days_since_price_concession"]
        assert offer.kind not in PRICE_CONCESSIONS or since is None or since >= COOL_DOWN_DAYS


@given(policy=policies, facts=facts, limits=limits)
def test_an_offer_is_made_exactly_where_the_verdict_is_granted(policy, facts, limits):
    decision = decided(policy, facts=facts, limits=limits)
    granted = [verdict.policy for verdict in decision.verdicts if verdict.granted]
    assert granted == [offer.policy for offer in decision.offers]


@given(policy=policies, facts=facts, limits=limits)
def test_the_same_facts_always_give_the_same_decision(policy, facts, limits):
    first = decided(policy, facts=facts, limits=limits)
    assert first == decided(policy, facts=facts, limits=limits)


@given(policy=policies, facts=facts, limits=limits)
def test_a_tighter_limit_never_adds_an_offer(policy, facts, limits):
    tighter = replace(
        limits,
        made=limits.made + 1,
        authority=Authority("assistant", max(0, limits.authority.concession_minor - 1)),
    )
    before = decided(policy, facts=facts, limits=limits).offers
    after = decided(policy, facts=facts, limits=tighter).offers
    assert {offer.policy for offer in after} <= {offer.policy for offer in before}
