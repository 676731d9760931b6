"""Numbers that can be called, and those that must not be."""

from __future__ import annotations

import pytest

from bot.retention.call_backs import read_phone


@pytest.mark.parametrize(
    ("typed", "place", "number"),
    [
        ("+1 212 555 0123", None, "+12125550123"),
        ("+1 (212) 555-0123", "DE", "+12125550123"),
        ("0049 30 901820", None, "+4930901820"),
        ("212 555 0123", "US-NY", "+12125550123"),
        ("1 212 555 0123", "US", "+12125550123"),
        ("030 901820", "DE", "+4930901820"),
        ("020 7946 0123", "GB", "+442079460123"),
        ("+33 1 99 00 12 34", None, "+33199001234"),
        ("212 555 0123", None, None),  # whose number is it?
        ("901820", "DE", None),  # without the 0 nobody knows
        ("212 555 012", "US", None),
        ("+1 112 555 0123", None, None),  # no such area
        ("+0 30 901820", None, None),
        ("911", "US", None),
        ("+1 900 555 0123", None, None),
        ("0900 1 123456", "DE", None),
        ("09 8712 345678", "GB", None),
        ("+1234567890123456", None, None),
        ("call me", "US", None),
        ("+1 212 555 0123\nBcc: x@y.example", "US", None),
        ("", "US", None),
    ],
)
def test_a_number_is_read_in_its_international_form_or_not_at_all(typed, place, number):
    assert read_phone(typed, place) == number
