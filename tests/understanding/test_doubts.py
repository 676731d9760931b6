"""An example is judged by all the others, exactly as if the rest had been fitted without it."""

import numpy as np
from scipy.sparse import csr_matrix

from bot.understanding import doubts as judging
from bot.understanding.doubts import doubts
from bot.understanding.examples import Example

OURS = ("late", "cold", "wet", "broken", "lost")
THEIRS = ("price", "plan", "size", "menu", "trial")


def examples_of(intent, words):
    return [
        Example(f"{first} {second} {third}", intent)
        for first in words
        for second in words
        for third in words[:2]
    ]


def clear():
    return [*examples_of("complain", OURS), *examples_of("ask_plan", THEIRS)]


def test_clear_labels_are_not_doubted():
    assert doubts(clear()) == []


def test_a_label_in_the_others_words_is_doubted_and_says_what_it_is_like():
    wrong = Example("menu plan price size", "complain")
    [doubt] = doubts([*clear(), wrong])
    assert (doubt.example, doubt.instead) == (wrong, "ask_plan")
    assert doubt.margin > judging.DOUBTFUL
    assert {alike.intent for alike in doubt.alike} == {"ask_plan"}
    assert wrong not in doubt.alike


def test_an_intent_of_a_few_examples_is_not_judged():
    few = [Example(f"menu plan {word}", "complain") for word in THEIRS]
    assert doubts([*examples_of("ask_plan", THEIRS), *few]) == []
    assert doubts([]) == []


def test_the_judgement_is_that_of_a_fit_without_the_example():
    chance = np.random.default_rng(1)
    rows = chance.normal(size=(40, 6)).astype(np.float32)
    wanted = np.eye(3, dtype=np.float32)[chance.integers(0, 3, 40)]
    all_at_once = judging._left_out(csr_matrix(rows), wanted)
    biased = np.hstack([rows, np.full((40, 1), judging._BIAS, dtype=np.float32)])
    for place in range(40):
        kept = np.arange(40) != place
        spread = biased[kept].T @ biased[kept] + judging._RIDGE * np.eye(7)
        fitted = np.linalg.solve(spread, biased[kept].T @ wanted[kept])
        assert np.allclose(biased[place] @ fitted, all_at_once[place], atol=1e-3)
