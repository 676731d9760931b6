"""Dates as customers say them: YYYY-MM-DD, or YYYY-MM where only the month was said."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from bot.understanding import calendar_days as days
from bot.understanding.durations import NUMBERS, UNITS
from bot.understanding.tenses import UNTIL, Said, is_past
from bot.understanding.wordlists import word_set

_TO_MONTH = (
    *UNTIL, "in", "by", "from", "after", "before", "since", "of", "for", "through", "thru", "to",
    "starting", "start", "early", "late", "mid", "between", "during", "again", "and", "or", "begin",
    "end", "resume", "back", "around", "next", "all", "whole", "entire", "come", "skip", "into",
    "mid-",
)  # fmt: skip
_TO_DAY = (
    *UNTIL, "on", "by", "from", "after", "before", "since", "to", "starting", "for", "of", "at",
    "come",
)  # fmt: skip
# Words that are months or weekdays only where the sentence makes them so.
_AMBIGUOUS = frozenset({"may", "march", "mar", "jan", "sat", "mon", "wed", "dec", "sep"})
_NOT_AFTER_MONTH = word_set(
    "promo promotion sale sales deal deals offer offers campaign newsletter special specials code "
    "coupon i we you he she they it be not have as well also only never madness up out"
)
_BOXES = word_set(
    "box boxes delivery deliveries invoice bill charge payment order shipment statement one parcel "
    "meals kit receipt"
)
_FINE_AFTER_ORDINAL = word_set(
    "of and to till until please pls plz instead or if is for at as because so then when we i my "
    "our the but since this next thanks thx works would should will can could cause you"
)
_ACCOUNTS = word_set("invoice bill statement charge receipt invoices bills statements receipts")
_HAPPENS = re.compile(
    r"^(?:com(?:e|es|ing)|came|arriv(?:e|es|ing|ed)|deliver(?:y|ed|ing)?|due|reached|charged|billed"
    r"|expected|scheduled|box|parcel|package|order)$"
)


def date_value(kind: str, said: Said, *, today: date) -> str | None:
    """Return the date a match of a `date_patterns` kind means there, or None if it means none."""
    return _VALUES[kind](said, today)


def _iso(said: Said, today: date) -> str | None:
    return days.exact_date(int(said.words[0]), int(said.words[2]), int(said.words[4]))


def _slashed(said: Said, today: date) -> str | None:
    first, second, *year = (int(part) for part in re.split(r"[/.]", said.words[0]))
    dotted = "." in said.words[0]
    if not year and (dotted or not said.follows(*_TO_DAY)):
        return None
    # Month first, unless it cannot be one; with dots the day is first.
    day, month = (first, second) if dotted or first > 12 else (second, first)
    if year:
        return days.exact_date(year[0], month, day)
    return days.day_of_month(day, month, today=today, past=is_past(said))


def _month_and_day(said: Said, today: date) -> str | None:
    numbers = [int(word) for word in said.words if word.isdigit()]
    month = days.MONTHS[next(word for word in said.words if word in days.MONTHS)]
    if len(numbers) > 1:
        return days.exact_date(numbers[1], month, numbers[0])
    return days.day_of_month(numbers[0], month, today=today, past=is_past(said))


def _month_year(said: Said, today: date) -> str | None:
    return f"{said.words[1]}-{days.MONTHS[said.words[0]]:02}"


def _month(said: Said, today: date) -> str | None:
    name = said.words[-1]
    following = said.after[0] if said.after else ""
    if following in _NOT_AFTER_MONTH and not (following in ("i", "we", "you") and name != "may"):
        return None
    if name in ("may", "march") and following == "on":
        return None
    preceded = said.follows(*_TO_MONTH) or said.words[0] in ("next", "this", "last")
    if name in _AMBIGUOUS:
        if not (preceded or said.alone or following in _BOXES):
            return None
    elif not (preceded or said.alone or following in _BOXES or not said.before or not following):
        return None
    past = said.words[0] == "last" or is_past(said)
    past = past or following in _ACCOUNTS
    past = past or (said.follows("for", "from", "of") and bool(_ACCOUNTS & {*said.before[-4:]}))
    return days.month_of(days.MONTHS[name], today=today, past=past)


def _edge(said: Said, today: date) -> str | None:
    edge, unit = said.words[0], said.words[-1]
    if edge in ("mid", "half", "middle") and unit in ("week", "month", "year"):
        return None
    if unit == "week":
        ahead = 7 if "next" in said.words else 0
        sunday = today + timedelta(days=6 - today.weekday() + ahead)
        return sunday.isoformat() if edge == "end" else None
    if unit == "year":
        return f"{today.year + ('next' in said.words)}-12-31" if edge == "end" else None
    if unit == "month":
        month = _next_month(today) if "next" in said.words else f"{today:%Y-%m}"
        if edge in ("start", "beginning", "early") and "next" not in said.words:
            month = _next_month(today)
    else:
        month = days.month_of(days.MONTHS[unit], today=today)
    if edge in ("early", "late"):
        return month
    starts = {"start": "-01", "beginning": "-01", "middle": "-15", "mid": "-15", "half": "-15"}
    return month + starts[edge] if edge in starts else days.end_of_month(month)


def _weekday(said: Said, today: date) -> str | None:
    name, leading = said.words[-1], said.words[0]
    if name.endswith("s") and name not in ("tues", "thurs", "weds"):
        # "Fridays box" is one, "on fridays" is a habit.
        if said.follows("on", "every", "all") or not _BOXES & {*said.after[:1]}:
            return None
        name = name[:-1]
    if said.follows("every", "last", "each", "a", "any", "most", "some"):
        return None  # a habit: "on a sunday"
    if leading in ("last", "past") or said.words[:2] == ["this", "past"]:
        return days.weekday_before(days.WEEKDAYS[name], today=today)
    if name in _AMBIGUOUS and not (leading != name or said.follows(*_TO_DAY, "skip", "miss")):
        return None
    if leading not in ("next", "following", "this", "coming") and is_past(said):
        return days.weekday_before(days.WEEKDAYS[name], today=today)
    return days.weekday_after(
        days.WEEKDAYS[name], today=today, next_week=leading in ("next", "following")
    )


def _near(said: Said, today: date) -> str | None:
    word = said.words[-1]
    steps = 2 if len(said.words) == 3 else 1
    if word in ("yesterday", "yesterdays", "yday"):
        return (today - timedelta(days=steps)).isoformat()
    if word in _TODAY:
        if word == "tonight" and not _happens_then(said):
            return None
        return None if _GREETING & {*said.before[-3:]} else today.isoformat()
    return (today + timedelta(days=steps)).isoformat()


def is_eagerness(said: Said) -> bool:
    """Tell "cancel it today", said by somebody in a hurry, from "effective today"."""
    return said.words[-1] in _TODAY and not _happens_then(said)


_TODAY = ("today", "todays", "2day", "tonight")
# "How are you today", "what's the weather today": not about us.
_GREETING = word_set("how how's hows feeling weather")


def _happens_then(said: Said) -> bool:
    named = said.follows("effective", "of", "from", "starting", *UNTIL, "by")
    return named or any(_HAPPENS.match(word) for word in (*said.before[-4:], *said.after[:2]))


def _next(said: Said, today: date) -> str | None:
    unit = said.words[1] if said.words[0] in ("next", "this", "the", "last") else said.words[0]
    if said.words[0] == "last":
        return f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"
    more = 2 if said.words[-1] == "next" else 1
    if unit == "weekend":
        if said.words[0] == "the" and not said.follows(*_TO_DAY, "over", "this"):
            return None
        return days.weekday_after(5, today=today, next_week=said.words[0] == "next")
    if unit == "month":
        month = _next_month(today)
        return month if more == 1 else _next_month(date.fromisoformat(month + "-01"))
    return (today + timedelta(days=7 * more - today.weekday())).isoformat()


def _season(said: Said, today: date) -> str | None:
    name = said.words[0]
    if is_past(said) or _HAS & {*said.sentence}:
        return None
    if name in ("fall", "spring") and not said.follows(*_TO_MONTH, "over", "all", "next"):
        return None
    if said.follows("for", "over", "after", "through", "throughout", "all", "during", "whole"):
        return days.season_month(name, over=True, today=today)
    if said.before[-1:] == ("this",) or said.before[-1:] == ["this"]:
        return days.season_month(name, over=True, today=today)
    if said.follows(*UNTIL, "in", "by", "next", "from", "before") or said.alone:
        return days.season_month(name, over=False, today=today)
    return None


_HAS = word_set("have has 've haven't")


def _feast(said: Said, today: date) -> str | None:
    name = " ".join(word for word in said.words if word not in ("'s", "s"))
    if name.startswith("new"):
        name = "nye" if name.endswith("eve") else "new year"
    if name.startswith("valentine"):
        name = "valentines"
    if is_past(said):
        return None
    named = said.follows(
        *UNTIL, "after", "before", "by", "at", "for", "over", "from", "on", "since"
    )
    if name == "new year" and not named:
        return None
    if not (named or said.alone):
        return None
    return days.feast(name, today=today, after=said.follows("after"))


def _ordinal(said: Said, today: date) -> str | None:
    day = int(said.words[0])
    if not any(word in ("the", *_TO_DAY) for word in said.before[-1:]):
        return None
    following = said.after[0] if said.after else ""
    if following.isalpha() and following not in _FINE_AFTER_ORDINAL:
        return None
    if following == "of" and any(word in ("each", "every") for word in said.after[1:3]):
        return None
    # "The 2nd" alone is one of two things more often than a day.
    if day <= 3 and not (said.follows(*_TO_DAY) or following == "of"):
        return None
    return days.day_of_month(day, None, today=today, past=is_past(said))


def _spelled(said: Said, today: date) -> str | None:
    """Return "the first of June"; "the second of May's boxes" is hardly ever said."""
    day = next(days.ORDINALS[word] for word in said.words if word in days.ORDINALS)
    month = next(days.MONTHS[word] for word in said.words if word in days.MONTHS)
    return days.day_of_month(day, month, today=today, past=is_past(said))


def _weekday_and_day(said: Said, today: date) -> str | None:
    """Return "Monday the 16th" or "Friday 3 July": the figure says which one is meant."""
    day = next(int(word) for word in said.words if word.isdigit())
    month = next((days.MONTHS[word] for word in said.words if word in days.MONTHS), None)
    return days.day_of_month(day, month, today=today, past=is_past(said))


def _weeks_on(said: Said, today: date) -> str | None:
    """Return "Friday week", "a week on Friday": a week or more after the next one."""
    name = next(word for word in said.words if word in days.WEEKDAYS)
    if len(said.words) == 2 and said.after[:1] and said.after[0] in _BOXES:
        return None
    count = next((_WEEKS[word] for word in said.words if word in _WEEKS), 1)
    first = date.fromisoformat(days.weekday_after(days.WEEKDAYS[name], today=today))
    return (first + timedelta(weeks=count)).isoformat()


_WEEKS = {"fortnight": 2, "two": 2, "2": 2, "three": 3, "3": 3}


def _ahead(said: Said, today: date) -> str | None:
    count = next((int(word) for word in said.words if word.isdigit()), None)
    if count is None:
        numbers = [NUMBERS[word] for word in said.words if word in NUMBERS]
        count = next((number for number in numbers if number > 1), 1)
    past = is_past(said) or any(
        word in ("haven't", "n't", "not", "been") for word in said.before[-8:]
    )
    past = past or said.before[-1:] == ["once"]
    unit = next(UNITS[word] for word in said.words if word in UNITS)
    if past or (said.after[:1] and said.after[0] in ("advance", "total", "row")):
        return None
    return days.later(min(count, 500), unit, today=today)


def _next_month(today: date) -> str:
    return f"{today.year + today.month // 12}-{today.month % 12 + 1:02}"


_VALUES: dict[str, Callable[[Said, date], str | None]] = {
    "iso": _iso,
    "slashed": _slashed,
    "month_day": _month_and_day,
    "day_month": _month_and_day,
    "month_year": _month_year,
    "month": _month,
    "edge": _edge,
    "weekday": _weekday,
    "near": _near,
    "next": _next,
    "season": _season,
    "feast": _feast,
    "ordinal": _ordinal,
    "spelled": _spelled,
    "weekday_day": _weekday_and_day,
    "weeks_on": _weeks_on,
    "ahead": _ahead,
}
