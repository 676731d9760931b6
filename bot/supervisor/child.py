"""One process that the supervisor starts, watches and stops, together with all it starts itself."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from bot.orphans import end_with

LARGEST_LOG_BYTES = 5_000_000
LAST_LINES = 5


@dataclass(frozen=True)
class Part:
    """What to start: `health` answers 200 when it is ready; `speaks` shows its standard output."""

    name: str
    command: Sequence[str]
    health: str
    speaks: bool = False


class Child:
    """A running part in a process group of its own, its words in `<log folder>/<name>.log`."""

    def __init__(
        self,
        part: Part,
        *,
        environment: Mapping[str, str],
        log_folder: Path,
        folder: Path,
        say: Callable[[str], None],
    ) -> None:
        self.part = part
        self.log = log_folder / f"{part.name}.log"
        self._say = say
        with _opened(self.log) as log:
            self._process = subprocess.Popen(
                part.command,
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if part.speaks else log,
                stderr=log,
                # Ctrl-C in the terminal reaches the supervisor alone, which then stops in order.
                start_new_session=True,
                preexec_fn=partial(end_with, os.getpid()),
            )
        if self._process.stdout:
            threading.Thread(target=self._relay, args=(self._process.stdout,), daemon=True).start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def exit_code(self) -> int | None:
        """Return how it ended (negative: by that signal), or None while it runs."""
        return self._process.poll()

    def ask_to_stop(self) -> None:
        self._signal(signal.SIGTERM)

    def wait(self, seconds: float) -> bool:
        """Return whether it ended within `seconds`."""
        try:
            self._process.wait(max(seconds, 0))
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """End whatever is left of it and of what it started."""
        self._signal(signal.SIGKILL)
        self._process.wait()

    def last_words(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join(f"    {line}" for line in lines[-LAST_LINES:])

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):  # all of it has ended already
            os.killpg(self._process.pid, number)

    def _relay(self, words: IO[bytes]) -> None:
        with words, self.log.open("a") as log:
            for line in words:
                text = line.decode(errors="replace").rstrip()
                log.write(f"{text}\n")
                log.flush()
                self._say(f"{self.part.name}: {text}")


def _opened(log: Path) -> IO[bytes]:
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LARGEST_LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
    return log.open("ab")
