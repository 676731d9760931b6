"""Tells how far the one long piece of work is, to whoever looks: a terminal, a page, `status`."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.errors import Busy
from bot.integrations.locks import take_lock


class JobFile:
    """`job.json` in a folder, replaced whole; held by a lock that ends with its process."""

    def __init__(self, folder: Path) -> None:
        self._path, self._lock = folder / "job.json", folder / "job.lock"

    @contextmanager
    def begun(self, what: str, *, by: str, at: str) -> Iterator[Job]:
        """Do a piece of work; nobody else begins one meanwhile.

        Raises:
            Busy: another one is under way.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._lock.open("w") as held:
            if not take_lock(held):
                raise Busy(self._said())
            job = Job(self._path, {"what": what, "by": by, "at": at, "pid": os.getpid()})
            try:
                yield job
            except BaseException as error:
                job.end(str(error) or type(error).__name__, went_well=False)
                raise

    def read(self) -> dict[str, Any] | None:
        """Return the newest work, with `runs`; None before there was any.

        Work that neither runs nor has an `end` was cut off. An `end` has the `seconds` it took.
        """
        try:
            told: dict[str, Any] = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return {**told, "runs": self._is_held()}

    def _is_held(self) -> bool:
        with self._lock.open("a") as held:
            try:
                fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def _said(self) -> str:
        told = self.read() or {}
        return (
            f"{told.get('what', 'Something else')} is under way, begun by {told.get('by')}. "
            "Wait for its end, or cancel it."
        )


class Job:
    """What is under way: its steps, each with what it says of itself."""

    def __init__(self, path: Path, told: Mapping[str, Any]) -> None:
        self._path = path
        self._told = {**told, "steps": {}}
        self._began = time.monotonic()
        self._write()

    def step(self, name: str, said: str) -> None:
        """Say how far one step is; several may be under way at once."""
        self._told["steps"][name] = said
        self._write()

    def end(self, said: str, *, went_well: bool) -> None:
        took = round(time.monotonic() - self._began)
        self._told["end"] = {"said": said, "well": went_well, "seconds": took}
        self._write()

    def _write(self) -> None:
        aside = self._path.with_suffix(f".{os.getpid()}.part")
        aside.write_text(json.dumps(self._told, ensure_ascii=False, indent=2), encoding="utf-8")
        aside.replace(self._path)
