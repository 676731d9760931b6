"""Figures as they stand in words: the amounts, percentages and days that a text states."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.money import Money

_CURRENCIES = {
    "$": "USD",
    "usd": "USD",
    "dollar": "USD",
    "dollars": "USD",
    "€": "EUR",
    "eur": "EUR",
    "euro": "EUR",
    "euros": "EUR",
    "£": "GBP",
    "gbp": "GBP",
    "pound": "GBP",
    "pounds": "GBP",
}
_NUMBER = r"\d+(?:[.,]\d{3})*(?:[.,]\d{1,2})?(?!\d)"
_AMOUNT = re.compile(
    rf"(?P<symbol>[$€£])\s?(?P<after>{_NUMBER})"
    rf"|(?<![\d.,:])(?P<before>{_NUMBER})\s?"
    r"(?P<unit>[$€£]|(?:USD|EUR|GBP|[Dd]ollars?|[Ee]uros?|[Pp]ounds?)\b)"
    # A currency without a sign of its own is written with its cents, so that no other word of
    # three capitals ("30 UTC") is taken for one.
    r"|(?<![\d.,:])(?P<exact>\d[\d,]*\.\d\d) (?P<code>[A-Z]{3})\b"
)
_SAVING = re.compile(r"\bsav(?:es?|ed|ing|ings)\b\W+(?:[a-z]+\W+){0,3}?$", re.IGNORECASE)
_PERCENT = re.compile(r"(?<![\d.,])(\d+(?:[.,]\d+)?)\s?(?:%|per ?cent\b)", re.IGNORECASE)
_MONTHS = tuple(calendar.month_name)[1:]
# The short form must begin like the long one; "may" needs its capital, or it is a verb.
_MONTH = "|".join(rf"{name[:3]}(?:{name[3:]})?" for name in _MONTHS) + "|Sept"
_DAY = re.compile(
    rf"\b(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m1>{_MONTH})\b\.?,?(?: (?P<y1>\d{{4}})\b)?"
    rf"|\b(?P<m2>{_MONTH})\b\.? (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:),?(?: (?P<y2>\d{{4}})\b)?"
    r"|\b(?P<y3>\d{4})-(?P<m3>\d{2})-(?P<d3>\d{2})\b"
    r"|(?<![\d./])(?P<a>\d{1,2})[./](?P<b>\d{1,2})[./](?P<y4>\d{4}|\d{2})(?!\d)"
)


@dataclass(frozen=True)
class Amount:
    """Money that a text names; `is_saving` when it says that this much is saved."""

    money: Money
    is_saving: bool


@dataclass(frozen=True)
class Day:
    """A day that a text names; `year` None where it was left out."""

    month: int
    day: int
    year: int | None

    @property
    def full(self) -> date | None:
        """The full date; None without a year, or for one no calendar has."""
        try:
            return date(self.year, self.month, self.day) if self.year else None
        except ValueError:
            return None

    def is_on(self, known: date) -> bool:
        same_year = self.year is None or self.year == known.year
        return same_year and (self.month, self.day) == (known.month, known.day)


def stated_amounts(text: str) -> Iterator[Amount]:
    """Yield every amount with a currency; one in a unit nobody knows (12 CHF) by its code."""
    for match in _AMOUNT.finditer(text):
        unit = match["symbol"] or match["unit"] or match["code"]
        minor = _minor(match["after"] or match["before"] or match["exact"])
        money = Money(minor, _CURRENCIES.get(unit.lower(), unit.upper()))
        yield Amount(money, bool(_SAVING.search(text[max(0, match.start() - 40) : match.start()])))


def stated_percents(text: str) -> Iterator[float]:
    for match in _PERCENT.finditer(text):
        yield float(match[1].replace(",", "."))


def stated_days(text: str) -> Iterator[tuple[Day, ...]]:
    """Yield every day, each as the ways it can be read: 4/5/2026 is 4 May or 5 April."""
    for match in _DAY.finditer(text):
        if match["a"]:
            one, other, year = int(match["a"]), int(match["b"]), int(match["y4"])
            year += 2000 if year < 100 else 0
            yield Day(other, one, year), Day(one, other, year)
        elif match["y3"]:
            yield (Day(int(match["m3"]), int(match["d3"]), int(match["y3"])),)
        else:
            month, day = match["m1"] or match["m2"], match["d1"] or match["d2"]
            year_words = match["y1"] or match["y2"]
            number = next(n for n, name in enumerate(_MONTHS, 1) if name[:3] == month[:3])
            yield (Day(number, int(day), int(year_words) if year_words else None),)


def has_figures(text: str) -> bool:
    """Say whether a text names any amount, percentage or day."""
    return bool(_AMOUNT.search(text) or _PERCENT.search(text) or _DAY.search(text))


def _minor(number: str) -> int:
    """Read 59, 59.00, 59,00, 1,234.50 and 1.234,50 as cents."""
    whole, part = number, ""
    if len(number) > 2 and number[-3] in ".,":
        whole, part = number[:-3], number[-2:]
    elif len(number) > 1 and number[-2] in ".,":
        whole, part = number[:-2], number[-1] + "0"
    return int(re.sub(r"[.,]", "", whole)) * 100 + int(part or 0)
