"""Words come from domain.yml, with every figure filled in, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import FileInvalid
from bot.integrations.wording import DomainWording
from bot.retention.say import Button, Say
from bot.settings import ROOT
from bot.use_cases.answers import CONTROL_TITLES
from bot.use_cases.guard_answers import HELD_BACK, HELD_BACK_DONE
from bot.use_cases.put_off_turn import ASSISTANT_GAVE_UP, ASSISTANT_SLOW
from bot.use_cases.run_turn import CONTROL_AGAIN

DOMAIN = """
responses:
  utter_price:
    - condition: [{type: slot, name: vip, value: true}]
      text: "For you, {price}."
    - text: "It costs {price} until {until}."
    - text: "Another way to say it."
  utter_offer_title:
    - text: "Save {price}"
  utter_button_accept:
    - text: Accept
  utter_mail_code_subject:
    - text: Your code
  utter_mail_code_text:
    - text: |
        The code is {code}.
"""


@pytest.fixture
def wording(tmp_path: Path) -> DomainWording:
    file = tmp_path / "domain.yml"
    file.write_text(DOMAIN)
    return DomainWording.from_file(file)


def test_the_first_variation_without_a_condition_is_filled(wording: DomainWording) -> None:
    say = Say(
        "utter_price",
        {"price": "$59.00", "until": "1 May", "unused": "x"},
        (Button("utter_button_accept", "affirm"), Button("Home {box}", "choose")),
        {"id": "o1", "title": "utter_offer_title"},
        "r1",
    )
    worded = wording.render(say)
    assert worded.text == "It costs $59.00 until 1 May."
    assert [b.title for b in worded.buttons] == ["Accept", "Home {box}"]
    assert worded.offer == {"id": "o1", "title": "Save $59.00"}
    assert worded.receipt == "r1"


def test_braces_in_a_figure_are_never_filled(wording: DomainWording) -> None:
    worded = wording.render(Say("utter_price", {"price": "{until}", "until": "{price}"}))
    assert worded.text == "It costs {until} until {price}."


def test_a_missing_figure_and_an_unknown_response_are_errors(wording: DomainWording) -> None:
    with pytest.raises(FileInvalid, match=r"domain.yml: utter_price: the figure \{until\}"):
        wording.render(Say("utter_price", {"price": "$1"}))
    with pytest.raises(FileInvalid, match="utter_nothing"):
        wording.render(Say("utter_nothing"))
    with pytest.raises(FileInvalid, match="utter_button_nothing"):
        wording.title("utter_button_nothing")
    with pytest.raises(FileInvalid, match="utter_nothing"):
        wording.check(["utter_price", "utter_nothing"])


def test_the_figures_a_response_needs_are_known(wording: DomainWording) -> None:
    assert wording.figures_of("utter_price") == {"price", "until"}


def test_a_mail_has_a_subject_and_a_text(wording: DomainWording) -> None:
    assert wording.mail("code", {"code": "123456"}) == ("Your code", "The code is 123456.")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("responses: [", "cannot be read"),
        ("intents: []", "no `responses:`"),
        ("responses: {utter_x: [{image: a.png}]}", "utter_x"),
        ("responses: {utter_x: []}", "utter_x"),
    ],
)
def test_a_domain_without_words_is_refused(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "domain.yml"
    file.write_text(text)
    with pytest.raises(FileInvalid, match=told):
        DomainWording.from_file(file)
    with pytest.raises(FileInvalid, match="cannot be read"):
        DomainWording.from_file(tmp_path / "missing.yml")


def test_our_domain_has_the_words_for_what_is_said_without_the_assistant() -> None:
    ours = DomainWording.from_file(ROOT / "domain.yml")
    for say in (ASSISTANT_SLOW, ASSISTANT_GAVE_UP, CONTROL_AGAIN, HELD_BACK, HELD_BACK_DONE):
        assert ours.render(say).text
    for title in CONTROL_TITLES.values():
        assert ours.title(title) in {"Cancel now", "Talk to a person"}
    subject, text = ours.mail("code", {"code": "123456", "minutes": "10"})
    assert "\n" not in subject
    assert "123456" in text
