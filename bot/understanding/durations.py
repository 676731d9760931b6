"""Lengths of time as ISO 8601 durations: "a couple of months" is P2M, "6 weeks" is P6W."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.understanding.wordlists import word_set

NUMBERS: dict[str, int] = {
    "a": 1, "an": 1, "one": 1, "another": 1, "two": 2, "couple": 2, "coupla": 2, "three": 3,
    "few": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40,
    "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100,
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
_FILLER = {
    "LOWER": {"IN": ["full", "whole", "more", "or", "so", "of", "good", "extra", "solid", "further",
                     "calendar", "odd", "ish", "entire", "straight"]},
    "OP": "*",
}  # fmt: skip
_TENS = {"LOWER": {"IN": ["twenty", "thirty", "forty", "fifty", "sixty"]}}
_ONES = {"LOWER": {"IN": ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]}}
_HYPHEN = {"LOWER": "-", "OP": "?"}
# "A month's pause", "the two weeks' break": what lasts so long.
_LASTS = {
    "LOWER": {"IN": ["pause", "break", "freeze", "hold", "rest", "gap", "notice", "extension",
                     "breather", "holiday", "trial", "leave", "grace", "respite", "pausing",
                     "suspension", "delay", "wait"]}
}  # fmt: skip
_A_HALF = [{"LOWER": "and"}, {"LOWER": "a"}, {"LOWER": "half"}]

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
    [{"LOWER": {"IN": ["a", "one"]}, "OP": "?"}, _UNIT, *_A_HALF],
    [{"LOWER": {"IN": ["one", "1"]}}, *_A_HALF, _UNIT],
    [{"LOWER": {"IN": ["a", "the", "one"]}, "OP": "?"}, {"LOWER": {"IN": ["fortnight"]}}],
    [{"LOWER": {"IN": ["two", "2", "couple"]}}, {"LOWER": "of", "OP": "?"},
     {"LOWER": "fortnights"}],
    [_TENS, _HYPHEN, _ONES, _HYPHEN, _UNIT],
    [{"LOWER": {"IN": ["couple", "few"]}}, _UNIT],
    [{"LOWER": {"IN": ["a", "one", "1"]}}, {"LOWER": "quarter"}, {"LOWER": "of"}, {"LOWER": "a"},
     {"LOWER": "year"}],
    [{"LOWER": {"IN": ["week", "month", "year"]}}, {"LOWER": {"IN": ["'s", "s", "-"]}, "OP": "?"},
     _LASTS],
]  # fmt: skip
_HALF_MORE = {"W": "P10D", "M": "P6W", "Y": "P18M"}


def duration_value(words: Sequence[str]) -> str | None:
    """Return the ISO 8601 duration that matched lower-case words mean; of a range, the shorter."""
    if words[-1].startswith("fortnight"):
        return "P4W" if words[-1].endswith("s") else "P2W"
    if words[0] == "half":
        return "P6M"
    if "quarter" in words:
        return "P3M"
    unit = next(UNITS[word] for word in words if word in UNITS)
    if "half" in words:
        return _HALF_MORE.get(unit)
    count = next((int(word) for word in words if word.isdigit()), None)
    return f"P{_count(words) if count is None else count}{unit}" if count != 0 else None


def _count(words: Sequence[str]) -> int:
    """Return the number said in words: "thirty six" is one, of "two or three" the first counts."""
    said = [NUMBERS[word] for word in words if word in NUMBERS]
    if len(said) == 2 and said[0] in range(20, 100, 10) and said[1] < 10 and "or" not in words:
        return sum(said)
    return next((number for number in said if number > 1), said[0] if said else 1)


_EVERY = re.compile(
    r"\b(?:every|each|once (?:a|every|per|in)|(?:one|an?) (?:box|delivery|order|parcel)?\s?(?:a|per"
    r"|every|each|in)|one (?:\w+ )?(?:a|per))\s+(?:(?P<count>\d{1,2}|two|three|four|five|six|seven"
    r"|eight|ten|other|alternate|second|2nd|third|3rd|fourth|4th|(?:a )?couple of|(?:a )?few)\s*)?"
    r"(?P<unit>days|weeks?|wks?|months?|mths?|fortnight)\b"
    r"|\b(?P<name>fortnightly|bi-?weekly|alternate weeks|(?:one )?week on,? (?:one )?week off"
    r"|twice monthly|monthly|weekly|quarterly|twice (?:a|per|every|each) month"
    r"|(?:two|2) (?:box(?:es)?|deliveries|times) (?:a|per|every|each) month)\b",
    re.IGNORECASE,
)
_NAMED_RHYTHMS = {"monthly": "P1M", "weekly": "P1W", "quarterly": "P3M"}
_COUNTS = {
    "other": 2, "alternate": 2, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4,
    "couple of": 2,
}  # fmt: skip


def rhythm(message: str) -> tuple[int, int, str] | None:
    """Return place and ISO 8601 interval of "every other week", "monthly" and the like, or None."""
    match = _EVERY.search(message)
    if match is None:
        return None
    if match["name"]:
        return (*match.span(), _NAMED_RHYTHMS.get(match["name"].lower(), "P2W"))
    said = (match["count"] or "one").lower().removeprefix("a ")
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
_PAST_BEFORE = word_set("last past previous")
_NO_LENGTH_AFTER = word_set("first every other per through")
_AGE_AFTER = word_set(
    "old ago pregnant late overdue earlier early after back later before since in"
)
_HAS_LASTED = ("and", "i", "we", "for", "now")
# Nobody is away so long: "married forty years", "a customer for six".
_LONGEST_YEARS = 2
_PERFECT = re.compile(
    r"\b(?:have|has|had|haven't|hasn't|havent|hasnt|been|'ve|ive|waited|waiting|was|were|after|took"
    r"|bought|ordered|used|broke|broken|died|(?<!be )stopped|fell|paid|taught|worked|lived|came"
    r"|since|spent|lasted|went|cooked)\b"
    r"(?:\s+[\w']+){0,6}\s+(?:for|in|after|over|about|nearly|almost|only|of)?\s*(?:about|nearly|almost|over|only|the|like)?\s*$"
)
_WISH = re.compile(
    r"\b(?:pause|hold|break|freeze|suspend|skip|stop|hold off|time off|away|need|until|snooze)\b"
)


def means_how_long(before: str, words: Sequence[str], after: Sequence[str]) -> bool:
    """Tell a length of time from a rate ("9.99 a month"), an age and a day ("2 months ago").

    `before` is the lower-case text up to the match, `after` the lower-case words that follow it.
    """
    previous = _word_before(before)
    if previous in _NO_LENGTH_AFTER or (after and after[0] in _AGE_AFTER):
        return False
    if words[0] in ("a", "an") and (_is_rate(previous, words) or _CHEAPER.search(before)):
        return False
    # "We'll be back one day"
    return list(words) != ["one", "day"] or previous in _LASTING


def has_passed(before: str, words: Sequence[str], after: Sequence[str]) -> bool:
    """Tell what has lasted so long ("haven't cooked in six weeks") from a time to come.

    Takes what `means_how_long` takes.
    """
    if _word_before(before) in _PAST_BEFORE or _is_long_past(before, words, after):
        return True
    past = _PERFECT.search(f"{before} ")
    return bool(past and not _WISH.search(past.group()))


def _word_before(before: str) -> str:
    words = before.split()
    return words[-1].lstrip("'\"(") if words else ""


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
