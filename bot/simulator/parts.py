"""What a simulated desk runs on: a clock that is moved, names that repeat, billing that fails."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.errors import BillingUnavailable
from bot.retention.account import AccountHistory
from bot.retention.commands import Command
from bot.use_cases.ports import Billing

_LETTERS = "0123456789abcdef"


@dataclass
class MovedClock:
    """Fits the port `Clock`; stands still until it is moved."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def forward(self, by: timedelta) -> None:
        self.at += by


class SeededIds:
    """Fits the port `Ids`: the same seed gives the same names, so a conversation can be replayed.

    For simulated customers only: whoever knows the seed can guess them.
    """

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def conversation(self) -> str:
        return "c" + self._letters(32)

    def owner(self) -> str:
        return self._letters(16)

    def ticket(self) -> str:
        return "T-" + self._letters(8)

    def code(self, digits: int) -> str:
        return f"{self._chance.randrange(10**digits):0{digits}d}"

    def salt(self) -> bytes:
        return self._letters(16).encode()

    def _letters(self, count: int) -> str:
        return "".join(self._chance.choice(_LETTERS) for _ in range(count))


@dataclass
class BillingThatFails:
    """Fits the port `Billing`: the real one, until it is told to fail.

    `is_down`: commands are not taken. `breaks_off`: the next command is carried out, and the
    answer is lost on its way. `commands` counts those that reached it.
    """

    real: Billing
    is_down: bool = False
    breaks_off: bool = False
    commands: int = field(default=0, init=False)

    @property
    def capabilities(self) -> Any:
        return self.real.capabilities

    def history(self, account: str, *, now: datetime) -> AccountHistory:
        return self.real.history(account, now=now)

    def account_of_email(self, email: str) -> str | None:
        return self.real.account_of_email(email)

    def catalogue(self) -> Any:
        return self.real.catalogue()

    def execute(self, account: str, command: Command, *, key: str, now: datetime) -> AccountHistory:
        if self.is_down:
            raise BillingUnavailable("The billing system does not answer.")
        self.commands += 1
        history = self.real.execute(account, command, key=key, now=now)
        if self.breaks_off:
            self.breaks_off = False
            raise BillingUnavailable("The answer was lost.", may_have_happened=True)
        return history
