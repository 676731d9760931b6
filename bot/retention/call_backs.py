"""Call-backs: a number that can be called, and a time at which somebody will."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.retention.desk_hours import DeskHours, Shift

# A number in international form has 8 to 15 digits, its country code included (ITU-T E.164).
_FEWEST_DIGITS, _MOST_DIGITS = 8, 15
_DIALLED = re.compile(r"(?P<plus>\+|00)?[\d\s().\-/]+")
# Country codes, with what a national number begins with at home.
_COUNTRIES = {
    "US": ("1", ""), "CA": ("1", ""), "GB": ("44", "0"), "IE": ("353", "0"), "DE": ("49", "0"),
    "FR": ("33", "0"), "ES": ("34", ""), "IT": ("39", ""), "NL": ("31", "0"), "BE": ("32", "0"),
    "AT": ("43", "0"), "PT": ("351", ""), "PL": ("48", ""), "AU": ("61", "0"), "NZ": ("64", "0"),
}  # fmt: skip
# Numbers that charge whoever calls them: a call-back must not be a way to earn money from us.
_CHARGING = re.compile(
    r"\+(?:1900|1976|449|4487|49900|49137|338[129]|348\d|43900|3906|39(?:89|1[46])|3190|32"
    r"(?:90|70)|353(?:15|1[56])|611?90)\d*"
)
_NORTH_AMERICA = re.compile(r"\+1[2-9]\d\d[2-9]\d{6}")

# How long before its beginning a time can still be chosen, and how it is cut.
LEAD = timedelta(hours=1)
LENGTH = timedelta(hours=2)
SHORTEST = timedelta(hours=1)
AHEAD = timedelta(days=10)
CHOICES = 4


@dataclass(frozen=True)
class CallBack:
    """Call this number (E.164) between these instants."""

    phone: str
    window: Shift


def read_phone(text: str, jurisdiction: str | None) -> str | None:
    """Return a number in international form, or None when it is none that can be called.

    A number without a country code is read as one of the account's country, where that is known.
    """
    match = _DIALLED.fullmatch(text.strip())
    if match is None:
        return None
    digits = re.sub(r"\D", "", text)
    if match["plus"]:
        number: str | None = f"+{digits.removeprefix('00')}"
    else:
        number = _at_home(digits, (jurisdiction or "").split("-")[0])
    return number if number and _can_be_called(number) else None


def call_windows(hours: DeskHours, now: datetime) -> Iterator[Shift]:
    """Yield the times that can be chosen: a few, soonest first, none shorter than an hour."""
    found = 0
    for shift in hours.call_times(now, AHEAD):
        begins = shift.begins
        while begins < shift.ends and found < CHOICES:
            ends = min(begins + LENGTH, shift.ends)
            if begins >= now + LEAD and ends - begins >= SHORTEST:
                found += 1
                yield Shift(begins, ends)
            begins = ends


def window_id(window: Shift) -> str:
    """Name a window so that it can be read again: both ends in UTC."""
    return f"call:{window.begins:%Y-%m-%dT%H:%MZ}/{window.ends:%Y-%m-%dT%H:%MZ}"


def chosen_window(option: str, hours: DeskHours, now: datetime) -> Shift | None:
    """Return the window with this id if it can be chosen now: an old button promises nothing."""
    return next((w for w in call_windows(hours, now) if window_id(w) == option), None)


def _at_home(digits: str, country: str) -> str | None:
    if country not in _COUNTRIES:
        return None
    code, trunk = _COUNTRIES[country]
    if code == "1" and len(digits) == 11 and digits.startswith("1"):
        return f"+{digits}"
    if not digits.startswith(trunk):
        return None
    return f"+{code}{digits[len(trunk) :]}"


def _can_be_called(number: str) -> bool:
    digits = number[1:]
    if not _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS or digits.startswith("0"):
        return False
    if _CHARGING.fullmatch(number):
        return False
    return not digits.startswith("1") or bool(_NORTH_AMERICA.fullmatch(number))
