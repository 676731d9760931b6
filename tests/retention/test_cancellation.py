"""Reasons: the closed list, which of several decides, and the words that change the course."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retention.cancellation import (
    SOLVABLE,
    CancellationReason,
    asks_to_delete_account,
    deciding_reason,
    read_reasons,
)

R = CancellationReason
reasons = st.lists(st.sampled_from(list(R)), unique=True, max_size=5).map(tuple)


def test_the_list_of_reasons_is_closed():
    assert {reason.value for reason in R} == {
        "too_expensive", "unused", "switched_service", "missing_features", "too_complex",
        "low_quality", "customer_service", "delivery_problem", "technical_problem",
        "temporary_break", "life_event", "ordered_by_mistake", "other",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("said", "hardship", "decides"),
    [
        ((), False, None),
        ((R.TOO_EXPENSIVE,), False, R.TOO_EXPENSIVE),
        ((R.TOO_EXPENSIVE, R.UNUSED), False, R.TOO_EXPENSIVE),
        ((R.TOO_EXPENSIVE, R.DELIVERY_PROBLEM), False, R.DELIVERY_PROBLEM),
        ((R.LOW_QUALITY, R.DELIVERY_PROBLEM), False, R.LOW_QUALITY),
        ((R.TOO_EXPENSIVE, R.DELIVERY_PROBLEM), True, R.LIFE_EVENT),
        ((), True, R.LIFE_EVENT),
    ],
)
def test_hardship_decides_then_a_solvable_cause_then_the_first_said(said, hardship, decides):
    assert deciding_reason(said, hardship=hardship) is decides


@given(said=reasons)
def test_the_deciding_reason_was_said(said):
    decides = deciding_reason(said, hardship=False)
    assert (decides is None) == (not said)
    assert decides is None or decides in said


@given(said=reasons)
def test_a_solvable_cause_is_never_passed_over(said):
    decides = deciding_reason(said, hardship=False)
    assert (decides in SOLVABLE) == any(reason in SOLVABLE for reason in said)


def test_reasons_are_read_in_order_once_each_and_unknown_ones_dropped():
    values = ("unused", "too_expensive", "boredom", "unused")
    assert read_reasons(values) == (R.UNUSED, R.TOO_EXPENSIVE)


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Delete my account", True),
        ("please close this account for good", True),
        ("delete my data", False),
        ("I closed the box. My account is fine", False),
        ("my account number is A-1001", False),
    ],
)
def test_deleting_the_account_is_told_from_deleting_data(text, asks):
    assert asks_to_delete_account(text) is asks
