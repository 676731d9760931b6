"""When a new version does worse than the one before, and when that is no more than chance."""

import pytest

from bot.publishing.watch import Tally, rising

USUAL = Tally(taken=200, failed=2, typed=150, not_understood=9)


@pytest.mark.parametrize(
    ("since", "said"),
    [
        (Tally(0, 0, 0, 0), None),
        (Tally(19, 19, 19, 19), None),  # too few to say anything
        (Tally(100, 4, 80, 5), None),
        (Tally(100, 11, 80, 5), None),  # at the edge: 11 % is 10 points above 1 %
        (Tally(100, 12, 80, 5), "12 of 100 turns failed"),
        (Tally(100, 1, 80, 20), None),
        (Tally(100, 1, 80, 22), "22 of 80 messages were not understood"),
    ],
)
def test_trouble_is_said_in_figures(since, said):
    told = rising(USUAL, since)
    assert told is None if said is None else said in told


def test_a_desk_that_had_no_turns_before_is_watched_as_well():
    assert rising(Tally(0, 0, 0, 0), Tally(40, 20, 30, 1)) is not None


def test_what_was_always_bad_is_not_blamed_on_the_version():
    assert rising(Tally(100, 40, 80, 30), Tally(100, 50, 80, 40)) is None
