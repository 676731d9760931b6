"""What was understood is read as it was told, and shown to trainers without what is personal."""

from __future__ import annotations

import pytest

from bot.conversations.understood import Guess, Heard, Part, Understood, read_understood
from tests.factories import NOW

TOLD = {
    "intent": "nlu_fallback",
    "confidence": 0.3,
    "ranking": [
        {"intent": "nlu_fallback", "confidence": 0.3},
        {"intent": "request_pause", "confidence": 0.2},
    ],
    "entities": [
        {"entity": "email", "value": "maya@home.example", "start": 9, "end": 26},
        {"entity": "duration", "value": "P2M", "start": 30, "end": 38},
        {"entity": "offer", "value": "o1"},
    ],
    "reasons": ["money"],
    "nearness": 0.2,
    "language": "en",
    "model": "abc",
}
TEXT = "I am now maya@home.example for 2 months"


def test_values_that_are_private_are_not_kept_nor_is_what_stands_nowhere() -> None:
    understood = read_understood(TOLD)
    assert understood.parts == (Part("email", None, 9, 26), Part("duration", "P2M", 30, 38))
    assert (understood.reasons, understood.nearness, understood.model) == (("money",), 0.2, "abc")
    assert not understood.is_understood
    assert understood.guesses == (Guess("request_pause", 0.2),)


@pytest.mark.parametrize("missing", ["intent", "confidence"])
def test_half_an_understanding_is_none(missing: str) -> None:
    with pytest.raises(KeyError):
        read_understood({key: value for key, value in TOLD.items() if key != missing})


def test_what_an_older_assistant_does_not_tell_is_not_known() -> None:
    told = {key: TOLD[key] for key in ("intent", "confidence")}
    understood = read_understood(told)
    assert understood == Understood("nlu_fallback", 0.3)


def test_trainers_read_what_was_said_and_not_by_whom() -> None:
    parts = (Part("email", None, 9, 26), Part("duration", "P2M", 31, 39))
    understood = Understood("request_pause", 0.9, parts=parts)
    heard = Heard.of(TEXT, understood, conversation="c", turn=1, seq=2, at=NOW)
    assert heard.text == "I am now […] for 2 months"
    assert heard.to_learn == "I am now alex@example.com for 2 months"
    [part] = heard.understood.parts
    assert heard.text[part.start : part.end] == "2 months"
    plain = Heard.of("2 months, 2 months", understood, conversation="c", turn=1, seq=2, at=NOW)
    assert plain.understood is understood
    assert plain.to_learn == plain.text
