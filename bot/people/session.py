"""A signed-in browser: how far it has come, and when it is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum


class Stage(str, Enum):
    """How far somebody has come: only `full` lets anybody act."""

    CODE = "code"
    SET_UP = "set_up"
    FULL = "full"


@dataclass(frozen=True)
class SessionLimits:
    """`idle` after the last act, `absolute` after signing in, `half` for what is not yet full.

    `confirmed`: how long a given password counts for acts that ask for it again. A session is
    marked as seen at most every `seen_every`, so that reading does not write each time.
    """

    idle: timedelta = timedelta(minutes=60)
    absolute: timedelta = timedelta(hours=12)
    half: timedelta = timedelta(minutes=10)
    confirmed: timedelta = timedelta(minutes=10)
    seen_every: timedelta = timedelta(seconds=60)


@dataclass(frozen=True)
class StaffSession:
    """`digest` stands for the secret in the cookie, which is kept nowhere.

    `client` is what the browser calls itself, cut short; `address` the network address it came by.
    """

    digest: str
    person: str
    stage: Stage
    created_at: datetime
    last_seen_at: datetime
    confirmed_at: datetime
    client: str = ""
    address: str = ""

    def ends_at(self, limits: SessionLimits) -> datetime:
        if self.stage is not Stage.FULL:
            return self.created_at + limits.half
        return min(self.last_seen_at + limits.idle, self.created_at + limits.absolute)

    def has_ended(self, limits: SessionLimits, *, now: datetime) -> bool:
        return now >= self.ends_at(limits)

    def is_confirmed(self, limits: SessionLimits, *, now: datetime) -> bool:
        return now < self.confirmed_at + limits.confirmed

    def is_due(self, limits: SessionLimits, *, now: datetime) -> bool:
        """Whether an act now has to be written down as seen."""
        return now >= self.last_seen_at + limits.seen_every
