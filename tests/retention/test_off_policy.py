"""The estimator finds a truth that is known, and says nothing where it could not."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retention.off_policy import (
    ENOUGH,
    UNTRIED_AT_MOST,
    Estimate,
    Sample,
    TooThin,
    estimated,
    interval,
)

OPTIONS = ("relief", "pause", "nothing")
# What customers of two kinds really do after each option: the truth of the simulations.
STAY = {
    "young": {"relief": 0.30, "pause": 0.10, "nothing": 0.05},
    "old": {"relief": 0.15, "pause": 0.35, "nothing": 0.10},
}
DONE = {
    "young": {"relief": 0.2, "pause": 0.5, "nothing": 0.3},
    "old": {"relief": 0.6, "pause": 0.2, "nothing": 0.2},
}
OTHER = {
    "young": {"relief": 0.9, "pause": 0.0, "nothing": 0.1},
    "old": {"relief": 0.0, "pause": 1.0, "nothing": 0.0},
}
YOUNG = 0.4
TRUTH = sum(
    share * OTHER[kind][option] * STAY[kind][option]
    for kind, share in (("young", YOUNG), ("old", 1 - YOUNG))
    for option in OPTIONS
)


def recorded(count: int, seed: int) -> list[Sample]:
    """Live through so many attempts in which lots decided, as `DONE` says."""
    lots = random.Random(seed)
    samples = []
    for _ in range(count):
        kind = "young" if lots.random() < YOUNG else "old"
        done = lots.choices(OPTIONS, [DONE[kind][option] for option in OPTIONS])[0]
        stayed = lots.random() < STAY[kind][done]
        samples.append(Sample(done, DONE[kind], OTHER[kind], float(stayed)))
    return samples


def estimates(count: int, times: int) -> Iterator[Estimate]:
    for seed in range(times):
        found = estimated(recorded(count, seed))
        assert isinstance(found, Estimate)
        yield found


def test_with_many_outcomes_it_comes_close_to_what_would_really_have_happened():
    [found] = estimates(40_000, 1)
    assert found.mean == pytest.approx(TRUTH, abs=0.015)
    naive = sum(sample.reward for sample in recorded(40_000, 0)) / 40_000
    assert abs(naive - TRUTH) > 0.05, "the premise: what was done came to something else"


def test_its_interval_holds_the_truth_as_often_as_it_says():
    held = [found.low <= TRUTH <= found.high for found in estimates(600, 300)]
    assert sum(held) / len(held) >= 0.93


def test_on_average_it_is_off_by_less_than_its_interval():
    found = list(estimates(600, 300))
    mean = sum(one.mean for one in found) / len(found)
    assert mean == pytest.approx(TRUTH, abs=0.01)
    width = sum(one.high - one.low for one in found) / len(found)
    assert 0.05 < width < 0.25


def test_doing_the_same_gives_what_was_seen_with_every_outcome_counted():
    samples = [Sample(s.done, s.chance, s.chance, s.reward) for s in recorded(500, 1)]
    found = estimated(samples)
    assert isinstance(found, Estimate)
    assert found.mean == pytest.approx(sum(s.reward for s in samples) / 500)
    assert found.effective == pytest.approx(500)


def test_the_further_the_other_rules_are_the_less_an_outcome_is_worth():
    [near] = estimates(1000, 1)
    assert near.effective < 1000
    rare = {"relief": 0.01, "pause": 0.99}
    far = [Sample("pause", rare, {"relief": 1.0}, 1.0)] * 990
    far += [Sample("relief", rare, {"relief": 1.0}, 1.0)] * 10
    found = estimated(far)
    assert isinstance(found, TooThin)
    assert found.effective == pytest.approx(10)
    assert "worth 10 outcomes" in found.why


def test_what_was_never_tried_is_not_estimated():
    always = {"relief": 1.0}
    samples = [Sample("relief", always, {"pause": 0.2, "relief": 0.8}, 1.0)] * 1000
    found = estimated(samples)
    assert isinstance(found, TooThin)
    assert found.why.startswith("In 20 of 100 cases the candidate does what was never tried")


def test_a_little_that_was_never_tried_widens_the_interval_by_all_it_could_be():
    def with_untried(share: float) -> Estimate:
        always, other = {"relief": 1.0}, {"pause": share, "relief": 1 - share}
        found = estimated([Sample("relief", always, other, float(n % 2)) for n in range(1000)])
        assert isinstance(found, Estimate)
        return found

    sure, less = with_untried(0.0), with_untried(UNTRIED_AT_MOST)
    assert less.low == pytest.approx(sure.low * (1 - UNTRIED_AT_MOST))
    assert less.high == pytest.approx(sure.high * (1 - UNTRIED_AT_MOST) + UNTRIED_AT_MOST)


def test_without_outcomes_it_says_that_there_are_none():
    found = estimated([])
    assert isinstance(found, TooThin)
    assert found.why.endswith("that takes 90 days.")


def test_outcomes_that_are_all_alike_leave_doubt():
    same = {"relief": 1.0}
    found = estimated([Sample("relief", same, same, 0.0)] * ENOUGH)
    assert isinstance(found, Estimate)
    assert found.mean == found.low == 0
    assert found.high > 0.05


CHANCES = st.tuples(*[st.floats(0.05, 1)] * 3).map(
    lambda parts: {o: p / sum(parts) for o, p in zip(OPTIONS, parts, strict=True)}
)
SAMPLES = st.lists(
    st.builds(Sample, st.sampled_from(OPTIONS), CHANCES, CHANCES, st.sampled_from([0.0, 1.0])),
    min_size=1,
    max_size=200,
)


@given(samples=SAMPLES)
def test_whatever_was_recorded_the_figures_lie_where_they_can(samples):
    found = estimated(samples)
    assert 0 <= found.effective <= len(samples) + 1e-6
    if isinstance(found, Estimate):
        assert 0 <= found.low <= found.mean + 1e-9
        assert found.mean <= found.high + 1e-9
        assert found.high <= 1
        assert found.effective >= ENOUGH


@given(samples=SAMPLES, times=st.integers(2, 4))
def test_the_same_records_twice_give_the_same_mean_and_never_a_wider_interval(samples, times):
    once, more = estimated(samples), estimated(samples * times)
    assert more.effective == pytest.approx(once.effective * times)
    if isinstance(once, Estimate) and isinstance(more, Estimate):
        assert more.mean == pytest.approx(once.mean)
        assert more.high - more.low <= once.high - once.low + 1e-9


@given(seen=st.integers(1, 500), share=st.floats(0, 1))
def test_the_interval_of_a_share_holds_it_and_narrows(seen, share):
    successes = round(seen * share)
    low, high = interval(successes, seen)
    assert 0 <= low <= successes / seen + 1e-9
    assert successes / seen <= high + 1e-9 <= 1 + 2e-9
    wider = interval(successes * 4, seen * 4)
    assert wider[1] - wider[0] <= high - low + 1e-9
    assert interval(0, 0) == (0, 1)
