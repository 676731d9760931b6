"""Locks that readers glance at: who asks whether one is held holds it themselves for a moment."""

from __future__ import annotations

import fcntl
import time
from typing import IO

_GLANCES_SECONDS, _PAUSE_SECONDS = 0.2, 0.02


def take_lock(held: IO[str] | int) -> bool:
    """Take the lock of an open file for good; False where somebody else has it for good."""
    deadline = time.monotonic() + _GLANCES_SECONDS
    while True:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            time.sleep(_PAUSE_SECONDS)
        else:
            return True
