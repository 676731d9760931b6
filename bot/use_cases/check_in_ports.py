"""What check-ins need from outside, as shapes."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.retention.check_ins import CheckIn, Contacts

SITE, MAIL = "site", "mail"


class CheckIns(Protocol):
    """What was raised and told; only added to, in the caller's transaction."""

    def accounts(self) -> tuple[str, ...]:
        """Return every account there is to think of, in order."""

    def contacts(self, account: str) -> Contacts: ...

    def raise_(self, check_in: CheckIn, *, now: datetime) -> bool:
        """Have it told when it can be; False when it was raised before."""

    def told(self, check_in: CheckIn, way: str, *, now: datetime) -> bool:
        """Note that it was told, by `site` or `mail`; False when it was told before."""

    def switch(self, account: str, *, is_on: bool, way: str, now: datetime) -> None:
        """The customer wants none any more, or wants them again."""

    def mail(self, kind: str, to: str, figures: dict[str, str], *, now: datetime) -> None:
        """Put the mail into the outbox."""


class OffLinks(Protocol):
    """Links in mails that switch check-ins off, and nothing else."""

    def link(self, account: str) -> str: ...

    def account(self, token: str) -> str | None:
        """Return whose link it is; None for one that we did not make."""
