"""Keeps the studio's journal: one line of JSON a change, only ever added to."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.annotation.edits import Edit
from bot.annotation.journal import Entry
from bot.integrations.json_lines import JsonLines


class StudioJournal:
    """Fits the port `Journal`."""

    def __init__(self, path: Path) -> None:
        """Take the path of the file; its folder is made when the first entry is."""
        self._lines = JsonLines(path, called="journal")

    def entries(self) -> list[Entry]:
        """Return all entries, oldest first.

        Raises:
            FileInvalid: a line is no entry. The last one, where a machine stopped, is left out.
        """
        return self._lines.read(_entry)

    def add(self, entry: Entry) -> None:
        """Write an entry down for good."""
        self._lines.add({**asdict(entry), "at": entry.at.isoformat()})


def _entry(told: dict[str, Any]) -> Entry:
    edits = tuple(Edit(**edit) for edit in told.pop("edits"))
    at = datetime.fromisoformat(told.pop("at"))
    return Entry(**told, at=at, edits=edits)
