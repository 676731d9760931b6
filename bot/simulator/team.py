"""Worker processes that share the seeds among them, and their results as they come."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from bot.errors import SetupError
from bot.settings import ROOT, Settings, as_environment

WORKER = [sys.executable, "-W", "ignore", "-m", "bot.simulator.worker"]
_LAST_WORDS = 2000
_WAIT_SECONDS = 10


class Team:
    """`seconds_to_begin`: how long the slowest worker took to load its model."""

    def __init__(
        self,
        settings: Settings,
        *,
        model: Path,
        seeds: range,
        processes: int,
        all_chats: bool = False,
    ) -> None:
        self._environment = as_environment(settings) | {"RASA_TELEMETRY_ENABLED": "false"}
        self._model, self._seeds, self.processes = model, seeds, max(1, processes)
        self._options = ["--chats"] if all_chats else []
        self.seconds_to_begin = 0.0

    def results(self) -> Iterator[dict[str, Any]]:
        """Yield what every conversation came to, in the order in which they end.

        Raises:
            SetupError: a worker died, or a conversation failed with a fault of ours; the sentence
                holds its last words.
        """
        lines: queue.Queue[str | None] = queue.Queue()
        began = time.monotonic()
        with tempfile.TemporaryFile("w+") as errors:
            workers = [self._started(number, errors) for number in range(self.processes)]
            readers = [_reader(worker, lines) for worker in workers]
            try:
                yield from self._read(lines, began)
                for worker in workers:
                    if worker.wait(_WAIT_SECONDS):
                        raise SetupError(f"A worker failed. Its last words:\n{_tail(errors)}")
            finally:
                for worker in workers:
                    worker.kill()
                    worker.wait()
                for reader in readers:
                    reader.join(_WAIT_SECONDS)

    def _started(self, number: int, errors: IO[str]) -> subprocess.Popen[str]:
        first, step = self._seeds.start + number, self.processes
        share = [str(value) for value in (first, self._seeds.stop, step)]
        return subprocess.Popen(
            [*WORKER, "--model", str(self._model), "--seeds", *share, *self._options],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            cwd=ROOT,
            env=self._environment,
        )

    def _read(self, lines: queue.Queue[str | None], began: float) -> Iterator[dict[str, Any]]:
        at_work = self.processes
        while at_work:
            line = lines.get()
            if line is None:
                at_work -= 1
                continue
            result = json.loads(line)
            if "ready" in result:
                self.seconds_to_begin = time.monotonic() - began
            elif "crashed" in result:
                raise SetupError(
                    f"The conversation with seed {result['seed']} failed:\n{result['crashed']}"
                )
            else:
                yield result


def _reader(worker: subprocess.Popen[str], lines: queue.Queue[str | None]) -> threading.Thread:
    def read() -> None:
        assert worker.stdout is not None  # it was asked for
        with worker.stdout:
            for line in worker.stdout:
                lines.put(line)
        lines.put(None)

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    return thread


def _tail(errors: IO[str]) -> str:
    errors.seek(0)
    return errors.read()[-_LAST_WORDS:]
