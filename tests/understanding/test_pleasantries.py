"""Courtesies say nothing of what is wanted, and are left where they are all that is said."""

import pytest

from bot.understanding.pleasantries import without_courtesies, without_please
from tests.growth import grows_with_length
from tests.understanding.engines import parse


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Hi, too many late deliveries thank you", "too many late deliveries"),
        ("Good evening. The box never came, thanks!!", "The box never came"),
        ("hello there, ok so when is it due pls", "so when is it due pls"),
        ("HEY, WHERE IS MY BOX", "WHERE IS MY BOX"),
        ("listen, that is it please", "that is it please"),
    ],
)
def test_what_stands_between_them_is_read(said, meant):
    assert without_courtesies(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "hi",
        "thank you so much",
        "no thanks",
        "ok thanks",
        "got it, thank you",
        "could you please",
        "thanks but no, I want it cancelled",
        "hi-fi is not what I asked about",
        "okra is awful stuff",
    ],
)
def test_what_is_said_with_little_else_stays(said):
    assert without_courtesies(said) == said


@pytest.mark.parametrize(
    "said", ["too many late deliveries", "ok bye then", "I'm away for a few months"]
)
@pytest.mark.parametrize("before", ["", "hi, ", "hello there, ", "good evening. "])
@pytest.mark.parametrize("after", ["", " thanks", " thank you"])
def test_nobody_leaves_by_being_polite(said, before, after):
    assert parse(before + said + after).intent != "request_cancellation"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("LISTEN, ANOTHER LATE DELIVERY, THIS ISN'T GOOD ENOUGH PLS", "complain"),
        ("most of the boxes go to waste here pls", "give_reason"),
        ("That's my own business, sorry pls", "deny"),
        ("can I get it stopped please", "request_cancellation"),
        ("please, no more boxes", "request_cancellation"),
    ],
)
def test_a_please_makes_no_wish_of_a_complaint(text, intent):
    assert parse(text).intent == intent


@pytest.mark.parametrize("part", [" ", ", ", "please ", "pls."])
def test_long_texts_keep_nobody_waiting(part):
    assert grows_with_length(without_please, part, 2_000)
    assert grows_with_length(without_courtesies, part, 2_000)


@pytest.mark.parametrize("before", ["", "hi, ", "ok "])
def test_who_insists_does_so_with_or_without_a_greeting(before):
    assert parse(f"{before}yes but I want it cancelled").signals.insisting
    assert not parse(f"{before}I want to cancel unless you can make it cheaper").signals.insisting
