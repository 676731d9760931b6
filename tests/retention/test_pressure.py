"""Pressure is found, and plain truth is not taken for it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.cli.data import pressing_responses
from bot.retention.pressure import pressing
from bot.settings import DOMAIN_FILE

FOLDER = Path(__file__).parent / "pressure"
KINDS = ("urgency", "guilt", "obstruction", "misstatement")


@cache
def sentences(part: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((FOLDER / f"{part}.yml").read_text(encoding="utf-8"))
    return found


def recall(part: str, kind: str) -> float:
    """The share of pressing sentences of a kind that are found, whatever they are taken for."""
    said = sentences(part)["pressing"][kind]
    return sum(bool(pressing(sentence)) for sentence in said) / len(said)


def false_alarms(part: str) -> list[str]:
    return [sentence for sentence in sentences(part)["fair"] if pressing(sentence)]


def test_there_are_enough_sentences_and_none_twice():
    bad = [
        s for part in ("develop", "held_out") for k in KINDS for s in sentences(part)["pressing"][k]
    ]
    fair = [s for part in ("develop", "held_out") for s in sentences(part)["fair"]]
    assert len(bad) >= 150
    assert len(fair) >= 150
    assert len({s.lower() for s in (*bad, *fair)}) == len(bad) + len(fair)


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_patterns_were_made_with_is_found(kind):
    missed = [s for s in sentences("develop")["pressing"][kind] if not pressing(s)]
    assert missed == []


def test_nothing_fair_that_they_were_made_with_is_blamed():
    assert false_alarms("develop") == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_good_part_of_what_they_never_saw_is_found(kind):
    assert recall("held_out", kind) >= FLOORS[kind]


# A little under what was measured; see bot/docs/pressure.md.
FLOORS = {"urgency": 0.55, "guilt": 0.45, "obstruction": 0.55, "misstatement": 0.15}


def test_little_that_is_fair_is_blamed():
    assert len(false_alarms("held_out")) <= 0.03 * len(sentences("held_out")["fair"])


@pytest.mark.parametrize(("part", "found", "blamed"), [("made_with", 29, 0), ("kept_back", 27, 3)])
def test_what_is_claimed_of_leaving_is_held_against_what_leaving_is(part, found, blamed):
    said = sentences("claims")[part]
    assert (len(said["pressing"]), len(said["fair"])) == (30, 60)
    assert sum(bool(pressing(sentence)) for sentence in said["pressing"]) >= found
    assert sum(bool(pressing(sentence)) for sentence in said["fair"]) <= blamed


@pytest.mark.parametrize(
    ("false", "true"),
    [
        ("There is a notice period of a month.", "There is no notice period."),
        ("You can't cancel it before May.", "You can cancel it before May."),
        ("Cancelling costs you $25.", "Cancelling costs you nothing."),
        ("To cancel you need a signed letter.", "To cancel you don't need a signed letter."),
        ("Your points are lost when you leave.", "Your points are not lost when you leave."),
        ("You can't cancel it now.", "Can't you cancel it now?"),
    ],
)
def test_the_same_words_are_a_false_claim_or_a_true_one(false, true):
    assert pressing(false)
    assert pressing(true) == ()


def test_the_assistant_presses_nobody():
    assert list(pressing_responses(DOMAIN_FILE)) == []


def test_a_response_that_presses_is_named_with_its_line(tmp_path):
    domain = tmp_path / "domain.yml"
    domain.write_text('responses:\n  utter_offer:\n    - text: "Only today: half price."\n')
    assert list(pressing_responses(domain)) == [
        'domain.yml:2: urgency: utter_offer presses: "only today".'
    ]


def test_a_finding_names_its_kind_and_its_words():
    [found] = pressing("Please hurry, friends")
    assert (found.kind, found.words) == ("urgency", "hurry")


@pytest.mark.parametrize("text", ["", "   ", "🙂", "x" * 10_000])
def test_anything_can_be_read(text):
    assert pressing(text) == ()
