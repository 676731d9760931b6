"""Courtesies say nothing of what is wanted, and are left where they are all that is said."""

import pytest

from bot.understanding.pleasantries import without_courtesies
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
