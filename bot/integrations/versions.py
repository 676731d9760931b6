"""Keeps the published versions in a folder: the history, and every model it names."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.integrations.json_lines import JsonLines
from bot.publishing.history import Kind, Line

MODELS_KEPT = 10
CANDIDATE_SECONDS = 24 * 3600.0


class Versions:
    """`history.jsonl` says which model is live; a line is written when all else is in place.

    So a crash at any moment leaves one live version: the last one whose line is whole.
    """

    def __init__(self, folder: Path) -> None:
        """Take the folder; it is made with the first version."""
        self._models = folder / "models"
        self._lines = JsonLines(folder / "history.jsonl", called="history")

    def history(self) -> list[Line]:
        """Return all lines, oldest first.

        Raises:
            FileInvalid: a line is no line of a history.
        """
        return self._lines.read(read_line)

    def add(self, line: Line) -> None:
        """Write a line down for good."""
        self._lines.add(as_document(line))

    def model(self, line: Line) -> Path:
        """Return where the version's model is, if it is still kept."""
        return self._models / line.model

    def keep(self, model: Path) -> Path:
        """Keep a model for as long as it may be returned to; give its place here.

        The same file under a second name where that is possible, so that it costs no room; what is
        trained anew or cleared away in the other folder leaves it as it is.
        """
        kept = self._models / model.name
        if kept.exists():
            return kept
        self._models.mkdir(parents=True, exist_ok=True)
        aside = kept.with_suffix(".part")
        aside.unlink(missing_ok=True)
        try:
            os.link(model, aside)
        except OSError:  # another disk, or a file system without second names
            shutil.copyfile(model, aside)
        aside.replace(kept)
        return kept

    def forget_old(self) -> None:
        """Delete what belongs to versions that are long past; the history keeps their lines.

        Candidates that nobody published go the same way, a day after they were trained.
        """
        newest = dict.fromkeys(line.model for line in reversed(self.history()))
        kept = set(list(newest)[:MODELS_KEPT])
        for file in self._models.iterdir():
            named = f"{file.name.split('.')[0]}.tar.gz"
            if named not in kept and file.stat().st_mtime < time.time() - CANDIDATE_SECONDS:
                file.unlink()


def as_document(line: Line) -> dict[str, Any]:
    return {**asdict(line), "kind": line.kind.value, "at": line.at.isoformat()}


def read_line(document: dict[str, Any]) -> Line:
    """Return the line that `as_document` wrote.

    Raises:
        ValueError, TypeError, KeyError: it is none.
    """
    kind, at = Kind(document["kind"]), datetime.fromisoformat(document["at"])
    return Line(**{**document, "kind": kind, "at": at})
