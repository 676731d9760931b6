"""What the database's driver complains about, in words that callers of the storage know."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from bot.errors import Unavailable


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn a database that is down, locked or full into `Unavailable`; other faults stay."""
    try:
        yield
    except (sa.exc.OperationalError, sa.exc.TimeoutError) as error:
        raise Unavailable("The database cannot be used just now. Try again.") from error
