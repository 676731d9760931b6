"""What simulated customers say is written for them: no training example, and each has a meaning."""

from __future__ import annotations

import random
import re

import pytest

from bot.integrations.training_files import read_training_files
from bot.settings import ROOT
from bot.simulator import words
from bot.simulator.meanings import MEANS_OF
from bot.simulator.personas import PERSONAS
from bot.simulator.transcript import Means


def plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9%{}@.]+", text.lower().replace("'", ""))).strip(". ")


@pytest.fixture(scope="module")
def trained() -> set[str]:
    return {plain(example.text) for example in read_training_files(ROOT / "data" / "nlu")}


def test_no_sentence_is_a_training_example(trained):
    said = [one for written in words.sentences().values() for one in written]
    assert len(said) > 180
    assert len(trained) > 10_000
    assert [one for one in said if plain(one) in trained] == []


def test_no_writing_of_a_sentence_is_a_training_example(trained):
    chance = random.Random(1)
    for meant in words.sentences():
        for _ in range(150):
            text = words.say(meant, chance, item="Knife set", email="a@b.example", code="123456")
            assert plain(text) not in trained, text


def test_every_sentence_means_something_and_every_meaning_can_be_said():
    assert set(words.sentences()) == set(MEANS_OF)


def test_no_sentence_is_written_twice():
    said = [plain(one) for written in words.sentences().values() for one in written]
    assert len(said) == len(set(said))


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.name)
def test_a_persona_opens_with_what_can_be_said(persona):
    assert set(persona.opens) <= set(words.sentences())


def test_a_typing_mistake_changes_one_word_and_keeps_its_first_letter():
    chance = random.Random(3)
    for _ in range(200):
        wrong = words.mistyped("please cancel it", chance)
        assert len(wrong.split()) == 3
        assert [word[0] for word in wrong.split()] == ["p", "c", "i"]


def test_short_words_are_spelt_right():
    assert words.mistyped("end it now", random.Random(3)) == "end it now"


def test_who_says_no_to_an_offer_and_wants_out_insists():
    assert MEANS_OF["decline_and_leave"] >= {Means.DECLINE, Means.INSIST}
