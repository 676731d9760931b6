"""Signed links that switch check-ins off for one account, in one click."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import tzinfo
from zoneinfo import ZoneInfo

_PURPOSE = b"check-ins off:"

# Where one clock holds; of the countries with several, only states that have one.
ZONES: dict[str, tzinfo] = {
    key: ZoneInfo(name)
    for key, name in {
        "DE": "Europe/Berlin", "FR": "Europe/Paris", "GB": "Europe/London", "IT": "Europe/Rome",
        "NL": "Europe/Amsterdam", "AT": "Europe/Vienna", "IE": "Europe/Dublin",
        "US-CA": "America/Los_Angeles", "US-CO": "America/Denver", "US-MA": "America/New_York",
        "US-MN": "America/Chicago", "US-NY": "America/New_York",
    }.items()
}  # fmt: skip


class SignedOffLinks:
    """Fits the port `OffLinks`; `site` is where customers reach the gateway."""

    def __init__(self, key: str, site: str) -> None:
        self._key, self._site = key.encode(), site.rstrip("/")

    def link(self, account: str) -> str:
        named = base64.urlsafe_b64encode(account.encode()).decode().rstrip("=")
        return f"{self._site}/check-ins/off/{named}.{self._signed(account)}"

    def account(self, token: str) -> str | None:
        named, _, signature = token.partition(".")
        try:
            account = base64.urlsafe_b64decode(named + "=" * (-len(named) % 4)).decode()
        except (binascii.Error, ValueError):
            return None
        fits = signature.isascii() and hmac.compare_digest(signature, self._signed(account))
        return account if fits else None

    def _signed(self, account: str) -> str:
        return hmac.new(self._key, _PURPOSE + account.encode(), hashlib.sha256).hexdigest()
