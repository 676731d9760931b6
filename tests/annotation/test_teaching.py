"""What teaches most comes first, alike messages together, and agreement is counted rightly."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.annotation.alike import share, together, words_of
from bot.annotation.judgement import Agreement, Judgement, Verdict, agreement, disagree
from bot.annotation.teaching import (
    Happened,
    Next,
    in_order,
    is_open_to,
    is_second_look,
    likeliest,
    signs,
    worth,
)
from bot.conversations.understood import Guess, Heard, Understood
from tests.factories import NOW

CLEAR = Understood(
    "request_pause",
    0.97,
    (Guess("request_pause", 0.97), Guess("affirm", 0.01)),
    nearness=0.6,
    language="en",
)
UNHEARD = replace(CLEAR, intent="nlu_fallback", confidence=0.3, ranking=())
TEXT = "hold the boxes for now please"


def heard(understood: Understood = CLEAR, text: str = TEXT, turn: int = 1, **more: Any) -> Heard:
    place = {"conversation": "c1", "turn": turn, "seq": turn + 1, "at": NOW}
    return Heard(text=text, understood=understood, **{**place, **more})


def kinds(happened: Happened) -> list[str]:
    return [sign.kind for sign in signs(happened)]


def judged(
    trainer: str, intent: str, place: int | None = 1, verdict: Verdict = Verdict.CORRECTED
) -> Judgement:
    return Judgement("c1", 1, trainer, trainer.title(), verdict, NOW, (intent,), place=place)


def test_what_was_plainly_understood_has_no_sign_and_no_worth() -> None:
    assert kinds(Happened(heard())) == []
    assert worth(Happened(heard(), Next(pressed="affirm"))) == 0


@pytest.mark.parametrize(
    ("understood", "expected"),
    [
        (UNHEARD, ["not_understood"]),
        (replace(CLEAR, confidence=0.59), ["unsure"]),
        (replace(CLEAR, confidence=0.6), []),
        (replace(CLEAR, ranking=(Guess("a", 0.5), Guess("b", 0.31))), ["close"]),
        (replace(CLEAR, ranking=(Guess("a", 0.5), Guess("b", 0.29))), []),
        (replace(UNHEARD, ranking=(Guess("a", 0.19), Guess("b", 0.18))), ["not_understood"]),
        (replace(CLEAR, nearness=0.24), ["new"]),
        (replace(CLEAR, nearness=0.25), []),
        (replace(CLEAR, nearness=None), []),
    ],
)
def test_each_doubt_has_its_sign(understood: Understood, expected: list[str]) -> None:
    assert kinds(Happened(heard(understood))) == expected


def test_a_word_or_two_are_not_new_however_far_from_all_examples() -> None:
    assert kinds(Happened(heard(replace(CLEAR, nearness=0.1), text="the duo"))) == []


AGAIN = replace(CLEAR, intent="skip_delivery")


@pytest.mark.parametrize(
    ("first", "then", "expected"),
    [
        (CLEAR, Next(heard=heard(AGAIN, "hold my boxes for now", 2)), ["corrected"]),
        (CLEAR, Next(heard=heard(AGAIN, "something else altogether", 2)), []),
        (CLEAR, Next(heard=heard(CLEAR, "hold my boxes for now", 2)), []),
        (UNHEARD, Next(heard=heard(AGAIN, "no more food", 2)), ["corrected", "not_understood"]),
        (UNHEARD, Next(heard=heard(UNHEARD, "no more food", 2)), ["not_understood"]),
        (CLEAR, Next(pressed="press_cancel"), ["took_exit"]),
        (CLEAR, Next(pressed="press_person"), ["took_exit"]),
        (replace(CLEAR, intent="request_cancellation"), Next(pressed="press_cancel"), []),
        (replace(CLEAR, intent="ask_for_agent"), Next(pressed="press_person"), []),
    ],
)
def test_what_happened_next_tells_of_a_mistake(
    first: Understood, then: Next, expected: list[str]
) -> None:
    assert sorted(kinds(Happened(heard(first), then))) == expected


def test_what_was_understood_when_it_was_said_again_is_tried_first() -> None:
    guesses = replace(UNHEARD, ranking=(Guess("affirm", 0.3),))
    again = Next(heard=heard(AGAIN, "no more food", 2))
    assert likeliest(Happened(heard(guesses), again)) == "skip_delivery"
    assert likeliest(Happened(heard(guesses))) == "affirm"
    assert likeliest(Happened(heard(CLEAR), again)) == "request_pause"
    assert likeliest(Happened(heard(UNHEARD))) is None


def test_a_person_called_for_want_of_understanding_weighs_most_of_all_signs_but_one() -> None:
    gone = Happened(heard(UNHEARD), escalated=True)
    assert kinds(gone)[0] == "escalated"
    split = replace(gone, judgements=(judged("ada", "a"), judged("kim", "b", 2)))
    assert kinds(split)[0] == "disagreed"
    assert "Ada says a; Kim says b" in signs(split)[0].words


def test_the_inbox_begins_with_disagreement_then_worth_then_the_newest() -> None:
    def at(turn: int, **more: Any) -> Happened:
        older = timedelta(minutes=turn)
        return Happened(replace(heard(turn=turn), at=NOW - older), **more)

    dull, newer = at(3), at(2)
    unheard = replace(at(4), heard=heard(UNHEARD, turn=4))
    split = at(5, judgements=(judged("ada", "a"), judged("kim", "b", 2)))
    assert in_order([dull, newer, unheard, split], "kim") == [split, unheard, newer, dull]


def test_who_has_decided_is_done_and_some_messages_are_looked_at_twice() -> None:
    places = [heard(turn=turn) for turn in range(1, 200)]
    twice = [one for one in places if is_second_look(one)]
    assert 20 < len(twice) < 60
    once = next(one for one in places if one not in twice)
    by_ada = (judged("ada", "a"),)
    assert not is_open_to(Happened(twice[0], judgements=by_ada), "ada")
    assert is_open_to(Happened(twice[0], judgements=by_ada), "kim")
    assert not is_open_to(Happened(once, judgements=by_ada), "kim")
    skipped = (judged("ada", "a", None, Verdict.SKIPPED),)
    assert not is_open_to(Happened(once, judgements=skipped), "ada")
    assert is_open_to(Happened(once, judgements=skipped), "kim")
    both = (judged("ada", "a"), judged("kim", "b", 2))
    assert all(is_open_to(Happened(once, judgements=both), name) for name in ("ada", "kim", "jo"))
    assert not is_open_to(Happened(heard(replace(CLEAR, language="de"))), "ada")


def test_reasons_in_another_order_are_no_disagreement() -> None:
    one, other = judged("ada", "a"), judged("kim", "a", 2)
    pair = replace(one, reasons=("x", "y")), replace(other, reasons=("y", "x"))
    assert not disagree(pair)
    assert disagree((pair[0], other))
    assert not disagree((one, judged("kim", "b", None, Verdict.SKIPPED)))


def test_kappa_is_what_the_textbook_says() -> None:
    """Twenty yes-yes, five yes-no, ten no-yes, fifteen no-no make 0.4."""
    counts = {("yes", "yes"): 20, ("yes", "no"): 5, ("no", "yes"): 10, ("no", "no"): 15}
    messages = [
        (judged("ada", one), judged("kim", other, 2))
        for (one, other), times in counts.items()
        for _ in range(times)
    ]
    found = agreement(messages)
    assert (found.both, found.same) == (50, 35)
    assert found.kappa == pytest.approx(0.4)
    assert agreement([(judged("ada", "a"),)]) == Agreement(0, 0, None)
    assert agreement([(judged("ada", "a"), judged("kim", "a", 2))]) == Agreement(1, 1, None)


@given(st.lists(st.text("abc ", max_size=12), max_size=12))
def test_every_text_is_in_one_group_and_like_its_first(texts: list[str]) -> None:
    groups = together(texts)
    assert sorted(place for group in groups for place in group) == list(range(len(texts)))
    for first, *others in groups:
        for other in others:
            assert share(words_of(texts[first]), words_of(texts[other])) >= 0.75


@given(st.text("ab c", max_size=20), st.text("ab c", max_size=20))
def test_a_share_is_the_same_both_ways_and_whole_for_the_same_words(one: str, other: str) -> None:
    own, others = words_of(one), words_of(other)
    assert share(own, others) == share(others, own)
    assert 0 <= share(own, others) <= 1
    assert share(own, own) == (1 if own else 0)
