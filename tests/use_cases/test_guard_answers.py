"""What breaks an exit rule is not sent: something safe is, and it is reported everywhere."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.conversations.message import Sender
from bot.conversations.turn import Lane
from bot.use_cases.switchboard import Limits
from tests.fakes import WORDS
from tests.switchboards import Line

SAFE, DONE = WORDS["utter_held_back"], WORDS["utter_held_back_done"]


@pytest.fixture
def here(line: Line) -> str:
    return line.open().conversation


def records(line: Line) -> list[dict[str, object]]:
    rows = line.rows("select payload from records where kind = 'held_back' order by number")
    return [json.loads(p) if isinstance(p, str) else p for (p,) in rows]


def test_a_broken_message_is_replaced_by_a_safe_one_with_both_controls(line, here):
    line.guard.forbidden = {"hurry": "pressure"}
    line.say(here, "hello, hurry")
    assert line.newest(here).text == SAFE
    assert line.newest(here).sender is Sender.ASSISTANT
    assert {b.id for b in line.newest(here).buttons} == {"cancel", "person"}
    line.say(here, "hello again")
    assert line.newest(here).text == "I heard: hello again"


def test_an_offer_held_back_is_not_shown_and_cannot_be_accepted(line, here):
    line.guard.forbidden = {"off?": "R12"}
    line.say(here, "offer please")
    newest = line.newest(here)
    assert (newest.text, newest.offer) == (SAFE, None)
    line.guard.forbidden = {}
    line.say(here, "yes")
    assert line.assistant.asked[-1].awaiting is None, "a yes answers no question that was not seen"


def test_what_is_done_keeps_its_receipt(line, here):
    line.guard.forbidden = {"cancelled": "pressure"}
    line.say(here, button="person")
    line.say(here, button="cancel")
    assert (line.newest(here).text, line.newest(here).receipt) == (DONE, "r1")


def test_it_is_recorded_and_counted_and_what_was_kept_back_stays_for_who_mends_it(line, here):
    counted: list[str] = []
    line.switchboard = replace(line.switchboard, count_breach=counted.append)
    line.guard.forbidden = {"hurry": "pressure", "person": "R11"}
    line.say(here, "a person, hurry")
    assert sorted(counted) == ["R11", "pressure"]
    [record] = records(line)
    assert sorted(record.pop("rules")) == ["R11", "pressure"]
    assert record == {
        "conversation": here,
        "message_id": f"{here}:2",
        "from": "assistant",
        "what": ["a word", "a word"],
    }
    assert line.rows("select account from records where kind = 'held_back'") == [("A-1001",)]
    [(kept,)] = line.rows("select answer from dropped_answers")
    assert "a person, hurry" in str(kept)


def test_the_log_names_rule_and_conversation_and_nobodys_words(line, here):
    line.guard.forbidden = {"hurry": "pressure"}
    with capture_logs() as logs:
        line.say(here, "hurry, I am Maya")
    [told] = [entry for entry in logs if entry["event"] == "message_held_back"]
    assert told == {
        "event": "message_held_back",
        "log_level": "error",
        "rule": "pressure",
        "conversation": here,
    }


def test_a_visitor_without_an_account_is_guarded_too(line):
    here = line.open(None).conversation
    line.guard.forbidden = {"hurry": "pressure"}
    line.say(here, "hurry")
    assert line.newest(here).text == SAFE
    assert len(records(line)) == 1


def test_the_greeting_is_guarded_as_well(line):
    line.guard.forbidden = {"automated assistant": "R11"}
    assert [m.text for m in line.open().messages] == [SAFE]


def test_a_notice_of_the_system_is_guarded_as_well(a_line):
    line = a_line(limits=Limits(patience=timedelta(0)))
    here = line.open().conversation
    line.guard.forbidden = {"longer": "pressure"}
    line.assistant.is_down = True
    line.post(here, "hello")
    line.run(here)
    newest = line.newest(here)
    assert (newest.text, newest.sender) == (SAFE, Sender.SYSTEM)


def test_an_answer_a_person_has_overtaken_is_not_reported(line, here):
    line.guard.forbidden = {"hurry": "pressure"}
    line.assistant.after = lambda asked: line.take_over(here)
    line.post(here, "hurry")
    line.run(here, Lane.TALK)
    assert records(line) == []
