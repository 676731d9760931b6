"""Showing who you are with a code sent by e-mail: the limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

CODE_DIGITS = 6
CODE_VALID = timedelta(minutes=10)
MAX_TRIES = 5
MAX_CODES = 3
CODES_WINDOW = timedelta(minutes=15)


@dataclass(frozen=True)
class SentCode:
    """A code as it is kept: never the digits, only their salted hash."""

    id: int
    account: str | None
    salt: bytes
    digest: bytes
    sent_at: datetime
    expires_at: datetime
    tries: int
    used_at: datetime | None

    def can_be_tried(self, now: datetime) -> bool:
        """A code is good for ten minutes, five tries and one success."""
        return self.used_at is None and self.tries < MAX_TRIES and now < self.expires_at


def wait_before_next_code(sent_at: Sequence[datetime], now: datetime) -> timedelta | None:
    """Return how long to wait when three codes were sent in the last 15 minutes, else None."""
    recent = sorted(at for at in sent_at if at > now - CODES_WINDOW)
    if len(recent) < MAX_CODES:
        return None
    return recent[-MAX_CODES] + CODES_WINDOW - now
