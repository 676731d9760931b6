"""The door between Rasa and the desk: what goes in, what comes out, and nothing in between."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import door
from actions.leaving import ActionLeave
from bot.retention.say import Button, Reply, Say
from bot.understanding.entities import TOLD
from bot.use_cases.make_move import Said

MESSAGE = {
    "text": "cancel, too dear",
    "message_id": "c-1:3",
    "metadata": {"awaiting": "reason"},
    "intent": {"name": "request_cancellation", "confidence": 0.93},
    "intent_ranking": [
        {"name": "request_cancellation", "confidence": 0.93},
        {"name": "give_reason", "confidence": 0.04},
    ],
    "entities": [
        {"entity": "cancellation_reason", "value": "too_expensive", "start": 8},
        {"entity": "money", "value": 5900},
        {"entity": "insisting", "value": True},
        {"entity": "plan", "value": None},
    ],
}
OFFER = {"id": "o-1", "title": "utter_offer_title_pause", "terms": "utter_offer_terms_pause"}


def a_tracker(**but: Any) -> Tracker:
    return Tracker("c-1", {}, {**MESSAGE, **but}, [], False, None, {}, "action_leave")


def test_what_was_said_goes_in_whole():
    said = door.read_said(a_tracker())
    assert said == Said(
        conversation="c-1",
        message_id="c-1:3",
        text="cancel, too dear",
        intent="request_cancellation",
        entities=(
            ("cancellation_reason", "too_expensive"),
            ("money", "5900"),
            ("insisting", "True"),
        ),
        ranking=("request_cancellation", "give_reason"),
    )


def test_what_was_only_told_is_no_wish():
    times = [
        {"entity": "duration", "value": "P2Y", "role": TOLD},
        {"entity": "date", "value": "2026-03-11", "role": TOLD},
        {"entity": "duration", "value": "P1M"},
    ]
    assert door.read_said(a_tracker(entities=times)).entities == (("duration", "P1M"),)


def test_a_pressed_button_goes_in_without_text_or_ranking():
    pressed = {"text": None, "intent_ranking": None, "entities": []}
    said = door.read_said(a_tracker(**pressed))
    assert (said.text, said.ranking, said.entities) == ("", (), ())


def test_a_message_that_did_not_come_through_the_desks_channel_is_refused():
    nameless = {key: value for key, value in MESSAGE.items() if key != "message_id"}
    with pytest.raises(KeyError, match="message_id"):
        door.read_said(Tracker("c-1", {}, nameless, [], False, None, {}, "action_leave"))


def test_a_guess_beyond_the_best_few_is_left_out():
    ranking = [{"name": f"intent_{n}", "confidence": 0.01} for n in range(40)]
    assert len(door.read_said(a_tracker(intent_ranking=ranking)).ranking) == door.GUESSES


def test_every_message_goes_out_with_its_figures_buttons_and_what_hangs_on_it():
    dispatcher = CollectingDispatcher()
    door.tell(
        dispatcher,
        Reply(
            (
                Say("utter_reason_noted"),
                Say(
                    "utter_offer_pause",
                    {"subject": "Family", "until": "5 May 2026"},
                    (
                        Button("utter_button_accept", "accept_offer", (("offer", "o-1"),)),
                        Button("utter_button_cancel", "press_cancel"),
                    ),
                    offer=OFFER,
                ),
                Say("utter_left_at_once", {"contract": "Family"}, receipt="r-1"),
            )
        ),
    )
    noted, offered, left = dispatcher.messages
    assert noted["response"] == "utter_reason_noted"
    assert noted["custom"] == {}
    assert offered["subject"] == "Family"
    assert offered["buttons"] == [
        {"title": "utter_button_accept", "payload": '/accept_offer{"offer": "o-1"}'},
        {"title": "utter_button_cancel", "payload": "/press_cancel"},
    ]
    assert offered["custom"] == {
        "offer": OFFER,
        "figures": {"subject": "Family", "until": "5 May 2026"},
    }
    assert left["custom"] == {"receipt": "r-1"}
    json.dumps(dispatcher.messages)


class OneReply:
    """Stands for the desk: answers every message with the same words and remembers it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.heard: list[Said] = []
        monkeypatch.setattr(door, "desk", lambda: self)
        monkeypatch.setattr(door, "make_move", self.make_move)

    def make_move(self, said: Said, *, desk: Any) -> Reply:
        assert desk is self
        self.heard.append(said)
        return Reply((Say("utter_ask_reason", {"subject": "Family", "cancels_on": "5 May 2026"}),))


def test_an_action_makes_one_move_and_puts_nothing_into_the_tracker(monkeypatch):
    desk, dispatcher = OneReply(monkeypatch), CollectingDispatcher()
    events = asyncio.run(ActionLeave().run(dispatcher, a_tracker(), {}))
    assert events == []
    assert [said.message_id for said in desk.heard] == ["c-1:3"]
    assert [m["response"] for m in dispatcher.messages] == ["utter_ask_reason"]


def test_actions_of_several_customers_do_not_wait_for_each_other(monkeypatch):
    """The desk blocks on database and billing; the server's loop must not."""
    import threading

    both_inside = threading.Barrier(2, timeout=5)

    def slow(said: Said, *, desk: Any) -> Reply:
        both_inside.wait()
        return Reply(())

    monkeypatch.setattr(door, "desk", lambda: None)
    monkeypatch.setattr(door, "make_move", slow)

    async def two() -> None:
        run = ActionLeave().run
        await asyncio.gather(*(run(CollectingDispatcher(), a_tracker(), {}) for _ in range(2)))

    asyncio.run(two())
