"""Who listens to which conversation in this process, and the bell that wakes them.

A lost wake-up is harmless: listeners re-read by sequence number, and what they listen to is looked
at again and again for what other processes wrote.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

# What other processes wrote is looked for this often, in each conversation that is followed …
RE_READ_SECONDS = 1.0
# … but only in so many at a time, so that the database is not kept busy by looking.
RE_READS_AT_A_TIME = 50
# Rings with every other bell, for whoever watches all conversations.
ANYTHING = "*"


class Wakeups:
    """Bells by conversation. `wake` may be called from any thread, the rest from the event loop."""

    def __init__(self) -> None:
        self._bells: dict[str, set[asyncio.Event]] = {}
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
    def listening(self, conversation: str) -> Iterator[asyncio.Event]:
        """Yield a bell that rings whenever `conversation` may have changed.

        Clear the bell before reading, so that a change during the reading rings it again.
        """
        bell = asyncio.Event()
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
        for key in (conversation, ANYTHING):
            for bell in self._bells.get(key, ()):
                bell.set()

    async def look_again_for_ever(self) -> None:
        """Ring the bells in turn, for changes that nobody here was told of."""
        position = 0
        while True:
            await asyncio.sleep(RE_READ_SECONDS)
            listened = self.listened()
            position = position if position < len(listened) else 0
            for conversation in listened[position : position + RE_READS_AT_A_TIME]:
                self.ring(conversation)
            position += RE_READS_AT_A_TIME

    def wake(self, conversation: str) -> None:
        # A loop that has ended has nobody left to wake.
        if self._loop is not None:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self.ring, conversation)
