"""The clock on the wall: the one place that reads the time."""

from __future__ import annotations

from datetime import datetime, timezone


class SystemClock:
    """Fits the port `Clock`."""

    def now(self) -> datetime:
        return datetime.now(timezone.utc)
