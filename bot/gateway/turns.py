"""The turn engine: answers what was posted, at once, in order, and again after a crash.

A turn is a row in the database and survives anything; this engine is only the hands. Each lane of
a conversation is worked on by one thread at a time here, and by one process at a time everywhere,
which the lease in `run_turn` sees to.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from time import perf_counter

from bot.conversations.turn import Lane
from bot.gateway.daemon_pool import DaemonPool
from bot.gateway.failures import record_failure
from bot.gateway.metrics import Metrics

SCAN_SECONDS = 1.0

RunTurn = Callable[[str, Lane], bool]
Due = Callable[[], Iterable[tuple[str, Lane]]]


@dataclass(frozen=True)
class Chore:
    """Something to do again and again, `seconds` after it was last finished."""

    name: str
    seconds: float
    do: Callable[[], object]


@dataclass
class _Lane:
    """What is left to do in a lane that is being worked on.

    `asked` counts the messages that came up meanwhile; `drains` goes on until nothing is left,
    for what an earlier process left behind. Looking once more after every turn, to be sure, would
    cost each of them a write lock.
    """

    asked: int = 0
    drains: bool = False


class TurnEngine:
    """Runs turns in a bounded pool of threads. Everything but the turns is on the event loop."""

    def __init__(
        self,
        *,
        run_turn: RunTurn,
        due: Due,
        chores: tuple[Chore, ...] = (),
        workers: int,
        metrics: Metrics,
    ) -> None:
        self._run_turn = run_turn
        self._due = due
        self._chores = (Chore("find_due_turns", SCAN_SECONDS, self._find_due), *chores)
        self._metrics = metrics
        self._workers = workers
        self._pool: DaemonPool | None = None
        self._chore_pool: DaemonPool | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._busy: dict[tuple[str, Lane], _Lane] = {}

    def start(self) -> None:
        """Begin with what an earlier process left unanswered."""
        self._loop = asyncio.get_running_loop()
        self._pool = DaemonPool(self._workers, name="turn")
        # Of their own, so that turns that all hang do not keep mails and new turns waiting.
        self._chore_pool = DaemonPool(len(self._chores), name="chore")
        self._tasks = [
            self._loop.create_task(self._repeat(chore, self._chore_pool)) for chore in self._chores
        ]

    async def stop(self) -> None:
        """Start nothing more; what is under way finishes or is taken up by the next process."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for pool in (self._pool, self._chore_pool):
            if pool is not None:
                pool.stop()
        self._pool = self._chore_pool = None

    def begin(self, conversation: str, lane: Lane, *, drains: bool = False) -> None:
        """Run one turn of that lane now, or right after those that were asked for before.

        `drains`: run all that wait there.
        """
        if self._pool is None:
            return
        busy = self._busy.get((conversation, lane))
        if busy is None:
            self._busy[conversation, lane] = _Lane(drains=drains)
            self._pool.submit(partial(self._work, conversation, lane))
        else:
            busy.asked += 1
            busy.drains |= drains

    def run_here(self, conversation: str, lane: Lane) -> bool:
        """Run one turn in the calling thread; return whether it is answered.

        Whatever goes wrong, the turn stays in the database: the next scan tries it again.
        """
        began = perf_counter()
        answered = False
        try:
            answered = self._run_turn(conversation, lane)
            result = "answered" if answered else "not_answered"
        except Exception as error:  # noqa: BLE001
            result = "failed"
            record_failure("turn_failed", error, conversation=conversation)
        self._metrics.turns.labels(result).inc()
        if answered:
            self._metrics.turn_seconds.observe(perf_counter() - began)
        return answered

    def _work(self, conversation: str, lane: Lane) -> None:
        """Run one turn; several conversations take turns, so that none starves the others."""
        answered = self.run_here(conversation, lane)
        self._loop.call_soon_threadsafe(self._worked, conversation, lane, answered)

    def _worked(self, conversation: str, lane: Lane, answered: bool) -> None:
        busy = self._busy[conversation, lane]
        goes_on = busy.asked > 0 or (answered and busy.drains)
        if not goes_on or self._pool is None:
            del self._busy[conversation, lane]
            return
        # A lane that has nothing to run now is asked once more, not as often as was called for.
        busy.asked = busy.asked - 1 if answered and busy.asked else 0
        self._pool.submit(partial(self._work, conversation, lane))

    async def _repeat(self, chore: Chore, pool: DaemonPool) -> None:
        while True:
            try:
                await pool.done(chore.do)
            except Exception as error:  # noqa: BLE001
                # A database that is away for a moment must not end the chore for good.
                record_failure("chore_failed", error, chore=chore.name)
            await asyncio.sleep(chore.seconds)

    def _find_due(self) -> None:
        due = tuple(self._due())
        self._metrics.pending_turns.set(len(due))
        for conversation, lane in due:
            begin = partial(self.begin, conversation, lane, drains=True)
            self._loop.call_soon_threadsafe(begin)
