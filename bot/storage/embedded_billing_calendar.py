"""Whole months, renewals and delivery rhythms; days are UTC days."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

from bot.retention.account import Plan
from bot.retention.calendar import add_months

_MONTHS = {"month": 1, "year": 12}


def midnight(day: date) -> datetime:
    """Return the instant at which `day` begins."""
    return datetime.combine(day, time(), timezone.utc)


def cycles_later(anchor: date, day: date, interval: str, cycles: int) -> date:
    """Return the renewal `cycles` intervals after the renewal `day` of the rhythm of `anchor`.

    Counting from the anchor keeps the 31st: 31 January, 28 February, 31 March.
    """
    passed = (day.year - anchor.year) * 12 + day.month - anchor.month
    return add_months(anchor, passed + cycles * _MONTHS[interval])


def after_cycles(day: date, interval: str, cycles: int) -> date:
    """Return the day `cycles` intervals after `day`."""
    return add_months(day, cycles * _MONTHS[interval])


def weeks_between_boxes(plan: Plan) -> int:
    """Return the plan's own rhythm, from how many boxes one interval pays for."""
    weeks = 52 if plan.interval == "year" else 4
    return max(1, weeks // max(1, plan.boxes_per_cycle))


def next_box_after(day: date, every_weeks: int) -> date:
    return day + timedelta(weeks=every_weeks)
