"""Days, months and ISO 8601 durations, and how a customer reads them."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timedelta
from functools import lru_cache

_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")


def add_months(day: date, months: int) -> date:
    """Return the same day `months` later, or the last day of a shorter month."""
    index = day.month - 1 + months
    year, month = day.year + index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def add_duration(day: date, duration: str) -> date | None:
    """Return `day` plus an ISO 8601 duration such as P2M or P6W; None when it is not one."""
    match = _DURATION.fullmatch(duration)
    if not match or not any(match.groups()):
        return None
    years, months, weeks, days = (int(part or 0) for part in match.groups())
    return add_months(day, years * 12 + months) + timedelta(weeks=weeks, days=days)


def read_day(value: str) -> date | None:
    """Read YYYY-MM-DD, or YYYY-MM as its first day; None for anything else."""
    try:
        return date.fromisoformat(value if len(value) > 7 else f"{value}-01")
    except ValueError:
        return None


def whole_months(start: date, end: date) -> int:
    """Return how many whole months lie between, never below 0.

    The counterpart of `add_months`: from 31 January to 28 February is one month.
    """
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and add_months(start, months) > end:
        months -= 1
    return max(0, months)


@lru_cache(maxsize=1024)  # the same few days stand in every message of a conversation
def write_day(day: date) -> str:
    """Write a day as `5 December 2026`: the same in every country, with no order to guess."""
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"


def write_instant(at: datetime) -> str:
    return f"{write_day(at.date())}, {at:%H:%M} UTC"


def write_months(months: int) -> str:
    return "1 month" if months == 1 else f"{months} months"


def write_weeks(weeks: int) -> str:
    """Write a rhythm so that it reads after "every": `week`, `2 weeks`."""
    return "week" if weeks == 1 else f"{weeks} weeks"
