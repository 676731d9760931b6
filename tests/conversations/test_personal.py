"""Trainers read what was said and not by whom: names, addresses and numbers are masked."""

from __future__ import annotations

import pytest

from bot.conversations.masking import MASK
from bot.conversations.personal import impersonal
from tests.growth import grows_with_length

NAMES = ("Maya Roe", "Maya", "Roe", "Will")


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("maya@home.co.uk or +1 212 555 0123", f"{MASK} or {MASK}"),
        ("(212) 555-0123, pin 1234", f"{MASK}, pin {MASK}"),
        ("ring 2125550123", f"ring {MASK}"),
        ("020 7946 0958 or 0171/1234567", f"{MASK} or {MASK}"),
        ("my customer number is 123456789", f"my customer number is {MASK}"),
        ("Hi Maya Roe, it is me, MAYA", f"Hi {MASK}, it is me, {MASK}"),
        ("maya's box for Will", f"{MASK}'s box for {MASK}"),
        ("my name is Jonas de la Cruz and I go", f"my name is {MASK} and I go"),
        ("my name is jonas weber.", f"my name is {MASK}."),
        ("I am Peter Novak, and this is Anna O'Neill", f"I am {MASK}, and this is {MASK}"),
        ("Ich heiße Jürgen Groß", f"Ich heiße {MASK}"),
        ("tell Mrs. Smith-Jones", f"tell Mrs. {MASK}"),
        ("Bye.\nKind regards,\nTom Field", f"Bye.\nKind regards,\n{MASK}"),
        ("I moved to 22b Baker Street, London NW1 6XE", f"I moved to {MASK}, London {MASK}"),
        ("send it to 1600 elm grove road please", f"send it to {MASK} please"),
        ("12 Mill Close, Denver CO 80202", f"{MASK}, Denver {MASK}"),
        ("Hauptstraße 5 or Berliner Straße 12", f"{MASK} or {MASK}"),
        ("my zip code is 80202", f"my zip code is {MASK}"),
    ],
)
def test_trainers_read_no_name_no_address_and_no_number(typed: str, left: str) -> None:
    assert impersonal(typed, NAMES) == left


@pytest.mark.parametrize(
    "typed",
    [
        "order O-5002 of 2026-11-29",
        "order 1003377 came on 29 11 2026",
        "$1,200.00 for 12 boxes in 3 months",
        "the mayan box; will you stop it",
        "I'm Done. this is ridiculous",
        "my name is on the label twice",
        "3 blocks down the road, in 5 minutes our street is closed",
        "10 minutes of my place, 2 boxes on the way",
        "the boxes came on 1 2 3 4 5 6 7 8 and 9 May",
    ],
)
def test_what_is_not_personal_stays(typed: str) -> None:
    assert impersonal(typed, NAMES) == typed


@pytest.mark.parametrize("part", ["1 ", "1", "A", "Aa ", "Aa de ", "my name is ", "1 aa ", "Aa-"])
def test_long_texts_do_not_keep_trainers_waiting(part: str) -> None:
    assert grows_with_length(lambda text: impersonal(text, NAMES), part, 3_000)
