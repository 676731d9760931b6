"""Threads for work that may block for long and may be cut off when the process ends.

The standard pool has the interpreter wait for its threads at exit, which would hold up a restart
for as long as an assistant hangs. A turn that is cut off is taken up by the next process.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

Work = Callable[[], None]


class DaemonPool:
    """A fixed number of threads that take work in the order it was given."""

    def __init__(self, threads: int, *, name: str) -> None:
        self._waiting: SimpleQueue[Work | None] = SimpleQueue()
        self._threads = threads
        for number in range(threads):
            threading.Thread(target=self._run, name=f"{name}-{number}", daemon=True).start()

    def submit(self, work: Work) -> None:
        """Have `work` done; it sees to its own errors."""
        self._waiting.put(work)

    async def done(self, work: Callable[[], object]) -> None:
        """Wait until `work` is done; raises what it raises."""
        loop = asyncio.get_running_loop()
        finished: asyncio.Future[None] = loop.create_future()

        def tell(set_outcome: Callable[..., None], *outcome: Any) -> None:
            if not finished.done():
                set_outcome(*outcome)

        def do() -> None:
            try:
                work()
            except Exception as error:  # noqa: BLE001
                loop.call_soon_threadsafe(tell, finished.set_exception, error)
            else:
                loop.call_soon_threadsafe(tell, finished.set_result, None)

        self.submit(do)
        await finished

    def stop(self) -> None:
        """Take nothing more; threads that are busy end with their work, or with the process."""
        for _ in range(self._threads):
            self._waiting.put(None)

    def _run(self) -> None:
        while (work := self._waiting.get()) is not None:
            try:
                work()
            except RuntimeError:
                # The event loop ended while this was being done: nobody is left to be told.
                return
