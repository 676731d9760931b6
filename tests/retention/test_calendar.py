"""Days, months and durations: whole months there and back, half-open, with no order to guess."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retention.calendar import (
    add_duration,
    add_months,
    read_day,
    whole_months,
    write_day,
    write_instant,
    write_months,
)

days = st.dates(date(1990, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 12, 15), 0, date(2026, 12, 15)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_of_a_shorter_month(day, months, later):
    assert add_months(day, months) == later


@given(day=days, months=st.integers(0, 60))
def test_whole_months_counts_what_add_months_added(day, months):
    assert whole_months(day, add_months(day, months)) == months


@given(day=days, months=st.integers(1, 60))
def test_a_day_less_is_a_month_less(day, months):
    assert whole_months(day, add_months(day, months) - timedelta(days=1)) == months - 1


@given(start=days, end=days)
def test_whole_months_is_never_negative_and_never_passes_the_end(start, end):
    months = whole_months(start, end)
    assert months >= 0
    assert add_months(start, months) <= max(start, end)


@pytest.mark.parametrize(
    ("duration", "later"),
    [
        ("P1M", date(2026, 2, 28)),
        ("P2M", date(2026, 3, 31)),
        ("P1Y", date(2027, 1, 31)),
        ("P6W", date(2026, 3, 14)),
        ("P10D", date(2026, 2, 10)),
        ("P1M2W", date(2026, 3, 14)),
    ],
)
def test_a_duration_is_added(duration, later):
    assert add_duration(date(2026, 1, 31), duration) == later


@pytest.mark.parametrize("text", ["", "P", "2M", "P1H", "PT1H", "P-1M", "two months", "P1.5M"])
def test_what_is_no_duration_adds_nothing(text):
    assert add_duration(date(2026, 1, 31), text) is None


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026-03-10", date(2026, 3, 10)),
        ("2026-03", date(2026, 3, 1)),
        ("2026-13", None),
        ("2026-02-30", None),
        ("March", None),
        ("", None),
    ],
)
def test_a_day_or_a_month_is_read_and_nothing_else(value, day):
    assert read_day(value) == day


def test_days_and_instants_are_written_in_words():
    assert write_day(date(2026, 12, 5)) == "5 December 2026"
    at = datetime(2026, 12, 5, 9, 5, tzinfo=timezone.utc)
    assert write_instant(at) == "5 December 2026, 09:05 UTC"


def test_one_month_is_not_written_as_many():
    assert [write_months(count) for count in (1, 2)] == ["1 month", "2 months"]
