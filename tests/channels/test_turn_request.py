"""A turn is checked before Rasa sees any of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.channels.turn_request import TurnRequest, read_turn

INTENTS = {"accept_offer", "affirm", "restart", "out_of_scope"}


def a_turn(text: str, intent: str | None = None) -> TurnRequest:
    return TurnRequest("c", "c:2", text, intent, (), {})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/restart", "restart"),
        ("  //  /restart", "restart"),
        ("\n/\t/accept_offer", "accept_offer"),
        ("\u00a0/restart", "restart"),
        ("half/half", "half/half"),
        ("/", ""),
    ],
)
def test_no_leading_slash_is_left(text: str, words: str) -> None:
    assert a_turn(text).words == words


@pytest.mark.parametrize(
    "text",
    [
        "/restart",
        "/affirm",
        '/accept_offer{"plan": "family"}',
        "/accept_offer@0.9",
        '/cancel{"a": 1}',
        "/new_intent",
        " // restart ",
        "/",
        "///",
    ],
)
def test_what_imitates_a_command_is_seen(text: str) -> None:
    assert a_turn(text).imitates_command(INTENTS)


@pytest.mark.parametrize(
    "text", ["/cancel", "/agent", "/ please cancel it", "restart", "accept_offer", "a/b_c"]
)
def test_words_behind_a_slash_are_words(text: str) -> None:
    assert not a_turn(text).imitates_command(INTENTS)


def test_a_buttons_title_is_never_read_as_a_command() -> None:
    assert not a_turn("/restart", intent="affirm").imitates_command(INTENTS)


def body(**but: Any) -> bytes:
    whole = {
        "conversation": "c",
        "message_id": "c:2",
        "text": "hello",
        "intent": None,
        "entities": [],
        "context": {"awaiting": "offer"},
    }
    return json.dumps({**whole, **but}).encode()


def test_a_turn_is_read_whole() -> None:
    turn = read_turn(body(intent="affirm", entities=[{"entity": "offer", "value": "o1"}]))
    assert turn == TurnRequest(
        "c", "c:2", "hello", "affirm", (("offer", "o1"),), {"awaiting": "offer"}
    )
    assert turn.parsed_button() == {
        "text": "hello",
        "intent": {"name": "affirm", "confidence": 1.0},
        "intent_ranking": [{"name": "affirm", "confidence": 1.0}],
        "entities": [{"entity": "offer", "value": "o1"}],
    }


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (b"{", "Expecting"),
        (b"[]", "JSON object"),
        (body(conversation=""), "conversation"),
        (body(message_id=7), "message_id"),
        (body(text=None), "text"),
        (body(intent=""), "intent"),
        (body(entities=[{"entity": "offer"}]), "entities"),
        (body(entities=5), "entities"),
        (body(context=[1]), "context"),
    ],
)
def test_a_malformed_turn_is_refused_and_the_key_is_named(sent: bytes, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read_turn(sent)
