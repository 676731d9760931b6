"""Amounts, percentages and days are read out of words in every form people write them in."""

from __future__ import annotations

from datetime import date

import pytest

from bot.money import Money
from bot.retention.stated_figures import (
    has_figures,
    stated_amounts,
    stated_days,
    stated_percents,
)

AMOUNTS = [
    ("It costs $59.00 a month.", [Money(5900)]),
    ("It costs $59, or $1,234.50 a year.", [Money(5900), Money(123450)]),
    ("Zahle 59,90 € oder 1.234,50 €.", [Money(5990, "EUR"), Money(123450, "EUR")]),
    ("59 dollars, 7.5 EUR, £3", [Money(5900), Money(750, "EUR"), Money(300, "GBP")]),
    ("12.00 CHF a month", [Money(1200, "CHF")]),
    ("Last charge: $89.00.", [Money(8900)]),
    ("You asked on 10 March 2026, 09:30 UTC, box 12, O-5002.", []),
    ("We have 30 DAYS and 14 days.", []),
]
PERCENTS = [
    ("20 % off", [20.0]),
    ("20% or 12.5 per cent, 3 percent", [20.0, 12.5, 3.0]),
    ("20 boxes", []),
]
DAYS = [
    ("until 5 December 2026.", date(2026, 12, 5)),
    ("until December 5th, 2026", date(2026, 12, 5)),
    ("until 5th Dec", date(2026, 12, 5)),
    ("until 2026-12-05", date(2026, 12, 5)),
    ("until 5.12.2026", date(2026, 12, 5)),
    ("until 12/5/2026", date(2026, 12, 5)),
    ("from 1 Sept 2026", date(2026, 9, 1)),
    ("from May 3", date(2026, 5, 3)),
]
NO_DAYS = ["5 may be enough", "in 3 days", "version 1.2.3", "a 3/4 cup", "March on", "", "Mayor 3"]


@pytest.mark.parametrize(("text", "found"), AMOUNTS)
def test_amounts(text: str, found: list[Money]) -> None:
    assert [amount.money for amount in stated_amounts(text)] == found


@pytest.mark.parametrize(("text", "found"), PERCENTS)
def test_percents(text: str, found: list[float]) -> None:
    assert list(stated_percents(text)) == found


@pytest.mark.parametrize(("text", "day"), DAYS)
def test_days(text: str, day: date) -> None:
    [readings] = stated_days(text)
    assert any(reading.is_on(day) for reading in readings)
    assert not any(reading.is_on(day.replace(day=day.day + 1)) for reading in readings)


@pytest.mark.parametrize("text", NO_DAYS)
def test_what_is_no_day(text: str) -> None:
    assert list(stated_days(text)) == []


def test_a_saving_is_told_from_a_price() -> None:
    found = list(stated_amounts("That saves you $30.00 a month. You pay $59.00. You save $30."))
    assert [amount.is_saving for amount in found] == [True, False, True]


def test_a_day_no_calendar_has_is_still_a_day() -> None:
    [[day]] = stated_days("31 February 2026")
    assert day.full is None


def test_words_without_figures_are_told_at_once() -> None:
    assert not has_figures("Okay, nothing has changed. Box 12 is on its way.")
    assert has_figures("20 % off")


@pytest.mark.parametrize("text", ["$", "%", "1" * 3000, "€ € €", "1." * 2000, "5 " * 2000])
def test_anything_can_be_read(text: str) -> None:
    assert (list(stated_amounts(text)), list(stated_days(text))) == ([], [])
