"""Keeps a file of JSON lines that is only ever added to, and whole again after any crash."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from bot.errors import FileInvalid

T = TypeVar("T")


class JsonLines:
    """A file that is not there holds nothing."""

    def __init__(self, path: Path, *, called: str) -> None:
        """Take the path, whose folder is made with the first line, and what to call the file."""
        self._path, self._called = path, called

    def read(self, as_entry: Callable[[dict[str, Any]], T]) -> list[T]:
        """Return all lines, oldest first, each as `as_entry` makes it.

        Raises:
            FileInvalid: a line is none. The last one, where a machine stopped, is left out.
        """
        if not self._path.exists():
            return []
        lines = self._path.read_bytes().split(b"\n")
        whole = lines[:-1]  # behind the last line break stands nothing, or what was cut off
        return [self._one(n, raw, as_entry) for n, raw in enumerate(whole, start=1) if raw]

    def add(self, entry: dict[str, Any]) -> None:
        """Write a line down for good; one at a time, also from several processes."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self._end_what_was_cut_off()
            file.write(json.dumps(entry, ensure_ascii=False).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def _end_what_was_cut_off(self) -> None:
        content = self._path.read_bytes()
        if content and not content.endswith(b"\n"):
            os.truncate(self._path, content.rfind(b"\n") + 1)

    def _one(self, number: int, raw: bytes, as_entry: Callable[[dict[str, Any]], T]) -> T:
        try:
            return as_entry(json.loads(raw))
        except (ValueError, TypeError, KeyError):
            where = f"{self._path.name}:{number}"
            raise FileInvalid(
                where, f"this is no entry of the {self._called}.", "Restore it."
            ) from None
