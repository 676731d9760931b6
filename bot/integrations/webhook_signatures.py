"""Signatures of webhooks, ours and those sent to us: HMAC-SHA256 over the time and the body."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from bot.errors import IdentityRefused

HEADER = "Desk-Signature"
# What is older may have been recorded by somebody, and played again.
TOLERANCE = timedelta(minutes=5)
LEAST_SECRET = 32


def sign(body: bytes, secret: str, *, now: datetime) -> str:
    """Return the header's value: `t=<seconds since 1970>,v1=<hex>`."""
    at = int(now.timestamp())
    return f"t={at},v1={_signed(body, secret, at)}"


def check(header: str, body: bytes, secret: str, *, now: datetime) -> None:
    """Let through what was signed with `secret`, lately.

    Raises:
        IdentityRefused: another secret, another body, or a time more than five minutes away.
    """
    named = dict(part.strip().partition("=")[::2] for part in header.split(","))
    at = named.get("t", "")
    if not (at.isascii() and at.isdecimal()) or len(at) > 12:
        raise IdentityRefused(f"There is no {HEADER} with a time.")
    if abs(now.timestamp() - int(at)) > TOLERANCE.total_seconds():
        raise IdentityRefused("It was signed at another time. Check the clock.")
    given = named.get("v1", "")
    if not given.isascii() or not hmac.compare_digest(_signed(body, secret, int(at)), given):
        raise IdentityRefused("It is not signed with DESK_TICKET_WEBHOOK_SECRET.")


def _signed(body: bytes, secret: str, at: int) -> str:
    return hmac.new(secret.encode(), b"%d.%s" % (at, body), hashlib.sha256).hexdigest()
