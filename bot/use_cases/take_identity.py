"""Take a website's word on who a visitor is: once for each signed identity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.errors import IdentityRefused
from bot.use_cases.ports import Clock


@dataclass(frozen=True)
class Identity:
    """What a website vouches for: this visitor is the customer of `account`.

    `jti` names this very token until `expires_at`, so that it can be taken only once.
    """

    account: str
    jti: str
    expires_at: datetime


class IdentityReader(Protocol):
    def read(self, token: str, *, now: datetime) -> Identity:
        """Raises IdentityRefused: the token does not prove what it says."""


class UsedIdentities(Protocol):
    def take(self, jti: str, *, expires_at: datetime, now: datetime) -> bool:
        """Remember `jti` until then; False when it was taken before, by whichever process."""


def take_identity(
    token: str, *, identities: IdentityReader, used: UsedIdentities, clock: Clock
) -> str:
    """Return the account that `token` speaks for.

    Raises:
        IdentityRefused: it is forged, expired, meant for somebody else, or was used before: who
            copied it from a log or an address must not be able to use it again.
    """
    now = clock.now()
    identity = identities.read(token, now=now)
    if not used.take(identity.jti, expires_at=identity.expires_at, now=now):
        raise IdentityRefused("The identity was used before. Ask the website for a new one.")
    return identity.account
