"""Keeps the studio's journal: one line of JSON a change, only ever added to."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from bot.annotation.edits import Edit
from bot.annotation.journal import Entry
from bot.errors import FileInvalid


class StudioJournal:
    """Fits the port `Journal`; a file that is not there holds nothing."""

    def __init__(self, path: Path) -> None:
        """Take the path of the file; its folder is made when the first entry is."""
        self._path = path

    def entries(self) -> list[Entry]:
        """Return all entries, oldest first.

        Raises:
            FileInvalid: a line is no entry. The last one, where a machine stopped, is left out.
        """
        if not self._path.exists():
            return []
        lines = self._path.read_bytes().split(b"\n")
        whole = lines[:-1]  # behind the last line break stands nothing, or what was cut off
        return [self._entry(number, raw) for number, raw in enumerate(whole, start=1) if raw]

    def add(self, entry: Entry) -> None:
        """Write an entry down for good."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        told = {**asdict(entry), "at": entry.at.isoformat()}
        with self._path.open("ab+") as file:
            self._end_what_was_cut_off()
            file.write(json.dumps(told, ensure_ascii=False).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def _end_what_was_cut_off(self) -> None:
        content = self._path.read_bytes()
        if content and not content.endswith(b"\n"):
            os.truncate(self._path, content.rfind(b"\n") + 1)

    def _entry(self, number: int, raw: bytes) -> Entry:
        try:
            told = json.loads(raw)
            edits = tuple(Edit(**edit) for edit in told.pop("edits"))
            at = datetime.fromisoformat(told.pop("at"))
            return Entry(**told, at=at, edits=edits)
        except (ValueError, TypeError, KeyError):
            where = f"{self._path.name}:{number}"
            raise FileInvalid(where, "this is no entry of the journal.", "Restore it.") from None
