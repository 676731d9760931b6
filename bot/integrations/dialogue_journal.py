"""Keeps which dialogues the studio wrote: one line of JSON each, only ever added to."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from bot.annotation.appending import Appended, Writing
from bot.errors import FileInvalid


class DialogueLog:
    """Fits the port `DialogueJournal`; a file that is not there holds nothing."""

    def __init__(self, path: Path) -> None:
        """Take the path of the file; its folder is made when the first entry is."""
        self._path = path

    def writings(self) -> list[Writing]:
        """Return all entries, oldest first; the last, where a machine stopped, is left out.

        Raises:
            FileInvalid: a line is no entry.
        """
        if not self._path.exists():
            return []
        whole = self._path.read_bytes().split(b"\n")[:-1]
        return [self._read(number, raw) for number, raw in enumerate(whole, start=1) if raw]

    def add(self, writing: Writing) -> None:
        """Write an entry down for good."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        told = {**asdict(writing), "at": writing.at.isoformat()}
        with self._path.open("ab") as file:
            self._end_what_was_cut_off()
            file.write(json.dumps(told, ensure_ascii=False).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def _end_what_was_cut_off(self) -> None:
        content = self._path.read_bytes()
        if content and not content.endswith(b"\n"):
            os.truncate(self._path, content.rfind(b"\n") + 1)

    def _read(self, number: int, raw: bytes) -> Writing:
        try:
            told = json.loads(raw)
            what = Appended(**told.pop("what"))
            at = datetime.fromisoformat(told.pop("at"))
            return Writing(**told, what=what, at=at)
        except (ValueError, TypeError, KeyError):
            where = f"{self._path.name}:{number}"
            raise FileInvalid(where, "this is no entry of the journal.", "Restore it.") from None
