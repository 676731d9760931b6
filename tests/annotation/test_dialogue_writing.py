"""A conversation written as a dialogue: whose words, in which form, and where it must not go."""

from __future__ import annotations

import pytest
import yaml

from bot.annotation.appending import TEST, Appended, appended, taken_out
from bot.annotation.dialogue_writing import dialogue_test, story
from bot.annotation.rehearsed import Exchange, Played, Shown, Step, corrected
from bot.conversations.personal import generalised
from bot.errors import EditRefused, ExampleRefused

OFFER = Shown("assistant", "Duo for $59.00?", ("Accept", "Cancel now"), {"kind": "downgrade"})
PLAYED = Played(
    "A-1001",
    (
        Exchange(None, ("utter_welcome",)),
        Exchange(
            Step(customer='it\'s "too dear": cancel'),
            ("utter_offer_downgrade",),
            (OFFER,),
            {"intent": "request_cancellation"},
        ),
        Exchange(Step(press="Yes, that solves it"), ("utter_kept",), outcome="saved"),
        Exchange(
            Step(press="Talk to a person"), ("utter_handoff",), holder="queue", outcome="saved"
        ),
        Exchange(Step(press="Nothing like it"), refused="button_unknown"),
    ),
)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("I'm Maya Roe, maya.roe@web.org", "I'm Alex, alex@example.com"),
        ("call 555 123 4567, I am MAYA", "call the number, I am Alex"),
        ("card 4111 1111 1111 1111 please", "card the number please"),
        ("order 1003377 for $89.00, two months", "order 12345 for $89.00, two months"),
        ("S-1001 and 12345 stay", "S-1001 and 12345 stay"),
        ("the mayan box", "the mayan box"),
        ("my name is Jo Kerr, 5 Elm Road", "my name is Alex, 1 Example Street"),
    ],
)
def test_names_and_numbers_are_somebody_elses(said, kept):
    assert generalised(said, ("Maya", "Roe"), keep={"S-1001"}) == kept


def test_a_dialogue_test_says_what_was_done_and_answered():
    lines = dialogue_test("  Maya: takes  it ", PLAYED, first=False)
    separator, document = yaml.safe_load_all("dialogue: x\n" + lines)
    assert separator == {"dialogue": "x"}
    assert document == {
        "dialogue": "Maya: takes it",
        "account": "A-1001",
        "steps": [
            {
                "customer": 'it\'s "too dear": cancel',
                "intent": "request_cancellation",
                "says": ["utter_offer_downgrade"],
                "offer": "downgrade",
            },
            {"press": "Yes, that solves it", "says": ["utter_kept"], "outcome": "saved"},
            {"press": "Talk to a person", "says": ["utter_handoff"], "holder": "queue"},
        ],
    }


@pytest.mark.parametrize("title", ["yes", "no", "123", "- a", "a: b", "x #y", "null", "'", "{a}"])
def test_every_title_is_read_back_as_it_was_written(title):
    read = yaml.safe_load(dialogue_test(title, PLAYED, first=True))
    assert read["dialogue"] == title
    told = yaml.safe_load("stories:" + story(title, ["a", "a"], {"a": "action_a"}))
    assert told["stories"][0]["story"] == title


def test_a_story_is_what_was_meant_and_what_answers_it():
    actions = {"greet": "action_greet", "deny": "action_deny"}
    written = story("says hello and no", ["greet", "deny"], actions)
    assert yaml.safe_load(f"stories:{written}") == {
        "stories": [
            {
                "story": "says hello and no",
                "steps": [
                    {"intent": "greet"},
                    {"action": "action_greet"},
                    {"intent": "deny"},
                    {"action": "action_deny"},
                ],
            }
        ]
    }
    for intents in (["greet"], ["greet", "nobody_answers"]):
        with pytest.raises(ExampleRefused):
            story("x", intents, actions)


def test_nothing_said_or_no_title_is_no_dialogue():
    with pytest.raises(ExampleRefused):
        dialogue_test("x", Played(None, (Exchange(None),)), first=True)
    for title in ("", "x" * 91, "a\x07b"):
        with pytest.raises(ExampleRefused):
            dialogue_test(title, PLAYED, first=True)


def test_a_correction_leaves_out_what_was_said_to_another_answer():
    steps = (Step(customer="a"), Step(customer="b"), Step(press="c"))
    assert corrected(steps, 1, "deny") == (Step(customer="a"), Step(customer="b", intent="deny"))


@pytest.mark.parametrize("text", ["a: 1\n", "a: 1", "a: 1\r\nb: 2\r\n", ""])
def test_lines_come_last_and_go_again(text):
    what = Appended(TEST, "x.yml", "---\ndialogue: y\n")
    new = appended(text, what)
    assert new.startswith(text)
    assert taken_out(new, what).rstrip("\r\n") == text.rstrip("\r\n")
    assert "\n" not in new.replace("\r\n", "") if "\r" in text else "\r" not in new
    with pytest.raises(EditRefused):
        taken_out(new.replace("y", "z"), what)
