"""Starts the rehearsal desk, a process of its own, when it is first needed, and ends it later."""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import structlog

from bot.annotation.rehearsed import Exchange, Played, Shown, Step
from bot.errors import InvalidInput, Unavailable
from bot.settings import ROOT, Settings, as_environment

log = structlog.get_logger()

COMMAND = (sys.executable, "-W", "ignore", "-m", "bot.simulator.rehearsal")
# Loading Rasa takes some ten seconds, and several times that on a busy machine.
START_SECONDS = 120.0
ANSWER_SECONDS = 30.0
# It holds some 900 MB: nobody rehearses for ten minutes, and it is gone.
IDLE_SECONDS = 600.0
_GONE = ""


class RehearsalStage:
    """Fits the port `Stage`; one conversation is played at a time.

    `model` says which model file to rehearse with; a newer one is taken up at the next play.
    """

    def __init__(self, settings: Settings, *, model: Callable[[], Path]) -> None:
        """Take what the process is started with; nothing is started yet."""
        self._environment = as_environment(settings) | {"RASA_TELEMETRY_ENABLED": "false"}
        self._model = model
        self._alone = threading.Lock()
        self._running: _Running | None = None
        self._idle: threading.Timer | None = None

    def play(self, account: str | None, steps: Sequence[Step]) -> Played:
        """Play a conversation from its first word; the first one waits for the process to start.

        Raises:
            InvalidInput: there is no such demo account.
            Unavailable: the process does not start, or does not answer.
            SetupError: there is no model.
        """
        asked = {"account": account, "steps": [step.to_document() for step in steps]}
        with self._alone:
            self._stop_waiting()
            try:
                answer = self._ready().ask(asked)
            except Unavailable:
                self._end()
                raise
            self._idle = threading.Timer(IDLE_SECONDS, self.close)
            self._idle.daemon = True
            self._idle.start()
        return _read(account, answer)

    def close(self) -> None:
        """End the process, if there is one."""
        with self._alone:
            self._stop_waiting()
            self._end()

    def _ready(self) -> _Running:
        model = self._model()
        if self._running is not None and not self._running.serves(model):
            self._end()
        if self._running is None:
            self._running = _Running(model, self._environment)
            self._running.wait_until_ready()
        return self._running

    def _stop_waiting(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def _end(self) -> None:
        if self._running is not None:
            self._running.end()
            self._running = None


class _Running:
    def __init__(self, model: Path, environment: dict[str, str]) -> None:
        self._made = (model, model.stat().st_mtime_ns)
        self._process = subprocess.Popen(
            [*COMMAND, "--model", str(model)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Its own log says what a rehearsal cannot tell; TensorFlow's remarks are none of it.
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=ROOT,
            env=environment,
        )
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def serves(self, model: Path) -> bool:
        """Whether it still runs, and with this model."""
        return self._process.poll() is None and self._made == (model, model.stat().st_mtime_ns)

    def wait_until_ready(self) -> None:
        self._next(START_SECONDS)

    def ask(self, asked: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None  # it was asked for
        try:
            self._process.stdin.write(json.dumps(asked) + "\n")
            self._process.stdin.flush()
        except OSError as error:
            raise Unavailable("The rehearsal desk has stopped. Try again.") from error
        return self._next(ANSWER_SECONDS)

    def end(self) -> None:
        assert self._process.stdin is not None  # it was asked for
        self._process.kill()
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait()

    def _next(self, seconds: float) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=seconds)
        except queue.Empty:
            raise Unavailable("The rehearsal desk takes too long. Try again.") from None
        if line == _GONE:
            log.error("rehearsal_stopped", code=self._process.poll())
            raise Unavailable("The rehearsal desk has stopped. Try again.")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _read(self) -> None:
        assert self._process.stdout is not None  # it was asked for
        with self._process.stdout as lines:
            for line in lines:
                self._lines.put(line)
        self._lines.put(_GONE)


def _read(account: str | None, answer: dict[str, Any]) -> Played:
    if "refused" in answer:
        raise InvalidInput(answer["refused"])
    if "failed" in answer:
        raise Unavailable("The rehearsal failed by a fault of ours. Try other words.")
    exchanges = tuple(map(_exchange, answer["exchanges"]))
    return Played(account, exchanges, tuple(answer["attempts"]))


def _exchange(told: dict[str, Any]) -> Exchange:
    if "holder" not in told:
        return Exchange(Step(**told["did"]), refused=told["refused"])
    return Exchange(
        step=Step(**told["did"]) if told["did"] else None,
        says=tuple(told["says"]),
        messages=tuple(
            Shown(shown["from"], shown["text"], tuple(shown["buttons"]), shown["offer"])
            for shown in told["messages"]
        ),
        understood=told["understood"],
        holder=told["holder"],
        outcome=told["outcome"],
        refused=told["refused"],
    )
