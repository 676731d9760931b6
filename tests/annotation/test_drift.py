"""Weeks against those before: what is a change, what is chance, and what is not judged at all."""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone

import pytest

from bot.annotation.drift import FEWEST, Week, by_week, drifts, largest_by_chance, stability_index

MONDAY = datetime(2026, 11, 2, 9, tzinfo=timezone.utc)
USUAL = {"request_cancellation": 50, "request_pause": 25, "complain": 15, "thank": 10}


def weeks(*counts):
    return [
        Week(f"2026-W{45 + n}", (MONDAY + timedelta(weeks=n)).date(), c)
        for n, c in enumerate(counts)
    ]


def times(count, factor):
    return {name: number * factor for name, number in count.items()}


def test_the_week_of_a_message_is_its_iso_week_and_empty_weeks_are_there():
    heard = [
        (MONDAY, "a"),
        (MONDAY + timedelta(days=6, hours=14), "b"),
        (MONDAY + timedelta(weeks=2), "a"),
    ]
    found = by_week(heard)
    assert [(week.name, week.messages) for week in found] == [
        ("2026-W45", 2),
        ("2026-W46", 0),
        ("2026-W47", 1),
    ]
    assert found[0].share("a") == 0.5
    assert by_week([]) == ()


@pytest.mark.parametrize(
    ("now", "verdict"),
    [
        (times(USUAL, 4), "As before: no more different"),
        ({**times(USUAL, 4), "complain": 160}, "Changed: "),
        ({"complain": 400}, "Changed much"),
        ({"complain": FEWEST - 1}, "Not judged"),
        ({}, "Not judged"),
    ],
)
def test_a_week_is_judged_by_what_was_said_before(now, verdict):
    first, second = drifts(weeks(times(USUAL, 10), now))
    assert first.verdict.startswith("Not judged")
    assert second.verdict.startswith(verdict)


def test_what_moved_most_comes_first():
    *_, drift = drifts(weeks(times(USUAL, 10), {**times(USUAL, 4), "complain": 200}))
    (name, points), *_ = drift.changed
    assert name == "complain"
    assert points == pytest.approx(100 * 200 / 540 - 15)


def test_a_small_difference_that_is_no_chance_does_not_matter():
    *_, drift = drifts(weeks(times(USUAL, 400), times({**USUAL, "complain": 18}, 300)))
    assert drift.index > drift.by_chance
    assert "too little to matter" in drift.verdict


def test_chance_alone_is_taken_for_a_change_once_in_a_hundred():
    drawn = random.Random(5)
    names = [f"intent_{number}" for number in range(12)]
    bound = largest_by_chance(len(names), 400, 200)

    def sample(size):
        said = drawn.choices(names, k=size)
        return [said.count(name) for name in names]

    over = sum(stability_index(sample(400), sample(200)) > bound for _ in range(1000))
    assert 1 <= over <= 25


def test_the_index_is_the_sum_over_the_kinds():
    assert stability_index([50, 50], [50, 50]) == 0
    assert stability_index([7500, 2500], [2500, 7500]) == pytest.approx(1.0986, abs=1e-3)
