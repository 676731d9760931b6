"""Conditions and verdicts: every operator at its boundary, and nothing guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retention.account import ConcessionKind
from bot.retention.cancellation import CancellationReason
from bot.retention.policy import (
    OPERATORS,
    Condition,
    ConditionResult,
    OfferTerms,
    RetentionPolicy,
    Verdict,
)

numbers = st.integers(-1000, 1000)
values = st.one_of(numbers, st.booleans(), st.sampled_from(["duo", "family", ""]), st.none())


def holds(operator, bound, value) -> bool:
    return Condition("fact", operator, bound).judge({"fact": value}).holds


@pytest.mark.parametrize(
    ("operator", "bound", "met_by", "not_met_by"),
    [
        ("at_least", 12, [12, 13], [11, -12, "12", None]),
        ("at_most", 12, [12, 0, -1], [13, "12", None]),
        ("is", 3, [3], [2, None]),
        ("is", "duo", ["duo"], ["Duo", "", None]),
        ("is", False, [False], [True, None]),
        ("is_not", "duo", ["family", None], ["duo"]),
        ("one_of", ("duo", "family"), ["duo", "family"], ["solo", None]),
        ("one_of", (1, 2), [1, 2], [3, None]),
        ("none_of", ("duo", "family"), ["solo", None], ["duo", "family"]),
    ],
)
def test_an_operator_holds_exactly_where_it_says(operator, bound, met_by, not_met_by):
    assert [v for v in met_by if not holds(operator, bound, v)] == []
    assert [v for v in not_met_by if holds(operator, bound, v)] == []


@given(value=numbers, bound=numbers)
def test_at_least_and_at_most_together_are_equal(value, bound):
    both = holds("at_least", bound, value) and holds("at_most", bound, value)
    assert both == (value == bound)
    assert holds("at_least", bound, value) or holds("at_most", bound, value)


@given(value=values, bound=st.sampled_from(["duo", "family"]))
def test_is_not_is_the_opposite_of_is(value, bound):
    assert holds("is_not", bound, value) is not holds("is", bound, value)


@given(value=values, bound=st.lists(st.sampled_from(["duo", "family", "solo"]), min_size=1))
def test_none_of_is_the_opposite_of_one_of(value, bound):
    assert holds("none_of", tuple(bound), value) is not holds("one_of", tuple(bound), value)


@pytest.mark.parametrize("operator", sorted(set(OPERATORS) - {"is_not", "none_of"}))
def test_what_is_not_known_meets_no_positive_condition(operator):
    bound = (1,) if operator == "one_of" else 1
    assert not holds(operator, bound, None)
    assert not Condition("absent", operator, bound).judge({}).holds


def test_a_judged_condition_shows_the_value_it_met():
    assert Condition("tenure_months", "at_least", 12).judge({"tenure_months": 3}) == (
        ConditionResult("tenure_months", "at_least", 12, 3, holds=False)
    )


def a_policy(*reasons: str, name: str = "relief", revision: int = 1) -> RetentionPolicy:
    return RetentionPolicy(name, revision, reasons, (), OfferTerms(ConcessionKind.SKIP), 10)


def test_a_policy_is_cited_with_its_revision():
    assert a_policy("unused", name="breather", revision=7).cited == "breather@7"


@pytest.mark.parametrize("reason", [None, *CancellationReason])
def test_any_speaks_of_every_reason_and_of_none(reason):
    assert a_policy("any").speaks_of(reason)


@pytest.mark.parametrize("reason", [None, *CancellationReason])
def test_a_policy_speaks_of_the_reasons_it_names_alone(reason):
    named = {CancellationReason.UNUSED, CancellationReason.TEMPORARY_BREAK}
    assert a_policy("unused", "temporary_break").speaks_of(reason) is (reason in named)


@given(held=st.lists(st.booleans(), max_size=6))
def test_a_verdict_is_granted_when_every_condition_holds(held):
    results = tuple(ConditionResult("f", "is", 1, 1, holds=each) for each in held)
    assert Verdict("relief@1", results).granted is all(held)
