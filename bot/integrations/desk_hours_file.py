"""Reads when people are at the desk: hours of the week, holidays, and the clock they go by."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from bot.integrations.yaml_files import Part, read_yaml
from bot.retention.desk_hours import DeskHours, Span

FILE = "desk_hours.yml"
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_REQUIRED = ("zone", "place", "week")
_SPAN = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")
_A_DAY = 24 * 60


def load_desk_hours(folder: Path) -> DeskHours | None:
    """Read `desk_hours.yml` of the policy folder; None where there is none.

    Raises:
        FileInvalid: it is not fully understood.
    """
    path = folder / FILE
    if not path.exists():
        return None
    parts = read_yaml(path, name=path.name).mapping(
        (*_REQUIRED, "holidays", "calls"), required=_REQUIRED
    )
    week = parts["week"].mapping(_DAYS, what="weekday")
    holidays = parts["holidays"].items() if "holidays" in parts else ()
    read = DeskHours(
        zone=ZoneInfo(parts["zone"].word(available_timezones(), "time zone")),
        place=parts["place"].text(),
        week=tuple(_spans(week[day]) if day in week else () for day in _DAYS),
        days=_days(holidays),
    )
    if "calls" in parts:
        read = DeskHours(read.zone, read.place, read.week, read.days, _span(parts["calls"]))
    return read


def _days(holidays: tuple[Part, ...]) -> dict[date, tuple[Span, ...]]:
    days: dict[date, tuple[Span, ...]] = {}
    for holiday in holidays:
        parts = holiday.mapping(("day", "title", "open"), required=("day", "title"))
        parts["title"].text()  # written for people; only that it is there counts here
        day = parts["day"].day()
        if day in days:
            raise parts["day"].refuse(f"{day} stands here twice.", "Keep one of the two.")
        days[day] = _spans(parts["open"]) if "open" in parts else ()
    return days


def _spans(part: Part) -> tuple[Span, ...]:
    spans: list[Span] = []
    for item in part.items():
        span = _span(item)
        if spans and span[0] < spans[-1][1]:
            raise item.refuse("it begins before the one in front of it ends.", "Put them in order.")
        spans.append(span)
    return tuple(spans)


def _span(part: Part) -> Span:
    match = _SPAN.fullmatch(part.text())
    if match is None:
        raise part.refuse(f"`{part.text()}` is no time of day.", 'Write it as "09:00-17:30".')
    hour, minute, to_hour, to_minute = map(int, match.groups())
    first, until = hour * 60 + minute, to_hour * 60 + to_minute
    if minute > 59 or to_minute > 59 or until > _A_DAY:
        raise part.refuse(f"`{part.text()}` is no time of day.", "Write hours from 00:00 to 24:00.")
    if first >= until:
        raise part.refuse("it ends before it begins.", "Split what goes past midnight in two.")
    return first, until
