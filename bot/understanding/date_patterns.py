"""How dates look as words, as token patterns in the form of spaCy's Matcher, by kind."""

from __future__ import annotations

from typing import Any

from bot.understanding import calendar_days as days
from bot.understanding.durations import NUMBERS, UNITS

Pattern = list[dict[str, Any]]


def _is(*words: str, maybe: bool = False) -> dict[str, Any]:
    return {"LOWER": {"IN": list(words)}, **({"OP": "?"} if maybe else {})}


_MONTH = _is(*days.MONTHS)
_WEEKDAY = _is(*days.WEEKDAYS)
_DAY = {"TEXT": {"REGEX": r"^(?:0?[1-9]|[12]\d|3[01])$"}}
_YEAR = {"TEXT": {"REGEX": r"^20\d\d$"}}
_SUFFIX = _is("st", "nd", "rd", "th")
_TOMORROW = (
    "tomorrow",
    "tommorow",
    "tomorow",
    "tommorrow",
    "tmrw",
    "tmr",
    "tmw",
    "2moro",
    "tomorro",
)
_EDGES = ("end", "start", "beginning", "middle", "mid", "early", "late", "half")

PATTERNS: dict[str, list[Pattern]] = {
    "iso": [[_YEAR, _is("-"), _DAY, _is("-"), _DAY]],
    "slashed": [[{"TEXT": {"REGEX": r"^\d{1,2}[/.]\d{1,2}(?:[/.](?:20)?\d\d)?$"}}]],
    "month_day": [
        [_MONTH, _is("the", maybe=True), _DAY, {**_SUFFIX, "OP": "?"}, _is(",", maybe=True), _YEAR],
        [_MONTH, _is("the", maybe=True), _DAY, {**_SUFFIX, "OP": "?"}],
    ],
    "spelled": [
        [_is(*days.ORDINALS), _is("of"), _MONTH],
        [_MONTH, _is("the"), _is(*days.ORDINALS)],
    ],
    "weekday_day": [
        [_WEEKDAY, _is(",", maybe=True), _is("the", maybe=True), _DAY, _SUFFIX],
        [
            _WEEKDAY,
            _is(",", maybe=True),
            _is("the", maybe=True),
            _DAY,
            {**_SUFFIX, "OP": "?"},
            _is("of", maybe=True),
            _MONTH,
        ],
        [_WEEKDAY, _is(",", maybe=True), _MONTH, _DAY, {**_SUFFIX, "OP": "?"}],
    ],
    "weeks_on": [
        [_WEEKDAY, _is("week", "fortnight")],
        [_is("week", "fortnight"), _is("on", "from"), _WEEKDAY],
        [_is("two", "2", "three", "3"), _is("weeks"), _is("on", "from"), _WEEKDAY],
    ],
    "day_month": [
        [_DAY, {**_SUFFIX, "OP": "?"}, _is("of", maybe=True), _MONTH, {**_YEAR, "OP": "?"}]
    ],
    "month_year": [[_MONTH, _YEAR]],
    "month": [[_is("next", "this", "last", maybe=True), _MONTH]],
    "edge": [
        [_is(*_EDGES), _is("-", "of", maybe=True), _is("the", "next", "this", maybe=True), unit]
        for unit in (_is(*days.MONTHS), _is("month", "year", "week"))
    ],
    "weekday": [
        [_is("next", "this", "coming", "last", "following", maybe=True), _WEEKDAY],
        [_is("this"), _is("coming", "past"), _WEEKDAY],
        [_is("mondays", "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays", "sundays")],
    ],
    "near": [
        [
            _is(
                *_TOMORROW,
                "yesterday",
                "today",
                "yesterdays",
                "todays",
                "tomorrows",
                "yday",
                "2day",
                "tonight",
            )
        ],
        [_is("day"), _is("after", "before"), _is("tomorrow", "yesterday")],
    ],
    "next": [
        [_is("next"), _is("week", "month", "weekend", "wk")],
        [_is("this", "the"), _is("weekend")],
        [_is("week", "month"), _is("after"), _is("next")],
        [_is("last"), _is("month")],
    ],
    "season": [[_is(*days.SEASONS)]],
    "feast": [
        *([{"LOWER": word} for word in name.split()] for name in days.FEASTS),
        [_is("new"), _is("year"), _is("'s", "s")],
        [_is("new"), _is("year", "years"), _is("'s", "s", maybe=True), _is("eve", "day")],
        [_is("valentine"), _is("'s"), _is("day", maybe=True)],
        [_is("labor", "memorial", "independence"), _is("day")],
    ],
    "ordinal": [[_DAY, _SUFFIX]],
    "ahead": [
        [_is("in"), {"LOWER": {"IN": sorted(NUMBERS)}}, _is("of", maybe=True), _is(*UNITS)],
        [_is("in"), _is("a"), _is("couple", "few"), _is("of", maybe=True), _is(*UNITS)],
        [_is("in"), {"TEXT": {"REGEX": r"^\d{1,3}$"}}, _is(*UNITS)],
        [{"TEXT": {"REGEX": r"^\d{1,3}$"}}, _is(*UNITS), _is("from"), _is("now", "today")],
        [_is(*NUMBERS), _is(*UNITS), _is("from"), _is("now", "today")],
    ],
}
