"""Keeps which dialogues the studio wrote: one line of JSON each, only ever added to."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.annotation.appending import Appended, Writing
from bot.integrations.json_lines import JsonLines


class DialogueLog:
    """Fits the port `DialogueJournal`."""

    def __init__(self, path: Path) -> None:
        """Take the path of the file; its folder is made when the first entry is."""
        self._lines = JsonLines(path, called="journal")

    def writings(self) -> list[Writing]:
        """Return all entries, oldest first.

        Raises:
            FileInvalid: a line is no entry. The last one, where a machine stopped, is left out.
        """
        return self._lines.read(_writing)

    def add(self, writing: Writing) -> None:
        """Write an entry down for good."""
        self._lines.add({**asdict(writing), "at": writing.at.isoformat()})


def _writing(told: dict[str, Any]) -> Writing:
    what = Appended(**told.pop("what"))
    at = datetime.fromisoformat(told.pop("at"))
    return Writing(**told, what=what, at=at)
