"""Money: exact, in minor units, never across currencies."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.money import Money

minors = st.integers(0, 10**9)
percents = st.integers(0, 100)


@given(minor=minors, percent=percents)
def test_a_discount_never_raises_the_price_or_goes_below_zero(minor, percent):
    assert 0 <= Money(minor).less_percent(percent).minor <= minor


@given(minor=minors, percent=percents)
def test_what_is_taken_off_and_what_is_left_make_the_price(minor, percent):
    price = Money(minor)
    assert price.less_percent(percent) + price.percent(percent) == price


@given(minor=minors, percent=percents)
def test_a_share_is_within_half_a_cent_of_the_exact_one(minor, percent):
    assert abs(Money(minor).percent(percent).minor * 100 - minor * percent) <= 50


@given(minor=minors, percents=st.tuples(percents, percents))
def test_a_larger_discount_never_costs_more(minor, percents):
    smaller, larger = sorted(percents)
    assert Money(minor).less_percent(larger) <= Money(minor).less_percent(smaller)


@pytest.mark.parametrize(
    ("minor", "percent", "left"),
    [(8900, 20, 7120), (5, 10, 4), (4, 10, 4), (1999, 0, 1999), (1999, 100, 0), (0, 50, 0)],
)
def test_a_reduction_is_rounded_half_up(minor, percent, left):
    assert Money(minor).less_percent(percent) == Money(left)


@pytest.mark.parametrize("percent", [-1, 101])
def test_a_percentage_outside_its_range_is_refused(percent):
    with pytest.raises(ValueError, match="must be within"):
        Money(100).less_percent(percent)


def test_a_bonus_may_be_more_than_the_whole():
    assert Money(7900).percent(150) == Money(11850)


def test_currencies_do_not_mix():
    with pytest.raises(ValueError, match="USD with EUR"):
        Money(1) + Money(1, "EUR")
    with pytest.raises(ValueError, match="EUR with USD"):
        Money(1, "EUR") - Money(1)


@pytest.mark.parametrize(
    ("money", "words"),
    [
        (Money(5900), "$59.00"),
        (Money(5), "$0.05"),
        (Money(89000_00), "$89,000.00"),
        (Money(-350, "EUR"), "-€3.50"),
        (Money(1200, "CHF"), "12.00 CHF"),
        (Money(0, "GBP"), "£0.00"),
    ],
)
def test_an_amount_reads_as_customers_write_it(money, words):
    assert str(money) == words
