"""Jurisdiction profiles: the nearest rules in force, and the strictest where none are known."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retention.jurisdiction import Profile, Profiles

TODAY = date(2026, 3, 10)


def a_profile(key: str, offers: int = 1, *, since: date = date(2020, 1, 1), withdrawal: int = 0):
    return Profile(key, key, offers, "a law", since, withdrawal)


PROFILES = Profiles(
    (
        a_profile("US", 1),
        a_profile("US-MN", 0, since=date(2025, 1, 1)),
        a_profile("DE", 0),
        a_profile("unknown", 0),
    )
)


@pytest.mark.parametrize(
    ("jurisdiction", "key"),
    [
        ("US-MN", "US-MN"),
        ("US-TX", "US"),
        ("US", "US"),
        ("DE-BY", "DE"),
        ("XX", "unknown"),
        ("USA", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_the_exact_rules_come_before_the_countrys_and_those_before_the_strictest(jurisdiction, key):
    assert PROFILES.of(jurisdiction, TODAY).key == key


def test_rules_hold_from_their_first_day_on():
    assert PROFILES.of("US-MN", date(2024, 12, 31)).key == "US"
    assert PROFILES.of("US-MN", date(2025, 1, 1)).key == "US-MN"


def test_of_two_rules_for_one_place_the_stricter_holds():
    both = Profiles((*PROFILES.known, a_profile("US", 0, since=TODAY)))
    assert both.of("US-TX", TODAY - timedelta(days=1)).offers_before_completion == 1
    assert both.of("US-TX", TODAY).offers_before_completion == 0


@given(jurisdiction=st.one_of(st.none(), st.text(max_size=6)))
def test_a_place_without_rules_never_gets_an_offer(jurisdiction):
    profile = PROFILES.of(jurisdiction, TODAY)
    known = (jurisdiction or "").split("-")[0] in {"US", "DE", "unknown"}
    assert known or profile.is_strict


def test_a_profile_without_offers_is_strict():
    assert a_profile("DE", 0).is_strict
    assert not a_profile("US", 1).is_strict


@pytest.mark.parametrize(("days", "offers"), [(0, 0), (14, 0), (15, 1), (-1, 0)])
def test_no_offer_stands_before_a_withdrawal(days, offers):
    profile = a_profile("NL", 1, withdrawal=14)
    assert profile.offers_on(TODAY, began_on=TODAY - timedelta(days=days)) == offers


def test_where_there_is_no_withdrawal_the_cap_holds_from_the_first_day():
    assert a_profile("US", 1).offers_on(TODAY, began_on=TODAY) == 1
