"""Start the parts, wait until they are ready, start again what dies, stop without a trace."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from bot.errors import SetupError
from bot.supervisor.child import Child, Part
from bot.supervisor.probe import ask

TICK_SECONDS = 0.1
READY_WITHIN_SECONDS = 240.0
STOP_WITHIN_SECONDS = 4.0
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
# A part that ran this long had recovered: its next fall is a new one.
STEADY_SECONDS = 60.0
FALLS_BEFORE_READY = 3
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass
class Watched:
    """A part with its present process; `falls` counts how often it died without being steady."""

    part: Part
    child: Child | None = None
    started_at: float = 0.0
    start_again_at: float = 0.0
    falls: int = 0


class Supervisor:
    """Runs `parts` until it is told to stop; times are seconds of the monotonic clock."""

    def __init__(
        self,
        parts: Sequence[Part],
        *,
        environment: Mapping[str, str],
        log_folder: Path,
        folder: Path,
        say: Callable[[str], None],
    ) -> None:
        self._watched = [Watched(part) for part in parts]
        self._beside: list[Child] = []
        self._environment = environment
        self._log_folder = log_folder
        self._folder = folder
        self._say = say
        self._stop_asked = 0

    @property
    def pids(self) -> dict[str, int]:
        return {w.part.name: w.child.pid for w in self._watched if w.child is not None}

    def falls(self, name: str) -> int:
        """Return how often the part died without having been steady in between."""
        return self._named(name).falls

    def health(self, name: str) -> str:
        return self._named(name).part.health

    def start_beside(self, part: Part) -> Child:
        """Start a process that nobody looks after yet: it takes a part's place, or is ended."""
        child = self._child(part)
        self._beside.append(child)
        return child

    def take_place(self, part: Part, child: Child) -> tuple[Child, Part] | None:
        """Have `child` be the part of that name; give the old process, which is beside now."""
        watched = self._named(part.name)
        old = None if watched.child is None else (watched.child, watched.part)
        self._beside.remove(child)
        if old is not None:
            self._beside.append(old[0])
        watched.part, watched.child = part, child
        watched.started_at, watched.falls = time.monotonic(), 0
        return old

    def end_beside(self, child: Child) -> None:
        child.kill()
        self._beside.remove(child)

    def run(
        self, when_ready: Callable[[], None], each_tick: Callable[[], None] = lambda: None
    ) -> None:
        """Run the parts; call `when_ready` once all are; return after a stop signal, all stopped.

        Raises:
            SetupError: a part did not become ready; nothing is left running.
        """
        previous = {number: signal.signal(number, self._asked_to_stop) for number in STOP_SIGNALS}
        try:
            for watched in self._watched:
                self._start(watched)
            if self._wait_until_ready():
                when_ready()
            while not self._stop_asked:
                self._look_after(give_up_after=None)
                each_tick()
                time.sleep(TICK_SECONDS)
        finally:
            self.stop()
            for number, handler in previous.items():
                signal.signal(number, handler)

    def stop(self) -> None:
        """Ask every part to stop, and end those that do not within a few seconds."""
        running = [w.child for w in self._watched if w.child is not None] + self._beside
        for child in running:
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_WITHIN_SECONDS
        # A second Ctrl-C means now.
        while any(c.exit_code() is None for c in running) and time.monotonic() < deadline:
            if self._stop_asked > 1:
                break
            time.sleep(TICK_SECONDS / 4)
        for child in running:
            child.kill()
        self._beside = []
        for watched in self._watched:
            watched.child = None

    def _wait_until_ready(self) -> bool:
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        waiting = list(self._watched)
        while waiting and not self._stop_asked:
            self._look_after(give_up_after=FALLS_BEFORE_READY)
            waiting = [w for w in waiting if not self._is_ready(w)]
            if waiting and time.monotonic() > deadline:
                raise SetupError(self._too_slow(waiting[0]))
            time.sleep(TICK_SECONDS)
        return not self._stop_asked

    def _is_ready(self, watched: Watched) -> bool:
        return watched.child is not None and ask(watched.part.health).ready

    def _look_after(self, *, give_up_after: int | None) -> None:
        for watched in self._watched:
            if watched.child is not None and watched.child.exit_code() is not None:
                self._fallen(watched, watched.child, give_up_after)
            elif watched.child is None and time.monotonic() >= watched.start_again_at:
                self._start(watched)

    def _start(self, watched: Watched) -> None:
        watched.started_at = time.monotonic()
        watched.child = self._child(watched.part)

    def _child(self, part: Part) -> Child:
        return Child(
            part,
            environment=self._environment,
            log_folder=self._log_folder,
            folder=self._folder,
            say=self._say,
        )

    def _named(self, name: str) -> Watched:
        return next(watched for watched in self._watched if watched.part.name == name)

    def _fallen(self, watched: Watched, child: Child, give_up_after: int | None) -> None:
        child.kill()  # whatever it had started itself
        ran = time.monotonic() - watched.started_at
        watched.falls = 1 if ran > STEADY_SECONDS else watched.falls + 1
        watched.child = None
        name, how = watched.part.name, _ending(child.exit_code())
        if give_up_after is not None and watched.falls >= give_up_after:
            raise SetupError(
                f"The {name} does not start: it {how} {watched.falls} times. Its last words, from "
                f"{child.log}:\n{child.last_words()}"
            )
        pause = min(FIRST_PAUSE_SECONDS * 2 ** (watched.falls - 1), LONGEST_PAUSE_SECONDS)
        watched.start_again_at = time.monotonic() + pause
        self._say(f"The {name} {how}; starting it again in {pause:.0f} s (log: {child.log}).")

    def _too_slow(self, watched: Watched) -> str:
        return (
            f"The {watched.part.name} was not ready within {READY_WITHIN_SECONDS:.0f} seconds. "
            f"Read {self._log_folder / watched.part.name}.log, then run the same command again."
        )

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._stop_asked += 1


def _ending(exit_code: int | None) -> str:
    if exit_code is not None and exit_code < 0:
        return f"was ended by {signal.Signals(-exit_code).name}"
    return f"stopped with exit code {exit_code}"
