"""Who listens to which conversation in this process, and the bell that wakes them.

A lost wake-up is harmless: listeners re-read by sequence number, and all they listen to is looked
at again and again for what other processes wrote.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress

from starlette.concurrency import run_in_threadpool

from bot.gateway.failures import record_failure
from bot.use_cases.updates import Mark

Look = Callable[[Collection[str]], Mapping[str, Mark]]

# What other processes wrote is looked for this often.
LOOK_AGAIN_SECONDS = 1.0
# Rings with every other bell, for whoever watches all conversations.
ANYTHING = "*"


class Bell(asyncio.Event):
    """Rings when there may be something new; `seen` is what its listener read last."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: Mark | None = None

    def misses(self, mark: Mark) -> bool:
        """Whether the listener has read, and read something else."""
        if self.seen is None:
            return False
        looks_at_notes = self.seen.last_note is not None
        return self.seen != (mark if looks_at_notes else Mark(mark.standing))


class Wakeups:
    """Bells by conversation. `wake` may be called from any thread, the rest from the event loop.

    `on_ring` is called with every conversation that rings.
    """

    def __init__(self) -> None:
        self.on_ring: Callable[[str], None] = lambda _conversation: None
        self._bells: dict[str, set[Bell]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = False

    @property
    def stopping(self) -> bool:
        """The gateway is going down: nobody should wait for anything any more."""
        return self._stopping

    def start(self) -> None:
        """Remember the running loop, for `wake`."""
        self._loop = asyncio.get_running_loop()
        self._stopping = False

    def stop(self) -> None:
        """Send everybody home, so that a restart does not wait for long polls to end."""
        self._stopping = True
        for conversation in self.listened():
            self.ring(conversation)

    @contextmanager
    def listening(self, conversation: str) -> Iterator[Bell]:
        """Yield a bell that rings whenever `conversation` may have changed.

        Clear the bell before reading, so that a change during the reading rings it again.
        """
        bell = Bell()
        self._bells.setdefault(conversation, set()).add(bell)
        try:
            yield bell
        finally:
            bells = self._bells[conversation]
            bells.discard(bell)
            if not bells:
                del self._bells[conversation]

    def listened(self) -> tuple[str, ...]:
        return tuple(self._bells)

    def ring(self, conversation: str) -> None:
        self.on_ring(conversation)
        for key in (conversation, ANYTHING):
            for bell in self._bells.get(key, ()):
                bell.set()

    async def look_again_for_ever(self, look: Look) -> None:
        """Ring for changes that nobody here was told of, where a listener has not read them.

        One look is for all conversations: were each listener to read for itself, hundreds would do
        so at once, again and again, and what people say meanwhile would have to wait.
        """
        while True:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
            try:
                await self.look_again(look)
            except Exception as error:  # noqa: BLE001
                # A database that is away for a moment must not end the looking for good.
                record_failure("look_again_failed", error)

    async def look_again(self, look: Look) -> None:
        listened = [key for key in self.listened() if key != ANYTHING]
        marks = await run_in_threadpool(look, listened) if listened else {}
        for conversation, mark in marks.items():
            if any(bell.misses(mark) for bell in self._bells.get(conversation, ())):
                self.ring(conversation)

    def wake(self, conversation: str) -> None:
        # A loop that has ended has nobody left to wake.
        if self._loop is not None:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self.ring, conversation)
