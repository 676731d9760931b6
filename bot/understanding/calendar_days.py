"""Days that customers name without a figure: weekdays, feasts, seasons, ends of months."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

MONTHS: dict[str, int] = {
    "january": 1, "jan": 1, "february": 2, "feb": 2, "febuary": 2, "march": 3, "mar": 3,
    "april": 4, "apr": 4, "may": 5, "june": 6, "jun": 6, "july": 7, "jul": 7, "august": 8,
    "aug": 8, "september": 9, "sept": 9, "sep": 9, "septmber": 9, "setpember": 9, "october": 10,
    "oct": 10, "november": 11, "nov": 11, "december": 12, "dec": 12,
}  # fmt: skip
WEEKDAYS: dict[str, int] = {
    "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5,
    "sunday": 6, "mon": 0, "tue": 1, "tues": 1, "wed": 2, "weds": 2, "thu": 3, "thur": 3,
    "thurs": 3, "fri": 4, "sat": 5, "wensday": 2, "wendsday": 2, "wednsday": 2, "thurday": 3,
    "firday": 4, "satuday": 5, "mondays": 0,
}  # fmt: skip
# The first month of each season, and the first one after it, in the northern half of the world.
SEASONS: dict[str, tuple[int, int]] = {
    "spring": (3, 6), "summer": (6, 9), "autumn": (9, 12), "fall": (9, 12), "winter": (12, 3),
}  # fmt: skip
FEASTS = (
    "easter", "christmas", "xmas", "thanksgiving", "halloween", "new year", "new years",
    "new year's", "valentines", "labor day", "memorial day", "independence day", "christmas day",
    "christmas eve", "xmas eve", "boxing day", "valentines day", "easter sunday", "easter monday",
    "good friday", "black friday", "cyber monday", "nye", "bonfire night", "guy fawkes",
)  # fmt: skip
ORDINALS: dict[str, int] = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13,
    "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18,
    "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip


def month_of(month: int, *, today: date, past: bool = False) -> str:
    """Return YYYY-MM of that month's next coming (this month counts), or its last if `past`."""
    year = today.year
    if past:
        year -= month > today.month
    else:
        year += month < today.month
    return f"{year}-{month:02}"


def day_of_month(day: int, month: int | None, *, today: date, past: bool = False) -> str | None:
    """Return the next (or last) date with this day and, if given, month; None if there is none."""
    if month is None:
        year, number = today.year, today.month
        if past and day > today.day:
            year, number = (year, number - 1) if number > 1 else (year - 1, 12)
        if not past and day < today.day:
            year, number = (year, number + 1) if number < 12 else (year + 1, 1)
        return _date(year, number, day)
    found = _date(today.year, month, day)
    if found and not past and found < today.isoformat():
        return _date(today.year + 1, month, day)
    if found and past and found > today.isoformat():
        return _date(today.year - 1, month, day)
    return found


def exact_date(year: int, month: int, day: int) -> str | None:
    """Return the date, or None if the calendar has none; two-digit years are this century's."""
    return _date(year + 2000 if year < 100 else year, month, day)


def weekday_after(weekday: int, *, today: date, next_week: bool = False) -> str:
    """Return the next such day after today, or that of the next calendar week."""
    if next_week:
        monday = today + timedelta(days=7 - today.weekday())
        return (monday + timedelta(days=weekday)).isoformat()
    return (today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)).isoformat()


def weekday_before(weekday: int, *, today: date) -> str:
    """Return the last such day before today."""
    return (today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)).isoformat()


def end_of_month(year_and_month: str) -> str:
    """Return the last day of YYYY-MM."""
    year, month = map(int, year_and_month.split("-"))
    return f"{year_and_month}-{monthrange(year, month)[1]:02}"


def season_month(season: str, *, over: bool, today: date) -> str:
    """Return the month in which the season begins, or is `over`: the next one after this month."""
    begins, ends = SEASONS[season]
    month = ends if over else begins
    return f"{today.year + (month <= today.month)}-{month:02}"


def feast(name: str, *, today: date, after: bool = False) -> str:
    """Return the next such day from today on, or the day `after` it."""
    day = _feast(name, today.year)
    if day < today:
        day = _feast(name, today.year + 1)
    return (day + timedelta(days=after)).isoformat()


def later(count: int, unit: str, *, today: date) -> str:
    """Return the day `count` days, weeks, months or years (D, W, M, Y) after today."""
    if unit in "DW":
        return (today + timedelta(days=count * (7 if unit == "W" else 1))).isoformat()
    months = today.month - 1 + count * (12 if unit == "Y" else 1)
    year, month = today.year + months // 12, months % 12 + 1
    return f"{year}-{month:02}-{min(today.day, monthrange(year, month)[1]):02}"


def _date(year: int, month: int, day: int) -> str | None:
    if not (1 <= month <= 12 and 1900 < year < 2200 and 1 <= day <= monthrange(year, month)[1]):
        return None
    return f"{year}-{month:02}-{day:02}"


def _feast(name: str, year: int) -> date:
    if name in _FROM_EASTER:
        return _easter(year) + timedelta(days=_FROM_EASTER[name])
    if name in _FROM_THANKSGIVING:
        thanksgiving = _nth_weekday(year, 11, weekday=3, nth=4)
        return thanksgiving + timedelta(days=_FROM_THANKSGIVING[name])
    if name == "labor day":
        return _nth_weekday(year, 9, weekday=0, nth=1)
    if name == "memorial day":
        return _nth_weekday(year, 6, weekday=0, nth=1) - timedelta(days=7)
    if name.startswith("new year"):
        return date(year, 1, 1)
    return date(year, *_FIXED.get(name, (12, 25)))


_FROM_EASTER = {"easter": 0, "easter sunday": 0, "easter monday": 1, "good friday": -2}
_FROM_THANKSGIVING = {"thanksgiving": 0, "black friday": 1, "cyber monday": 4}
_FIXED = {
    "halloween": (10, 31), "valentines": (2, 14), "valentines day": (2, 14),
    "independence day": (7, 4), "christmas eve": (12, 24), "xmas eve": (12, 24), "nye": (12, 31),
    "boxing day": (12, 26), "bonfire night": (11, 5), "guy fawkes": (11, 5),
}  # fmt: skip


def _nth_weekday(year: int, month: int, *, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, after the anonymous method published in 1876."""
    golden = year % 19
    century, rest = divmod(year, 100)
    skipped, leap = divmod(century, 4)
    moon = (19 * golden + century - skipped - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    sunday = (32 + 2 * leap + 2 * (rest // 4) - moon - rest % 4) % 7
    month, day = divmod(moon + sunday - 7 * ((golden + 11 * moon + 22 * sunday) // 451) + 114, 31)
    return date(year, month, day + 1)
