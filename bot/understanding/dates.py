"""Dates as customers say them: YYYY-MM-DD, or YYYY-MM where only the month was said."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.understanding import calendar_days as days
from bot.understanding.durations import NUMBERS, UNITS
from bot.understanding.wordlists import word_set


@dataclass(frozen=True)
class Said:
    """A matched piece of text: its lower-case words, and what stands before and after it."""

    words: Sequence[str]
    before: Sequence[str]
    after: Sequence[str]
    capital: bool = False

    def follows(self, *words: str) -> bool:
        """Whether the word before, an article left out, is one of these."""
        before = [word for word in self.before if word not in ("the", "this", "around", "about")]
        return bool(before) and before[-1] in words

    @property
    def sentence(self) -> list[str]:
        """The words before, as far as the same sentence goes."""
        before = list(self.before)
        ends = [place for place, word in enumerate(before) if word in (".", "!", "?", ";")]
        return before[ends[-1] + 1 :] if ends else before

    @property
    def alone(self) -> bool:
        """Whether nothing but signs stands beside it."""
        return not any(word.isalnum() for word in (*self.before, *self.after))


_UNTIL = ("until", "till", "til", "untill", "til", "'til", "unti")
_TO_MONTH = (
    *_UNTIL, "in", "by", "from", "after", "before", "since", "of", "for", "through", "thru", "to",
    "starting", "start", "early", "late", "mid", "between", "during", "again", "and", "or", "begin",
    "end", "resume", "back", "around", "next",
)  # fmt: skip
_TO_DAY = (
    *_UNTIL, "on", "by", "from", "after", "before", "since", "to", "starting", "for", "of", "at",
    "come", "till",
)  # fmt: skip
# Words that are months or weekdays only where the sentence makes them so.
_AMBIGUOUS = frozenset({"may", "march", "mar", "jan", "sat", "mon", "wed", "dec", "sep"})
_NOT_AFTER_MONTH = word_set(
    "promo promotion sale sales deal deals offer offers campaign newsletter special specials code "
    "coupon i we you he she they it be not have as well also only never madness up out"
)
_BOXES = word_set(
    "box boxes delivery deliveries invoice bill charge payment order shipment statement one"
)
_FINE_AFTER_ORDINAL = word_set(
    "of and to till until please pls plz instead or if is for at as because so then when we i my "
    "our the but since this next thanks thx works would should will can could cause you"
)
_PAST = re.compile(
    r"^(?:was|were|had|did|lost|bought|ordered|got|paid|charged|came|signed|joined|started|since"
    r"|moved|died|passed|went|received|cancelled|canceled|subscribed|arrived|took|happened|ago"
    r"|changed|raised|told|called|emailed|delivered|stopped|diagnosed|fired|became|haven't|laid"
    r"|missed|returned|sent|retired|separated|divorced|expired|reached|rang|phoned|spoke|quit"
    r"|showed|turned|shows|statement|broke|made|gave|left|been|began|taken|ended|closed)$"
)

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
    return days.day_of_month(day, month, today=today, past=_is_past(said))


def _month_and_day(said: Said, today: date) -> str | None:
    numbers = [int(word) for word in said.words if word.isdigit()]
    month = days.MONTHS[next(word for word in said.words if word in days.MONTHS)]
    if len(numbers) > 1:
        return days.exact_date(numbers[1], month, numbers[0])
    return days.day_of_month(numbers[0], month, today=today, past=_is_past(said))


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
    past = said.words[0] == "last" or said.follows("since") or _is_past(said)
    past = past or following in ("invoice", "bill", "statement", "charge")
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
    if leading == "last" or said.follows("every", "last", "each"):
        return None
    if name in _AMBIGUOUS and not (leading != name or said.follows(*_TO_DAY, "skip", "miss")):
        return None
    if name.endswith("s") and name not in ("tues", "thurs", "weds"):
        return None
    if leading not in ("next", "following", "this", "coming") and _is_past(said):
        return days.weekday_before(days.WEEKDAYS[name], today=today)
    return days.weekday_after(
        days.WEEKDAYS[name], today=today, next_week=leading in ("next", "following")
    )


def _near(said: Said, today: date) -> str | None:
    word = said.words[-1]
    if len(said.words) == 3:
        return (today + timedelta(days=2)).isoformat()
    if word == "yesterday":
        return (today - timedelta(days=1)).isoformat()
    if word == "today":
        # "Cancel today" is eagerness; "effective today" is a date.
        named = said.follows("effective", "of", "from", "starting", *_UNTIL, "by")
        named = named or any(_HAPPENS.match(word) for word in said.before[-4:])
        return today.isoformat() if named else None
    return (today + timedelta(days=1)).isoformat()


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
    if _is_past(said):
        return None
    if name in ("fall", "spring") and not said.follows(*_TO_MONTH, "over", "all", "next"):
        return None
    if said.follows("for", "over", "after", "through", "throughout", "all", "during", "whole"):
        return days.season_month(name, over=True, today=today)
    if said.before[-1:] == ("this",) or said.before[-1:] == ["this"]:
        return days.season_month(name, over=True, today=today)
    if said.follows(*_UNTIL, "in", "by", "next", "from", "before") or said.alone:
        return days.season_month(name, over=False, today=today)
    return None


def _feast(said: Said, today: date) -> str | None:
    name = "new year" if said.words[0] == "new" else " ".join(said.words)
    if _is_past(said):
        return None
    named = said.follows(
        *_UNTIL, "after", "before", "by", "at", "for", "over", "from", "on", "since"
    )
    if name == "new year" and not named:
        return None
    if not (named or said.alone):
        return None
    return days.feast(name, today=today, after=said.follows("after"))


def _ordinal(said: Said, today: date) -> str | None:
    day = int(said.words[0])
    if not any(word == "the" or word in _TO_DAY for word in said.before[-1:]):
        return None
    following = said.after[0] if said.after else ""
    if following.isalpha() and following not in _FINE_AFTER_ORDINAL:
        return None
    if following == "of" and any(word in ("each", "every") for word in said.after[1:3]):
        return None
    # "The 2nd" alone is one of two things more often than a day.
    if day <= 3 and not (said.follows(*_TO_DAY) or following == "of"):
        return None
    return days.day_of_month(day, None, today=today)


def _ahead(said: Said, today: date) -> str | None:
    count = next((int(word) for word in said.words if word.isdigit()), None)
    if count is None:
        numbers = [NUMBERS[word] for word in said.words if word in NUMBERS]
        count = next((number for number in numbers if number > 1), 1)
    past = any(_PAST.match(word) or word in ("haven't", "n't", "not") for word in said.before[-8:])
    unit = next(UNITS[word] for word in said.words if word in UNITS)
    if past or (said.after[:1] and said.after[0] in ("advance", "total", "row")):
        return None
    return days.later(min(count, 500), unit, today=today)


def _next_month(today: date) -> str:
    return f"{today.year + today.month // 12}-{today.month % 12 + 1:02}"


def _is_past(said: Said) -> bool:
    """Whether the sentence tells of what has happened: "charged on", but not "be charged on"."""
    if said.follows(*_UNTIL):
        return False
    before = said.sentence[-8:]
    told = any(
        _PAST.match(word) and not _BEFORE_PASSIVE.match(previous)
        for previous, word in zip(("", *before), before, strict=False)
    ) and before[-3:-1] != ["were", "to"]
    opens = len(before) <= 2 and any(_PAST.match(word) for word in said.after)
    return told or opens


_BEFORE_PASSIVE = re.compile(r"^(?:be|get|being|getting|to|not|n't)$")


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
    "ahead": _ahead,
}
