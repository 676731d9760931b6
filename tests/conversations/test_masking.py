"""What must not leave the desk is masked however it was typed, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversations.masking import MASK, masked
from tests.growth import grows_with_length

CARD, IBAN, TOKEN = "4242424242424242", "DE89370400440532013000", "eyJhbGciOi.eyJzdWIi0i.c2lnbmVk"


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("4242 4242 4242 4242", MASK),
        ("it is 4242-4242-4242-4242.", f"it is {MASK}."),
        ("4242 4242 4242 4242 12 27 123", f"{MASK} 12 27 123"),
        ("12 4242 4242 4242 4242", f"12 {MASK}"),
        ("3782 822463 10005 12/27", f"{MASK} 12/27"),
        (f"{CARD} and {CARD}", f"{MASK} and {MASK}"),
        (f"to {IBAN}", f"to {MASK}"),
        ("de89 3704 0044 0532 0130 00 is mine", f"{MASK} is mine"),
        ("GB82-WEST-1234-5698-7654-32", MASK),
        ("my password is hunter2", f"my password is {MASK}"),
        ("My Password: correct", f"My Password: {MASK}"),
        ("password's sunshine", f"password's {MASK}"),
        ("mein Passwort ist Sonne", f"mein Passwort ist {MASK}"),
        ("mi contraseña es playa", f"mi contraseña es {MASK}"),
        ('password = "two words", thanks', f"password = {MASK}, thanks"),
        ("PIN 1234, cvv 123", f"PIN {MASK}, cvv {MASK}"),
        (f"look: {TOKEN}", f"look: {MASK}"),
        ("Authorization: Bearer abcdefghijklmnop", f"Authorization: Bearer {MASK}"),
        ("https://x.example/?a=1&token=abc&b=2", f"https://x.example/?a=1&token={MASK}&b=2"),
        ("https://x.example/cb#access_token=abc", f"https://x.example/cb#access_token={MASK}"),
    ],
)
def test_31_what_is_secret_is_masked_however_it_was_typed(typed: str, left: str) -> None:
    assert masked(typed) == left


@pytest.mark.parametrize(
    "typed",
    [
        "order 4242 4242 4242 4243",
        "call +1 212 555 0123 about O-5002",
        "from 2026-11-29 12:30 to 2026-12-29",
        "a pineapple was pinned to the secret of good soup",
        "I forgot my password and need help",
        "my password is wrong, the password reset link too",
        "the boxes came on 1 2 3 4 5 6 7 8 and 9 May",
    ],
)
def test_31_what_is_no_secret_stays(typed: str) -> None:
    assert masked(typed) == typed


@settings(max_examples=50)
@given(before=st.text(max_size=30), after=st.text(max_size=30))
def test_31_no_words_around_a_card_bring_it_out(before: str, after: str) -> None:
    assert CARD not in masked(f"{before} {CARD} {after}")


@settings(max_examples=50)
@given(st.text(max_size=300))
def test_31_masking_twice_is_as_good_as_once(text: str) -> None:
    assert masked(masked(text)) == masked(text)


@pytest.mark.parametrize(
    "part",
    [
        "1",
        "1 ",
        "1-",
        "12x",
        "ab12",
        "password ",
        "password is",
        "eyJaaaaaaaa.",
        "bearer ",
        "?key=",
    ],
)
def test_31_long_texts_do_not_keep_the_desk_busy(part: str) -> None:
    assert grows_with_length(masked, part, 2_000)
    assert grows_with_length(lambda text: masked(text + "x"), part, 2_000)
