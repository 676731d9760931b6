"""How long it takes until a person answers: a range that was seen, or nothing at all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retention.waiting import FEWEST_WAITS, QueueNow, Wait, expected_wait

MINUTE = timedelta(minutes=1)


def waits(*minutes: float) -> tuple[timedelta, ...]:
    return tuple(m * MINUTE for m in minutes)


@pytest.mark.parametrize(
    ("queue", "wait"),
    [
        (QueueNow(), None),
        (QueueNow(waits(1, 1, 1, 1)), None),  # four say nothing
        (QueueNow(waits(2, 3, 3, 4, 5)), Wait(3, 5)),
        (QueueNow(waits(0.2, 0.3, 0.3, 0.5, 0.6)), Wait(0, 1)),
        (QueueNow(waits(2, 3, 3, 4, 5), longest=18 * MINUTE), Wait(3, 20)),
        # Five in two hours are one in 24 minutes: with two in front nobody is there in five.
        (QueueNow(waits(2, 3, 3, 4, 5), ahead=2), Wait(20, None)),
        (QueueNow(waits(50, 70, 70, 80, 90)), Wait(60, None)),
        (QueueNow(waits(3, 3, 3, 3, 3)), Wait(2, 3)),
    ],
)
def test_the_wait_is_what_was_seen_made_longer_by_the_queue(queue, wait):
    assert expected_wait(queue) == wait


@given(
    minutes=st.lists(st.integers(0, 200), min_size=FEWEST_WAITS, max_size=60),
    ahead=st.integers(0, 30),
    longest=st.integers(0, 300),
)
def test_the_range_is_never_shorter_than_what_the_first_in_line_has_waited(minutes, ahead, longest):
    queue = QueueNow(waits(*minutes), ahead=ahead, longest=longest * MINUTE)
    wait = expected_wait(queue)
    assert wait is not None
    assert wait.to_minutes is None or wait.to_minutes >= longest
    assert wait.to_minutes is None or wait.from_minutes < wait.to_minutes


@given(
    minutes=st.lists(st.integers(0, 50), min_size=FEWEST_WAITS, max_size=60),
    ahead=st.integers(0, 30),
)
def test_one_more_in_front_never_makes_it_shorter(minutes, ahead):
    fewer, more = (expected_wait(QueueNow(waits(*minutes), ahead=n)) for n in (ahead, ahead + 1))
    assert fewer is not None
    assert more is not None
    assert more.from_minutes >= fewer.from_minutes
    assert more.to_minutes is None or (fewer.to_minutes or 999) <= more.to_minutes
