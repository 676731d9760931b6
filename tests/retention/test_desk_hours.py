"""When people are at the desk: hours, holidays, changes of the clock, and times to be called."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retention.call_backs import LEAD, SHORTEST, call_windows, chosen_window, window_id
from bot.retention.desk_hours import DeskHours, write_moment, write_shift

OFFICE = ((8 * 60, 12 * 60), (13 * 60, 20 * 60))
HOURS = DeskHours(
    zone=ZoneInfo("America/New_York"),
    place="New York time",
    week=(OFFICE, OFFICE, OFFICE, OFFICE, OFFICE, ((9 * 60, 17 * 60),), ()),
    days={date(2026, 11, 26): (), date(2026, 12, 24): ((8 * 60, 13 * 60),)},
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-11-30 12:59", False),  # Monday, 07:59 in New York
        ("2026-11-30 13:00", True),
        ("2026-11-30 16:59", True),
        ("2026-11-30 17:00", False),  # lunch
        ("2026-11-30 18:00", True),
        ("2026-12-01 00:59", True),  # Monday evening there
        ("2026-12-01 01:00", False),
        ("2026-11-29 15:00", False),  # Sunday
        ("2026-11-26 15:00", False),  # a holiday
        ("2026-12-24 17:59", True),  # a short day
        ("2026-12-24 18:00", False),
    ],
)
def test_it_is_open_from_the_first_minute_and_closed_from_the_last(at, is_open):
    assert HOURS.is_open(utc(at)) is is_open


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-11-29 15:00", "2026-11-30 13:00"),
        ("2026-11-30 17:30", "2026-11-30 18:00"),
        ("2026-11-25 23:00", "2026-11-27 13:00"),  # over Thanksgiving
        # Clocks went back on 1 November, and forward on 8 March: eight in the morning both times.
        ("2026-10-30 23:30", "2026-10-31 13:00"),
        ("2027-03-12 23:30", "2027-03-13 14:00"),
        ("2027-03-14 10:00", "2027-03-15 12:00"),
    ],
)
def test_the_next_opening_is_told_by_the_desks_own_clock(at, opens):
    at_night = utc(at) if not HOURS.is_open(utc(at)) else utc(at) + timedelta(hours=3)
    assert HOURS.next_opening(at_night) == utc(opens)


def test_a_desk_that_is_never_open_has_no_next_opening():
    closed = DeskHours(HOURS.zone, HOURS.place, ((),) * 7)
    assert closed.next_opening(utc("2026-11-30 12:00")) is None
    assert list(call_windows(closed, utc("2026-11-30 12:00"))) == []


def test_a_day_to_midnight_meets_the_next_without_a_gap():
    always = DeskHours(HOURS.zone, HOURS.place, (((0, 1440),),) * 7)
    for minutes in range(0, 3 * 1440, 7):
        assert always.is_open(utc("2026-10-31 00:00") + timedelta(minutes=minutes))


def test_an_opening_is_written_with_its_clock():
    assert (
        write_moment(utc("2026-11-30 13:00"), HOURS) == "Monday 30 November, 08:00 (New York time)"
    )


def test_times_to_be_called_are_cut_from_the_hours_and_leave_time_to_prepare():
    now = utc("2026-11-30 15:30")  # Monday, 10:30 there
    assert [write_shift(window, HOURS) for window in call_windows(HOURS, now)] == [
        "Monday 30 November, 13:00 to 15:00 (New York time)",
        "Monday 30 November, 15:00 to 17:00 (New York time)",
        "Monday 30 November, 17:00 to 18:00 (New York time)",
        "Tuesday 1 December, 09:00 to 11:00 (New York time)",
    ]


def test_nobody_is_called_at_night_though_the_desk_is_always_open():
    always = DeskHours(HOURS.zone, HOURS.place, (((0, 1440),),) * 7)
    for window in call_windows(always, utc("2026-11-30 03:00")):
        begins, ends = (w.astimezone(HOURS.zone) for w in (window.begins, window.ends))
        assert 9 <= begins.hour < ends.hour <= 18


@given(minutes=st.integers(0, 400 * 1440))
def test_every_time_offered_can_be_chosen_now_and_lies_in_the_hours(minutes):
    now = utc("2026-01-01 00:00") + timedelta(minutes=minutes)
    windows = list(call_windows(HOURS, now))
    assert windows
    for window in windows:
        assert window.begins >= now + LEAD
        assert window.ends - window.begins >= SHORTEST
        assert HOURS.is_open(window.begins)
        assert HOURS.is_open(window.ends - timedelta(minutes=1))
        assert chosen_window(window_id(window), HOURS, now) == window


def test_an_old_button_promises_no_call():
    now = utc("2026-11-30 15:30")
    [first, *_] = call_windows(HOURS, now)
    assert chosen_window(window_id(first), HOURS, now + timedelta(hours=2)) is None
    assert chosen_window("call:tomorrow", HOURS, now) is None
