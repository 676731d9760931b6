"""Whether one bound follows from others: never a wrong yes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retention.bounds import implies
from bot.retention.policy import Condition


@pytest.mark.parametrize(
    ("known", "wanted", "follows"),
    [
        (("at_least", 12), ("at_least", 12), True),
        (("at_least", 12), ("at_least", 3), True),
        (("at_least", 3), ("at_least", 12), False),
        (("at_most", 3), ("at_most", 12), True),
        (("at_most", 12), ("at_most", 3), False),
        (("at_least", 12), ("at_most", 12), False),
        (("is", 5), ("at_least", 5), True),
        (("one_of", (4, 5)), ("at_most", 5), True),
        (("one_of", (4, 6)), ("at_most", 5), False),
        (("one_of", (4, 6)), ("none_of", (5, 7)), True),
        (("at_least", 6), ("is_not", 5), True),
        (("is_not", 5), ("is_not", 5), True),
        (("none_of", (5, 6)), ("is_not", 5), True),
        (("is_not", 5), ("none_of", (5, 6)), False),
    ],
)
def test_what_follows(known, wanted, follows):
    conditions = [Condition("tenure_months", *known)]
    assert implies(conditions, Condition("tenure_months", *wanted)) is follows


def test_nothing_follows_for_another_fact():
    assert not implies([Condition("late_boxes", "is", 1)], Condition("households", "is", 1))


number = st.integers(0, 6)
bound = st.one_of(
    st.tuples(st.sampled_from(["at_least", "at_most", "is", "is_not"]), number),
    st.tuples(
        st.sampled_from(["one_of", "none_of"]),
        st.lists(number, min_size=1, max_size=3, unique=True).map(tuple),
    ),
)


@given(bound, bound)
def test_a_yes_is_true_of_every_number_and_of_a_missing_one(known, wanted):
    one, other = Condition("late_boxes", *known), Condition("late_boxes", *wanted)
    if implies([one], other):
        for value in (*range(8), None):
            facts = {"late_boxes": value}
            assert not one.judge(facts).holds or other.judge(facts).holds
