"""How long to wait after wrong passwords and codes: ever longer, and never for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Failures:
    """`count` tries that did not succeed, the last one `last_at`."""

    count: int
    last_at: datetime


@dataclass(frozen=True)
class Slowing:
    """The first `free` failures cost nothing; each one more doubles the wait, up to `longest`.

    After `forgotten_after` without a try everything is forgotten.
    """

    free: int
    longest: timedelta
    forgotten_after: timedelta

    def wait_until(self, failures: Failures | None) -> datetime | None:
        """Return when the next try is looked at; None for at once."""
        if failures is None or failures.count < self.free:
            return None
        # 2 to the power of what is over; past `longest` the exponent no longer matters.
        seconds = 2 ** min(failures.count - self.free, 30)
        return failures.last_at + min(timedelta(seconds=seconds), self.longest)

    def after_one_more(self, failures: Failures | None, *, now: datetime) -> Failures:
        forgotten = failures is None or now >= failures.last_at + self.forgotten_after
        return Failures(1 if failures is None or forgotten else failures.count + 1, now)


# Somebody who tries an account from everywhere is held to one try a minute, and so is its owner,
# unless they come with a browser they signed in with before: that one is counted apart.
ACCOUNT = Slowing(5, timedelta(minutes=1), timedelta(hours=1))
BROWSER = Slowing(10, timedelta(minutes=5), timedelta(hours=1))
# An office shares one address; a spray over many accounts comes from few.
ADDRESS = Slowing(20, timedelta(minutes=15), timedelta(hours=1))
# Whoever gets here has the password; a code has a million values, three of which fit.
CODE = Slowing(5, timedelta(minutes=15), timedelta(hours=24))
