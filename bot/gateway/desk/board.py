"""The desk's state read once for all who watch it, and never from before they asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool

from bot.use_cases.beat import at_the_desk
from bot.use_cases.desk_views import SharedState

# With every message the state changes; reading it more often than this helps nobody …
READ_SECONDS = 0.1
# … and reading a large desk takes long: all the more is left to what people say meanwhile.
PAUSE_PER_READ = 4
# What other processes wrote is seen when the whole desk is read, this often.
WHOLE_SECONDS = 1.0
# With more changes than this at a time it is as well to read the whole desk.
MOST_CHANGED = 200

# Given what was read last and which conversations alone may have changed since; None: any.
Read = Callable[[SharedState | None, frozenset[str] | None], SharedState]


class SharedBoard:
    """Reads the board for everybody who asks while it is being read. On the event loop only."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._lock: asyncio.Lock | None = None
        self._begun_at = self._next_at = self._whole_at = float("-inf")
        self._board: SharedState | None = None
        self._changed: set[str] | None = None

    def changed(self, conversation: str) -> None:
        """Take note that this conversation has to be read again."""
        if self._changed is not None:
            self._changed.add(conversation.removeprefix(at_the_desk("")))
            if len(self._changed) > MOST_CHANGED:
                self._changed = None

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
            self._board = await self._read_again(self._begun_at)
            took = loop.time() - self._begun_at
            self._next_at = loop.time() + max(READ_SECONDS - took, took * PAUSE_PER_READ)
            return self._board

    async def _read_again(self, now: float) -> SharedState:
        changed, self._changed = self._changed, set()
        if changed is None or now >= self._whole_at:
            changed, self._whole_at = None, now + WHOLE_SECONDS
        try:
            only = None if changed is None else frozenset(changed)
            return await run_in_threadpool(self._read, self._board, only)
        except BaseException:
            # Nothing was read, or nobody waited for it: what had changed would be forgotten.
            self._changed = None
            raise
