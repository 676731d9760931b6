"""Amounts of money in minor units: "$20", "20 bucks" and "twenty dollars" are 2000."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.understanding.durations import NUMBERS

_WORDS = "|".join(
    sorted((word for word in NUMBERS if NUMBERS[word] > 1 and word != "few"), key=len, reverse=True)
)
_FIGURE = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_NAMES = (
    r"(?:us\s?)?dollars?|bucks?|usd|euros?|eur|pounds?|quid|gbp|rupees?|rs|inr|francs?|chf|kroner"
    r"|kronor|z[lł]oty|aud|cad|nzd"
)
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_BELOW = rf"(?:{_TENS})[ -](?:{_ONES})|{_WORDS}"
_HUNDRED = (
    rf"(?:a|{_ONES}|ten|twelve|twenty)\ thousand"
    rf"|(?:a|{_ONES})\ hundred(?:(?:\ and)?\ (?:{_BELOW}))?"
)
_SPOKEN = rf"{_HUNDRED}|{_BELOW}"

_MONEY = re.compile(
    rf"""
    [$€£]\s?(?P<thousands>\d{{1,2}}(?:\.\d)?)k\b
    | (?:us)?[$€£]\s?(?P<signed>{_FIGURE})(?![\d%])
    | (?<![\w])(?:us\s?d|usd|eur|gbp|rs\.?|₹|inr|chf|aud|cad|nzd)\s?(?P<coded>{_FIGURE})(?![\d%])
    | (?<![\w.,$€£/-])(?P<named>{_FIGURE})\s?(?:[$€£]|(?:{_NAMES})\b)
    | \b(?P<spoken>{_SPOKEN})\s(?:{_NAMES})\b
    | \b(?P<said>{_HUNDRED}|(?:{_TENS})(?:[ -](?:{_ONES}))?)
        (?=\s(?:a|per|each|every)\s(?:month|week|box|year|delivery|go|pop)\b)
    | \b(?:an?\s|another\s|the\s)?(?P<note>tenner|fiver)\b
    | (?<![\w.,$€£/-])(?P<cents>\d{{1,2}})\s?(?:cents?|p|pence)\b
    | (?<![\w.,$€£/:-])(?P<exact>\d{{1,4}}\.\d{{2}})(?![\w%/:-]|\.\d|\s?%|,\d|\spercent)
    | (?<![\w.,$€£/#:-])(?P<rated>\d{{1,4}})(?=\s?(?:/\s?|(?:a|per|each|every)\s)(?:month|mo|mth
        |year|yr|week|wk|box|delivery|meal)\b|\smonthly\b)
    | (?:\b(?:paid|pays?|paying|charged?|charging|costs?|price\sof|price\sis|took|takes?|taken
        |refund|refunded|billed|lost)\s(?:me\s|us\s|you\s|about\s|almost\s|over\s|only\s|just\s
        |nearly\s|another\s|out\s|back\s|like\s){{0,2}}
        |\b(?:it|that|this|one|plan|box|boxes|membership|subscription)\sfor\s(?:only\s|just\s)?
        |\b(?:solo|duo|family|light)\s(?:for|at)\s(?:only\s|just\s)?
        )(?P<priced>\d{{2,4}}(?:[.,]\d{{2}})?)(?![.,]?\d)
        (?=\s?(?:$|[.,!?;)]|(?:for|from|on|and|again|twice|instead|last|this|in|at|when|to|but|so
        |yesterday|today|now|already|because|off|out|like|as|works|sounds|is|was|then|please|pls
        |deal|a|per|each|every|via|through|with|by|again|since|before|after|ok|okay|or)\b))
    """,
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True)
class Amount:
    """`text[start:end]` names `minor` cents, pence or the like."""

    start: int
    end: int
    minor: int


def amounts(text: str) -> list[Amount]:
    """Return the amounts of money in a text, in order."""
    return [_amount(match) for match in _MONEY.finditer(text)]


def _amount(match: re.Match[str]) -> Amount:
    kind = str(match.lastgroup)
    start, end = match.span()
    if kind == "priced":
        start, end = match.span(kind)
    said = match[kind].lower()
    if kind in ("spoken", "said"):
        return Amount(start, end, 100 * _spoken(said))
    if kind == "thousands":
        return Amount(start, end, round(float(said) * 100_000))
    if kind == "note":
        return Amount(start, end, _NOTES[said])
    if kind == "cents":
        return Amount(start, end, int(said))
    return Amount(start, end, _minor(said))


def _minor(figure: str) -> int:
    """Return cents; a comma before one or two last digits is a decimal one ("9,99")."""
    if re.fullmatch(r"\d+,\d{1,2}", figure):
        figure = figure.replace(",", ".")
    whole, _, part = figure.replace(",", "").partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0") or 0)


_NOTES = {"tenner": 1000, "fiver": 500}


def _spoken(words: str) -> int:
    if words.endswith("thousand"):
        return 1000 * NUMBERS[words.split()[0]]
    hundreds, _, rest = words.rpartition("hundred")
    ones = sum(NUMBERS[word] for word in re.split(r"[ -]", rest) if word in NUMBERS)
    return 100 * NUMBERS[hundreds.strip()] + ones if hundreds else ones
