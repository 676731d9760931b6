"""Agents read what an offer is called, not what the policies' files call it."""

from __future__ import annotations

import pytest

from bot.conversations.offer_names import OFFER_NAMES, policy_name, without_citations
from bot.retention.account import ConcessionKind

KINDS = {"right_size": "downgrade", "price_relief": "discount"}


def test_every_kind_of_offer_has_a_name_and_no_name_stands_for_nothing() -> None:
    assert set(OFFER_NAMES) == {kind.value for kind in ConcessionKind}


@pytest.mark.parametrize(
    ("sentence", "read"),
    [
        (
            "right_size@1 comes first on the ladder, of 3 granted.",
            "Smaller plan comes first on the ladder, of 3 granted.",
        ),
        ("Of old_one@12 and price_relief@3.", "Of Old one and Discount."),
        ("Write to kim@example.com about 3 @ 5.", "Write to kim@example.com about 3 @ 5."),
    ],
)
def test_what_a_sentence_cites_is_named(sentence: str, read: str) -> None:
    assert without_citations(sentence, KINDS) == read


def test_a_policy_of_long_ago_is_named_by_its_own_words() -> None:
    assert policy_name("summer_gift@2", KINDS) == "Summer gift"
