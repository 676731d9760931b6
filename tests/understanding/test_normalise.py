"""Chat spelling is made plain, and plain text stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.chat_words import CONTRACTIONS, KEY_WORDS, SAME_WORD, SHORTHAND, SIGNS
from bot.understanding.normalise import edit_distance, normalise, tokens_and_breaks


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("Plzzz CANCLE my sub 😡", "please cancel my subscription angry"),
        ("cansel my acount", "cancel my account"),
        ("I don't / dont / do not", "i do not do not do not"),
        ("can't u?", "can not you ?"),
        ("my mum's box", "my mother box"),
        ("$39.99 or 20 bucks or 3", "money or money or 0"),
        ("order #5001, O-5001", "order ordercode ordercode"),
        ("mail me@example.com", "mail mailaddress"),
        ("caancel", "cancel"),
        ("ca\u200bncel", "cancel"),
        ("RÉSILIER", "resilier"),
    ],
)
def test_typed_becomes_plain(typed, plain):
    assert normalise(typed) == plain


@pytest.mark.parametrize(
    "word", ["cancer", "reason", "terminal", "deliver", "customers", "discounts", "please"]
)
def test_real_words_near_a_key_word_mean_themselves(word):
    assert normalise(word) == word


def test_breaks_are_kept_where_asked_for():
    assert " ".join(tokens_and_breaks("Too dear. Cancel - now")) == "too dear , cancel , now"


@given(st.text())
def test_normalising_twice_changes_nothing(text):
    once = normalise(text)
    assert normalise(once) == once


@pytest.mark.parametrize("table", [SHORTHAND, CONTRACTIONS, SIGNS, SAME_WORD])
def test_every_table_maps_to_plain_text(table):
    assert {key: value for key, value in table.items() if normalise(value) != value.strip()} == {}


def test_key_words_are_plain():
    assert [word for word in KEY_WORDS if normalise(word) != word] == []


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_edit_distance_is_the_same_both_ways(one, other):
    assert edit_distance(one, other, at_most=9) == edit_distance(other, one, at_most=9)


def test_a_swap_of_neighbours_is_one_slip():
    assert edit_distance("cancle", "cancel", at_most=3) == 1
