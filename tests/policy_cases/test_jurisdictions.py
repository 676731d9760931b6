"""The jurisdiction profiles, held against their test vectors."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from bot.integrations.policy_files import load_profiles
from tests.policy_cases.situations import FOLDER

VECTORS = yaml.safe_load((Path(__file__).parent / "jurisdictions.yml").read_text(encoding="utf-8"))
LONG_AGO = 400
# fmt: off
MEMBERS = {
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
    "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
}
# fmt: on


@pytest.fixture(scope="module")
def profiles():
    return load_profiles(FOLDER / "profiles")


@pytest.mark.parametrize("vector", VECTORS, ids=str)
def test_a_vector_finds_its_profile_and_its_number_of_offers(profiles, vector):
    profile = profiles.of(vector["lives_in"], vector["day"])
    began_on = vector["day"] - timedelta(days=vector.get("began_days_ago", LONG_AGO))
    assert profile.key == vector["profile"]
    assert profile.offers_on(vector["day"], began_on=began_on) == vector["offers"]


def test_every_profile_of_its_own_has_a_vector():
    names = {path.name.split(".")[0] for path in (FOLDER / "profiles").glob("*.yml")}
    assert names <= {vector["profile"].lower() for vector in VECTORS}


def test_every_member_of_the_union_has_rules(profiles):
    assert len(MEMBERS) == 27
    assert {profile.key for profile in profiles.known} >= MEMBERS


def test_the_zero_offer_profiles_are_strict(profiles):
    strict = {profile.key for profile in profiles.known if profile.is_strict}
    assert strict == {"US-MN", "DE", "FR", "unknown"}
