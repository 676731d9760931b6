"""An assistant whose words have gone wrong reaches nobody: its real model and actions, guarded."""

from __future__ import annotations

from typing import Any

import pytest

from bot import bootstrap
from bot.storage.record_repository import SqlRecordBook
from bot.use_cases.guard_answers import HELD_BACK
from tests.dialogues.line import Line

pytestmark = pytest.mark.slow

ASKS = "it is too expensive for me, I want to cancel my subscription"
OFFER = "utter_offer_downgrade"


@pytest.fixture
def wrong(line: Line, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return what makes the assistant say something else for a response."""

    def says(response: str, text: str) -> None:
        monkeypatch.setitem(line.assistant.responses, response, [{"text": text}])

    return says


def rules(line: Line) -> list[list[str]]:
    links = SqlRecordBook(line.engine).links("A-1001")
    return [link.payload["rules"] for link in links if link.kind == "held_back" and link.payload]


def test_the_premise_is_an_offer(line: Line) -> None:
    line.open("A-1001")
    [message] = line.type(ASKS).messages
    assert message.offer
    assert rules(line) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Hurry, {plan} is {price_after} only today.", "pressure"),
        ("From {starts_on} you could have {plan} for $1.00.", "R12"),
        ("I'm a real person, and I would take {plan}.", "R11"),
    ],
)
def test_a_broken_offer_is_not_shown_and_the_exit_works(line: Line, wrong, text, rule) -> None:
    wrong(OFFER, text)
    line.open("A-1001")
    [message] = line.type(ASKS).messages
    assert message.text == bootstrap.wording().render(HELD_BACK).text
    assert message.offer is None
    assert {button.id for button in message.buttons} == {"cancel", "person"}
    assert rule in rules(line)[0]
    line.press("Cancel now")
    assert line.billing["subscriptions"][0]["cancels_on"]


def test_a_yes_does_not_take_what_was_never_shown(line: Line, wrong) -> None:
    wrong(OFFER, "Hurry, {plan} is {price_after} only today.")
    line.open("A-1001")
    line.type(ASKS)
    before = line.billing
    line.type("yes")
    assert line.billing == before
