"""Puts another version in the place of the live one while the desk runs, and watches over it.

Told one step a tick, so that the supervisor looks after its parts meanwhile. A new assistant is
started beside the old one and made warm. Then one line of the history makes its version live: a
desk that ends before it starts with the old version, one that ends after it with the new one.
While the new one is watched, the old one stays warm: to return to it takes no start.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.bootstrap_publishing import Publishing
from bot.errors import HelpdeskError, SetupError, Unavailable
from bot.integrations.clock import SystemClock
from bot.integrations.versions import read_line
from bot.model_files import content_hash, model_name
from bot.publishing.history import Kind, Line, live, numbered, returning, to_return_to
from bot.publishing.watch import Tally, rising
from bot.settings import ROOT
from bot.supervisor.child import Child, Part
from bot.supervisor.ports import pick_free
from bot.supervisor.probe import ask
from bot.supervisor.supervisor import Supervisor
from bot.supervisor.work import TRAINS, Work

ASSISTANT = "assistant"
NEXT, SPARE = "assistant, next", "assistant, before"
WARM_WITHIN_SECONDS = 240.0
# A gateway that has just read the old address still reaches the old assistant.
SETTLE_SECONDS = 1.0
STOP_WITHIN_SECONDS = 4.0
WATCH_SECONDS = 600.0
LOOK_EVERY_SECONDS = 5.0
COMPARED_WITH = timedelta(days=1)
FALLS_TOO_MANY = 2
THE_DESK = "the desk"
# What an assistant's health address ends with, behind the address that turns go to.
HEALTH = "/health"


@dataclass(frozen=True)
class Place:
    """How an assistant is started: `part` makes it for a model and a port."""

    part: Callable[[Path, int], Part]
    drain_seconds: float


class Publisher:
    """`moved` is told after every change the ids of all processes and the assistant's health
    address; `turn_health` counts how turns went between two moments."""

    def __init__(
        self,
        supervisor: Supervisor,
        publishing: Publishing,
        *,
        place: Place,
        turn_health: Callable[[datetime, datetime], Tally],
        moved: Callable[[Mapping[str, int], str], None],
        say: Callable[[str], None],
    ) -> None:
        self._supervisor = supervisor
        self._at = publishing
        self._place = place
        self._turn_health = turn_health
        self._moved = moved
        self._say = say
        self._clock = SystemClock()
        # The process that answered before and still ends its turns; then the one that stays warm.
        self._old: tuple[Child, Part] | None = None
        self._spare: tuple[Child, Part] | None = None
        self._spare_until = 0.0
        self._long = Work(supervisor)
        self._steps = self._work()

    def tick(self) -> None:
        next(self._steps)

    def _work(self) -> Iterator[None]:
        watch: Iterator[str | None] = iter(())
        while True:
            taken = self._at.wishes.take()
            if taken is not None and taken[1]["do"] == "live":
                name, wish = taken
                before, began = live(self._at.versions.history()), self._clock.now()
                answer = yield from self._granted(wish["line"])
                self._at.wishes.answer(name, answer)
                if answer["live"]:
                    yield from self._drained()
                    is_news = wish["line"]["kind"] == Kind.PUBLISHED.value
                    yield from self._put_aside(is_news=is_news)
                    # Who returned has judged for themselves: nothing goes back to what they left.
                    watch = self._watched(before, began) if is_news else iter(())
            elif taken is not None:
                yield from self._long_work(taken[1])
            elif (trouble := next(watch, None)) is not None:
                watch = iter(())
                yield from self._returned(trouble)
            if self._spare is not None and time.monotonic() > self._spare_until:
                yield from self._let_go_of_the_spare()
            self._long.look()
            yield

    def _long_work(self, wish: dict[str, Any]) -> Iterator[None]:
        if wish["do"] == "cancel":
            self._long.cancel()
            return
        if wish["what"] in TRAINS:
            yield from self._let_go_of_the_spare()  # training needs its memory
        self._long.begin(wish["what"], wish["by"], wish["given"])

    def _granted(self, wish: dict[str, Any]) -> Generator[None, None, dict[str, Any]]:
        """Return what came of it: whether it is `live`, and in words."""
        try:
            line = yield from self._put_live(read_line(wish))
        except HelpdeskError as error:
            self._say(f"The live version stays. {error}")
            return {"live": False, "said": str(error)}
        return {"live": True, "said": f"Version {line.version} is live.", "version": line.version}

    def _put_live(self, wanted: Line) -> Generator[None, None, Line]:
        """Return the line that was written.

        Raises:
            SetupError: the assistant does not become ready; the old one answers on.
        """
        model = self._at.versions.model(wanted)
        if not model.exists():
            raise SetupError(f"The model of version {wanted.version} is not kept any more.")
        child, part = self._spare_with(model) or (yield from self._started(model))
        line = numbered(wanted, self._at.versions.history(), now=self._clock.now())
        self._at.versions.add(line)
        self._at.note.write(part.health.removesuffix(HEALTH), model)
        self._old = self._supervisor.take_place(part, child)
        self._tell()
        self._say(f"Version {line.version} is live ({line.kind.value} by {line.by}).")
        return line

    def _spare_with(self, model: Path) -> tuple[Child, Part] | None:
        """Return the process that stayed warm, if it serves this model and is well."""
        if self._spare is None or self._spare[0].exit_code() is not None:
            return None
        answer = ask(self._spare[1].health)
        if not answer.ready or answer.body.get("model") != model_name(model):
            return None
        found, self._spare = self._spare, None
        return found

    def _started(self, model: Path) -> Generator[None, None, tuple[Child, Part]]:
        """Return a new process, once it is warm. Raises SetupError."""
        yield from self._let_go_of_the_spare()
        part = self._place.part(model, pick_free(1)[0])
        child = self._supervisor.start_beside(part)
        self._tell({NEXT: child.pid})
        try:
            yield from self._warm(child, part, model)
        except SetupError:
            self._supervisor.end_beside(child)
            self._tell()
            raise
        return child, part

    def _warm(self, child: Child, part: Part, model: Path) -> Iterator[None]:
        deadline = time.monotonic() + WARM_WITHIN_SECONDS
        while True:
            if child.exit_code() is not None:
                raise SetupError(
                    f"The new assistant does not start. Its last words, from {child.log}:\n"
                    f"{child.last_words()}"
                )
            answer = ask(part.health)
            if answer.ready and answer.body.get("model") == model_name(model):
                return
            if time.monotonic() > deadline:
                raise SetupError(
                    f"The new assistant was not ready within {WARM_WITHIN_SECONDS:.0f} seconds. "
                    f"Read {child.log}."
                )
            yield

    def _drained(self) -> Iterator[None]:
        """Wait until the old process has answered what it had begun."""
        if self._old is None:
            return
        settled = time.monotonic() + SETTLE_SECONDS
        deadline = settled + self._place.drain_seconds
        while time.monotonic() < settled:
            yield
        while ask(self._old[1].health).body.get("busy", 0) and time.monotonic() < deadline:
            yield

    def _put_aside(self, *, is_news: bool) -> Iterator[None]:
        """Keep the old process warm, if it was well and something new is watched; else end it."""
        old, self._old = self._old, None
        self._at.versions.forget_old()
        if old is None:
            return
        if is_news:
            self._spare, self._spare_until = old, time.monotonic() + WATCH_SECONDS
            self._tell()
        else:
            yield from self._ended(old[0])

    def _let_go_of_the_spare(self) -> Iterator[None]:
        if self._spare is not None:
            (child, _part), self._spare = self._spare, None
            yield from self._ended(child)

    def _ended(self, child: Child) -> Iterator[None]:
        child.ask_to_stop()
        deadline = time.monotonic() + STOP_WITHIN_SECONDS
        while child.exit_code() is None and time.monotonic() < deadline:
            yield
        self._supervisor.end_beside(child)
        self._tell()

    def _watched(self, before: Line | None, began: datetime) -> Iterator[str | None]:
        """Yield None while all is well, else once what has become worse."""
        if before is None:
            return
        usual = self._turn_health(began - COMPARED_WITH, began)
        until, look_at = time.monotonic() + WATCH_SECONDS, 0.0
        while time.monotonic() < until:
            if time.monotonic() >= look_at:
                look_at = time.monotonic() + LOOK_EVERY_SECONDS
                trouble = self._trouble(usual, began)
                if trouble is not None:
                    yield trouble
                    return
            yield None

    def _trouble(self, usual: Tally, began: datetime) -> str | None:
        falls = self._supervisor.falls(ASSISTANT)
        if falls >= FALLS_TOO_MANY:
            return f"its assistant stopped {falls} times"
        try:
            return rising(usual, self._turn_health(began, self._clock.now()))
        except Unavailable:  # the database will be asked again
            return None

    def _returned(self, trouble: str) -> Iterator[None]:
        self._say(f"The new version does worse than the one before it: {trouble}.")
        before = to_return_to(self._at.versions.history(), None)
        if before is None:
            return
        try:
            yield from self._put_live(
                returning(before, by=THE_DESK, reason=trouble, files=content_hash(ROOT))
            )
        except HelpdeskError as error:
            self._say(f"The desk could not return to version {before.version}. {error}")
            return
        yield from self._drained()
        yield from self._put_aside(is_news=False)

    def _tell(self, more: Mapping[str, int] | None = None) -> None:
        spare = {SPARE: self._spare[0].pid} if self._spare else {}
        pids = {**self._supervisor.pids, **spare, **(more or {})}
        self._moved(pids, self._supervisor.health(ASSISTANT))
