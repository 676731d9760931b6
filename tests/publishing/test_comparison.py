"""Green, yellow or red: what a candidate may lose, and what it is told about it."""

import json

import pytest

from bot.publishing.comparison import (
    Check,
    Colour,
    Comparison,
    OfIntent,
    Read,
    Reading,
    as_document,
    by_intent,
    changes,
    judge,
    read_comparison,
)

LEAVES, PAUSES = Reading("request_cancellation", ("unused",)), Reading("request_pause")


def comparison(*intents, changed=(), checks=()):
    steady = OfIntent("greet", 300, 300, 300)
    return Comparison("b.tar.gz", "a.tar.gz", 4, (*intents, steady), tuple(changed), tuple(checks))


def real(before, after):
    return Read("enough of it", before, after)


@pytest.mark.parametrize(
    ("found", "colour", "said"),
    [
        (comparison(), Colour.GREEN, ""),
        (comparison(OfIntent("ask_plan", 40, 30, 38)), Colour.GREEN, ""),
        (comparison(OfIntent("ask_plan", 40, 38, 37)), Colour.GREEN, ""),
        (comparison(OfIntent("ask_plan", 40, 38, 36)), Colour.YELLOW, "ask_plan: 36 of 40"),
        (comparison(OfIntent("ask_plan", 20, 18, 15)), Colour.RED, "ask_plan got worse"),
        (
            comparison(OfIntent("a", 60, 58, 55), OfIntent("b", 60, 58, 57)),
            Colour.YELLOW,
            "a: 55 of 60",
        ),
        (
            comparison(OfIntent("a", 60, 58, 56), OfIntent("b", 60, 58, 55)),
            Colour.RED,
            "5 of 420 test messages fewer",
        ),
        (comparison(changed=[real(LEAVES, PAUSES)]), Colour.YELLOW, "no longer does, once."),
        (comparison(changed=[real(PAUSES, LEAVES)]), Colour.GREEN, ""),
        (
            comparison(
                changed=[Read(t, LEAVES, PAUSES, "request_cancellation") for t in ("go", "stop")]
            ),
            Colour.RED,
            "2 test messages that say somebody wants to leave",
        ),
        (comparison(checks=[Check("The data", False, "mend it")]), Colour.RED, "mend it"),
        (comparison(checks=[Check("The dialogues", None, "not run")]), Colour.YELLOW, "not run"),
        (comparison(checks=[Check("The data", True, "fine")]), Colour.GREEN, ""),
        (
            comparison(checks=[Check("The data", True, "fine", ("a:9",))]),
            Colour.YELLOW,
            "data: a:9",
        ),
        (comparison(checks=[Check("The data", True, "fine", (), ("a:7",))]), Colour.GREEN, ""),
        (Comparison("b", "a", 1, (), ()), Colour.YELLOW, "no test messages"),
    ],
)
def test_a_verdict_says_why(found, colour, said):
    verdict = judge(found)
    assert verdict.colour is colour
    assert said in " ".join(verdict.reasons)
    assert bool(verdict.reasons) is (colour is not Colour.GREEN)


def test_gains_and_losses_are_counted_by_what_is_right():
    right, wrong = Reading("ask_plan"), Reading("thank")
    reads = [
        Read("one", wrong, right, "ask_plan"),
        Read("two", wrong, right, "ask_plan"),
        Read("three", right, right, "thank"),
        Read("four", right, wrong, "thank"),
        Read("a real one", right, wrong),
    ]
    assert by_intent(reads) == (OfIntent("ask_plan", 2, 0, 2), OfIntent("thank", 2, 0, 1))


def test_what_changed_in_the_data_is_counted_by_intent():
    old = [("greet", "hi"), ("greet", "hello"), ("deny", "no")]
    new = [("greet", "hi"), ("greet", "hey"), ("greet", "hey you"), ("deny", "no")]
    assert changes(old, new) == {"greet": {"added": 2, "removed": 1}}


def test_a_comparison_survives_the_way_through_a_file():
    found = comparison(
        OfIntent("ask_plan", 40, 30, 38),
        changed=[real(LEAVES, PAUSES)],
        checks=[Check("The data", True, "fine", ("a:9",), ("a:7",))],
    )
    assert read_comparison(json.loads(json.dumps(as_document(found)))) == found
    assert found.figures["right now"] == 338
