"""The desk's state read once for all who watch it, and never from before they asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool

from bot.use_cases.desk_views import SharedState

# With every message the state changes; reading it more often than this helps nobody …
READ_SECONDS = 0.1
# … and reading a large desk takes long: all the more is left to what people say meanwhile.
PAUSE_PER_READ = 4


class SharedBoard:
    """Reads the board for everybody who asks while it is being read. On the event loop only."""

    def __init__(self, read: Callable[[SharedState | None], SharedState]) -> None:
        """`read` is given what it returned last."""
        self._read = read
        self._lock: asyncio.Lock | None = None
        self._begun_at = self._next_at = float("-inf")
        self._board: SharedState | None = None

    async def fresh(self) -> SharedState:
        """Return a state whose reading began after this was called."""
        loop = asyncio.get_running_loop()
        asked_at = loop.time()
        if self._lock is None:
            self._lock = asyncio.Lock()
        async with self._lock:
            if self._board is not None and self._begun_at >= asked_at:
                return self._board
            await asyncio.sleep(max(self._next_at - loop.time(), 0))
            self._begun_at = loop.time()
            self._board = await run_in_threadpool(self._read, self._board)
            took = loop.time() - self._begun_at
            self._next_at = loop.time() + max(READ_SECONDS - took, took * PAUSE_PER_READ)
            return self._board
