"""Slips of the keyboard are mended where an everyday word was meant, and nowhere else."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.simulator.words import mistyped
from bot.understanding.spelling import is_known, respelled, with_spelling, words_of


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("nver", "never"),
        ("anytihng", "anything"),
        ("priavte", "private"),
        ("deliery", "delivery"),
        ("paause", "pause"),
        ("cadcel", "cancel"),
        ("recieve", "receive"),
        ("leve", "leave"),
        ("minte", "minute"),
    ],
)
def test_one_slip_is_mended(typed, meant):
    assert respelled(typed) == meant


@pytest.mark.parametrize(
    "word",
    [
        "contact",
        "contract",
        "cancer",
        "canal",
        "gousto",
        "thermomix",
        "courgette",
        "hoover",
        "vegan",
    ],
)
def test_a_word_of_its_own_stays(word):
    assert respelled(word) == word


@pytest.mark.parametrize("word", ["aaaa", "xqzt", "no", "", "pan28", "überrascht"])
def test_what_is_like_no_everyday_word_stays(word):
    assert respelled(word) == word


def test_an_everyday_word_with_a_slip_is_that_word_or_another_but_never_noise():
    chance = random.Random(5)
    words = [word for word in words_of("everyday") if len(word) >= 7]
    mended = 0
    for word in chance.sample(words, 400):
        typed = mistyped(word, chance)
        assert is_known(respelled(typed))
        mended += respelled(typed) == word
    assert mended >= 380


@given(st.text(max_size=40))
def test_mending_twice_changes_nothing(text):
    once = with_spelling(text)
    assert with_spelling(once) == once


def test_addresses_and_contractions_are_left_alone():
    text = "see cancl@example.com, www.cancl.com/delivry and don't"
    assert with_spelling(text) == text


def test_no_neighbour_is_an_everyday_word():
    assert not set(words_of("everyday")) & set(words_of("neighbour"))
    for name in ("everyday", "neighbour"):
        assert [word for word in words_of(name) if not re.fullmatch("[a-z]{4,}", word)] == []
        assert len(set(words_of(name))) == len(words_of(name))


def test_a_slip_that_is_a_word_is_seen_by_what_stands_before_it():
    assert (
        with_spelling("you have to end my contact, do so") == "you have to end my contract, do so"
    )
    assert with_spelling("no tank you very much") == "no thank you very much"
    assert with_spelling("stop the contact form") == "stop the contact form"
