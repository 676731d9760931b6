"""Lengths of time as ISO 8601 durations: "a couple of months" is P2M, "6 weeks" is P6W."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.understanding.wordlists import word_set

NUMBERS: dict[str, int] = {
    "a": 1, "an": 1, "one": 1, "another": 1, "two": 2, "couple": 2, "coupla": 2, "three": 3,
    "few": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "fourteen": 14, "fifteen": 15, "sixteen": 16, "eighteen": 18,
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90,
    "hundred": 100,
}  # fmt: skip
UNITS: dict[str, str] = {
    **dict.fromkeys(("day", "days"), "D"),
    **dict.fromkeys(("week", "weeks", "wk", "wks", "weeek", "weeks'"), "W"),
    **dict.fromkeys(("month", "months", "mo", "mos", "mth", "mths", "mnth", "mnths", "monts",
                     "moths", "montsh", "monht", "monhts"), "M"),
    **dict.fromkeys(("year", "years", "yr", "yrs"), "Y"),
}  # fmt: skip

_NUMBER = {"LOWER": {"IN": sorted(NUMBERS)}}
_DIGITS = {"TEXT": {"REGEX": r"^\d{1,3}$"}}
_UNIT = {"LOWER": {"IN": sorted(UNITS)}}
_FILLER = {"LOWER": {"IN": ["full", "whole", "more", "or", "so", "of", "good", "extra"]}, "OP": "*"}

# Token patterns in the form of spaCy's Matcher.
PATTERNS: list[list[dict[str, Any]]] = [
    [_DIGITS, _FILLER, _UNIT],
    [_DIGITS, {"LOWER": "-"}, _UNIT],
    [_NUMBER, _FILLER, _UNIT],
    [_NUMBER, {"LOWER": "-"}, _UNIT],
    [{"LOWER": "a"}, {"LOWER": {"IN": ["couple", "few"]}}, _FILLER, _UNIT],
    [_DIGITS, {"LOWER": {"IN": ["-", "to", "or", "–"]}}, _DIGITS, _UNIT],
    [_NUMBER, {"LOWER": {"IN": ["-", "to", "or"]}}, _NUMBER, _UNIT],
    [{"LOWER": "half"}, {"LOWER": "a"}, {"LOWER": "year"}],
    [{"LOWER": {"IN": ["a", "one"]}}, _UNIT, {"LOWER": "and"}, {"LOWER": "a"}, {"LOWER": "half"}],
    [{"LOWER": {"IN": ["a", "the", "one"]}, "OP": "?"}, {"LOWER": {"IN": ["fortnight"]}}],
]
_HALF_MORE = {"W": "P10D", "M": "P6W", "Y": "P18M"}


def duration_value(words: Sequence[str]) -> str | None:
    """Return the ISO 8601 duration that matched lower-case words mean; of a range, the shorter."""
    if "fortnight" in words:
        return "P2W"
    if words[0] == "half":
        return "P6M"
    unit = next(UNITS[word] for word in words if word in UNITS)
    if words[-1] == "half":
        return _HALF_MORE.get(unit)
    count = next((int(word) for word in words if word.isdigit()), None)
    if count is None:
        said = [NUMBERS[word] for word in words if word in NUMBERS]
        count = next((number for number in said if number > 1), said[0])
    return f"P{count}{unit}" if count else None


_EVERY = re.compile(
    r"\b(?:every|each|once (?:a|every|per)|one (?:\w+ )?(?:a|per))\s+(?:(?P<count>\d|two|three|four"
    r"|five|six|eight|other|second|third|fourth|couple of|few)\s+)?(?P<unit>weeks?|months?"
    r"|fortnight)\b"
    r"|\b(?P<name>fortnightly|bi-?weekly|monthly|weekly|twice (?:a|per) month)\b",
    re.IGNORECASE,
)
_NAMED_RHYTHMS = {"monthly": "P1M", "weekly": "P1W"}
_COUNTS = {"other": 2, "second": 2, "third": 3, "fourth": 4, "couple of": 2}


def rhythm(message: str) -> tuple[int, int, str] | None:
    """Return place and ISO 8601 interval of "every other week", "monthly" and the like, or None."""
    match = _EVERY.search(message)
    if match is None:
        return None
    if match["name"]:
        return (*match.span(), _NAMED_RHYTHMS.get(match["name"].lower(), "P2W"))
    said = (match["count"] or "one").lower()
    count = int(said) if said.isdigit() else _COUNTS.get(said) or NUMBERS[said]
    unit = match["unit"].lower()
    if unit == "fortnight":
        return (*match.span(), f"P{2 * count}W")
    return (*match.span(), f"P{count}{UNITS[unit]}")


_RATE_BEFORE = word_set(
    "once twice times time much many each cost costs dollars bucks quid usd euro euros pounds % "
    "percent $ € £ cents per / thing any call some other quite such what every"
)
_NOT_A_PLURAL = word_set(
    "pls plus this is was its it's perhaps us as yes has thats its less makes takes maybe boxes' "
    "always afterwards does lasts means ours yours"
)
_LASTING = word_set("for only just than within")
_PAST_BEFORE = word_set("last past previous first since")
_AGE_AFTER = word_set(
    "old ago pregnant late overdue earlier early after back later before since in"
)
_HAS_LASTED = ("and", "i", "we", "for", "now")
# Nobody is away so long: "married forty years", "a customer for six".
_LONGEST_YEARS = 2
_PERFECT = re.compile(
    r"\b(?:have|has|had|haven't|hasn't|havent|hasnt|been|'ve|ive|waited|waiting|was|were|after|took"
    r"|bought|ordered|used|broke|broken|died|(?<!be )stopped|fell|paid|taught|worked|lived|came)\b"
    r"(?:\s+[\w']+){0,6}\s+(?:for|in|after|over|about|nearly|almost|only|of)?\s*(?:about|nearly|almost|over|only|the|like)?\s*$"
)
_WISH = re.compile(
    r"\b(?:pause|hold|break|freeze|suspend|skip|stop|hold off|time off|away|need|until|snooze)\b"
)


def means_how_long(before: str, words: Sequence[str], after: Sequence[str]) -> bool:
    """Tell a length of time to come from a rate ("9.99 a month"), an age and a past.

    `before` is the lower-case text up to the match, `after` the lower-case words that follow it.
    """
    previous = before.split()[-1] if before.split() else ""
    previous = previous.lstrip("'\"(")
    if after and after[0] in _AGE_AFTER:
        return False
    if previous in _PAST_BEFORE or previous in {"every", "other", "per"}:
        return False
    if words[0] in ("a", "an") and (_is_rate(previous, words) or _CHEAPER.search(before)):
        return False
    if _is_long_past(before, words, after):
        return False
    if list(words) == ["one", "day"] and previous not in _LASTING:
        return False  # "we'll be back one day"
    past = _PERFECT.search(f"{before} ")
    return not (past and not _WISH.search(past.group()))


_CHEAPER = re.compile(r"\d\s?(?:off|less|more|extra|cheaper)\s*$")


def _is_long_past(before: str, words: Sequence[str], after: Sequence[str]) -> bool:
    """Tell "three weeks and still nothing" and "husband of forty years" from a time to come."""
    value = duration_value(words) or ""
    if value.endswith("Y") and int(value[1:-1]) > _LONGEST_YEARS:
        return True
    opens = not before.strip() or before.rstrip()[-1] in ".!?"
    return opens and bool(after) and after[0] in _HAS_LASTED


def _is_rate(previous: str, words: Sequence[str]) -> bool:
    if previous in _RATE_BEFORE or previous[-1:].isdigit() or previous[-1:] in "$€£%/":
        return bool(previous)
    if words[1:2] == ["day"]:
        return previous not in ("for", "by", "of", "within", "maybe")
    plural = previous.endswith("s") and previous.isalpha() and previous not in _NOT_A_PLURAL
    return plural or previous in ("box", "delivery", "meal", "price", "money")
