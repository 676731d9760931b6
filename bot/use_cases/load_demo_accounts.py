"""Load the demo company's accounts at the first start, and put them back for a fresh demo."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol

import structlog

from bot.use_cases.ports import Clock

log = structlog.get_logger()


class DemoAccounts(Protocol):
    """The demo accounts where the billing system keeps them; both return account numbers."""

    def load_if_missing(self, *, now: datetime) -> tuple[str, ...]:
        """Load the accounts that are not there, as of `now`; touch none that is."""

    def reset(self, *, now: datetime) -> tuple[str, ...]:
        """Put every demo account back to how it began, as of `now`."""


def load_demo_accounts(*, demo: DemoAccounts, clock: Clock) -> tuple[str, ...]:
    """Load the demo accounts that are missing and return their numbers; safe to repeat."""
    loaded = demo.load_if_missing(now=clock.now())
    if loaded:
        log.info("demo_accounts_loaded", count=len(loaded))
    return loaded


def reset_demo_accounts(
    *, demo: DemoAccounts, clock: Clock, before: Iterable[Callable[[], object]] = ()
) -> tuple[str, ...]:
    """Put the demo accounts back and return their numbers.

    `before` runs first: open conversations are closed there, so that none goes on with figures
    of an account that is no longer so.
    """
    for prepare in before:
        prepare()
    numbers = demo.reset(now=clock.now())
    log.info("demo_accounts_reset", count=len(numbers))
    return numbers
