"""Long work that somebody asked for on a page, in a process of its own that can be ended."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from bot.supervisor.child import Child, Part
from bot.supervisor.supervisor import Supervisor

STUDIO = [sys.executable, "-m", "bot", "studio"]
# What may be asked for; everything else a wish holds becomes the value of an option.
TRAINS = ("compare", "publish")
WORK = (*TRAINS, "rollback")


class Work:
    """At most one process at a time; it tells its progress itself."""

    def __init__(self, supervisor: Supervisor) -> None:
        self._supervisor = supervisor
        self._child: Child | None = None

    def begin(self, what: str, by: str, given: Mapping[str, str]) -> None:
        """Begin a piece of work, unless one is under way."""
        self.look()
        if self._child is not None or what not in WORK:
            return
        # Each in one word with its option, so that no value is taken for an option.
        options = [f"--{name}={value}" for name, value in given.items() if name != "version"]
        version = [str(int(given["version"]))] if "version" in given else []
        command = [*STUDIO, what, f"--by={by}", *options, *version]
        self._child = self._supervisor.start_beside(Part("studio", command, health=""))

    def look(self) -> None:
        """Take note of work that has ended."""
        if self._child is not None and self._child.exit_code() is not None:
            self.cancel()

    def cancel(self) -> None:
        if self._child is not None:
            self._supervisor.end_beside(self._child)
            self._child = None
