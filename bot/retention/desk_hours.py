"""Desk hours: when people are at the desk, on the clock of the place they work in."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone, tzinfo

# How far ahead an opening is looked for: longer than any company's holidays.
_LOOKS_AHEAD = timedelta(days=40)
_A_DAY = 24 * 60

# Minutes of a day, half-open: (540, 1020) is from 09:00 until 17:00; 1440 is the day's end.
Span = tuple[int, int]


@dataclass(frozen=True)
class Shift:
    """A stretch of time, half-open, in UTC."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True)
class DeskHours:
    """`week` has the spans of Monday to Sunday; `days` those of single days, holidays first of all.

    `calls` is when customers are called back, on days with people. `place` names the clock in
    words ("New York time").
    """

    zone: tzinfo
    place: str
    week: tuple[tuple[Span, ...], ...]
    days: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)
    calls: Span = (9 * 60, 18 * 60)

    def is_open(self, at: datetime) -> bool:
        return any(shift.begins <= at < shift.ends for shift in self.shifts(at, timedelta(0)))

    def next_opening(self, at: datetime) -> datetime | None:
        """Return when people are there again; None where nobody will be for weeks."""
        return next((s.begins for s in self.shifts(at, _LOOKS_AHEAD) if s.begins > at), None)

    def shifts(self, at: datetime, ahead: timedelta) -> Iterator[Shift]:
        """Yield the shifts that end after `at` and begin within `ahead`, in order."""
        day, last = at.astimezone(self.zone).date(), (at + ahead).astimezone(self.zone).date()
        while day <= last:
            for shift in (self._shift(day, span) for span in self.spans(day)):
                if shift.begins < shift.ends and shift.ends > at:
                    yield shift
            day += timedelta(days=1)

    def call_times(self, at: datetime, ahead: timedelta) -> Iterator[Shift]:
        """Yield when somebody can be called: while people are there, and not at night."""
        begin, end = self.calls
        day, last = at.astimezone(self.zone).date(), (at + ahead).astimezone(self.zone).date()
        while day <= last:
            for first, until in self.spans(day):
                shift = self._shift(day, (max(first, begin), min(until, end)))
                if shift.begins < shift.ends and shift.ends > at:
                    yield shift
            day += timedelta(days=1)

    def spans(self, day: date) -> tuple[Span, ...]:
        return self.days.get(day, self.week[day.weekday()])

    def _shift(self, day: date, span: Span) -> Shift:
        # Each end by its own clock time: a day on which the clocks change has 23 or 25 hours.
        return Shift(self._instant(day, span[0]), self._instant(day, span[1]))

    def _instant(self, day: date, minutes: int) -> datetime:
        day += timedelta(days=minutes // _A_DAY)
        at = time(minutes % _A_DAY // 60, minutes % 60)
        return datetime.combine(day, at, self.zone).astimezone(timezone.utc)


def write_moment(at: datetime, hours: DeskHours) -> str:
    """Write an instant as people at the desk read it: `Monday 30 November, 09:00 (…)`."""
    there = at.astimezone(hours.zone)
    return f"{write_weekday(there.date())}, {there:%H:%M} ({hours.place})"


def write_shift(shift: Shift, hours: DeskHours) -> str:
    begins, ends = shift.begins.astimezone(hours.zone), shift.ends.astimezone(hours.zone)
    day = write_weekday(begins.date())
    return f"{day}, {begins:%H:%M} to {ends:%H:%M} ({hours.place})"


def write_weekday(day: date) -> str:
    return f"{calendar.day_name[day.weekday()]} {day.day} {calendar.month_name[day.month]}"
