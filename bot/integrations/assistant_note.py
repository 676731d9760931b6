"""The note of which assistant answers now, written by the supervisor and read for every turn."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from bot.errors import AssistantUnavailable


class Present(NamedTuple):
    """Where the assistant is reached, and the model it serves."""

    url: str
    model: Path


class AssistantNote:
    """One small file, replaced whole; whoever reads it sees the old assistant or the new one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        # What was read last and from which file, in one: several threads read at once.
        self._known: tuple[tuple[int, int], Present] | None = None

    def write(self, url: str, model: Path) -> None:
        """Send all turns that begin from now on to this address."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        aside = self.path.with_suffix(".part")
        aside.write_text(json.dumps({"url": url, "model": str(model)}) + "\n", encoding="utf-8")
        aside.replace(self.path)

    def url(self) -> str:
        """Raises AssistantUnavailable: nobody wrote a note."""
        return self._read().url

    def model(self) -> Path:
        """Raises AssistantUnavailable: nobody wrote a note."""
        return self._read().model

    def _read(self) -> Present:
        """Return what stands there; the file is read again only when it is another one."""
        known = self._known
        try:
            found = self.path.stat()
            stamp = (found.st_ino, found.st_mtime_ns)
            if known is not None and known[0] == stamp:
                return known[1]
            told = json.loads(self.path.read_text(encoding="utf-8"))
            known = (stamp, Present(told["url"], Path(told["model"])))
        except (OSError, ValueError, KeyError) as error:
            if known is None:
                raise AssistantUnavailable(
                    f"{self.path.name} does not say where the assistant is. Start the desk again."
                ) from error
        self._known = known
        return known[1]
