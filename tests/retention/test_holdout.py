"""The holdout: stable, close to its share, and independent for another salt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retention.holdout import in_holdout

accounts = st.text(min_size=1, max_size=20)
ACCOUNTS = [f"A-{number}" for number in range(20_000)]


@given(account=accounts, salt=st.text(max_size=10))
def test_no_share_holds_nobody_and_the_whole_holds_everybody(account, salt):
    assert not in_holdout(account, salt=salt, percent=0)
    assert in_holdout(account, salt=salt, percent=100)


@given(account=accounts, percents=st.tuples(st.integers(0, 100), st.integers(0, 100)))
def test_a_larger_share_only_adds_accounts(account, percents):
    smaller, larger = sorted(percents)
    if in_holdout(account, salt="s", percent=smaller):
        assert in_holdout(account, salt="s", percent=larger)


@pytest.mark.parametrize("percent", [1, 5, 20])
def test_the_share_is_close_to_what_was_asked_for(percent):
    held_out = sum(in_holdout(account, salt="larder-35", percent=percent) for account in ACCOUNTS)
    expected = len(ACCOUNTS) * percent / 100
    assert abs(held_out - expected) < 4 * expected**0.5, "within four standard deviations"


def test_a_share_of_five_percent_ends_before_the_five_hundredth_of_ten_thousand():
    """A-10725 draws exactly 500 of 0 to 9,999."""
    assert not in_holdout("A-10725", salt="larder-35", percent=5)
    assert in_holdout("A-10725", salt="larder-35", percent=6)


def test_another_salt_draws_another_share():
    first, second = (
        {account for account in ACCOUNTS if in_holdout(account, salt=salt, percent=5)}
        for salt in ("one", "two")
    )
    assert 0 < len(first & second) < len(first) / 5


def test_the_answer_is_the_same_for_ever():
    """A pinned draw: changing the hash would silently end a comparison that runs."""
    held_out = [a for a in ACCOUNTS[1000:1100] if in_holdout(a, salt="larder-35", percent=5)]
    assert held_out == ["A-1013", "A-1020", "A-1071", "A-1085"]
