"""The history of versions: what was live from when, who put it there, and what to serve now."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Any


class Kind(str, Enum):
    """What a line of the history says about its version."""

    BEGUN = "begun"  # somebody sets out to publish; nothing is live by that
    STARTED = "started"  # live because the desk started with these files
    PUBLISHED = "published"
    RETURNED = "returned"  # an earlier version, live again


@dataclass(frozen=True)
class Line:
    """One line of the history.

    Attributes:
        version: counts from 1; an earlier number where an earlier version returned.
        model: the name of the model's file.
        files: names everything the model was, or would be, trained from, as it stood on disk then.
        program: the same without the training data.
        reason: why it returned, or why it was published despite doubts.
        changes: how many examples were added and removed, by intent.
        figures: what was measured before it was published.
    """

    kind: Kind
    version: int
    model: str
    files: str
    program: str
    by: str
    at: datetime
    reason: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)
    figures: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_live(self) -> bool:
        """Whether this line put its version live."""
        return self.kind is not Kind.BEGUN


def live(history: Sequence[Line]) -> Line | None:
    """Return the line that put live what is live now; None before anything was."""
    return next((line for line in reversed(history) if line.is_live), None)


def worth_telling(history: Sequence[Line]) -> list[Line]:
    """Return the lines but those of publications that went on to be live: they are told once."""
    return [line for at, line in enumerate(history) if not _came_live(line, history[at + 1 :])]


def _came_live(begun: Line, later: Sequence[Line]) -> bool:
    if begun.is_live:
        return False
    until_next = itertools.takewhile(lambda line: line.is_live, later)
    return any(line.kind is Kind.PUBLISHED and line.model == begun.model for line in until_next)


def next_version(history: Sequence[Line]) -> int:
    return 1 + max((line.version for line in history if line.is_live), default=0)


def to_return_to(history: Sequence[Line], version: int | None) -> Line | None:
    """Return the newest line of that version, by default of the one that was live before.

    None: there is no such version, or it is the one that is live.
    """
    now = live(history)
    if now is None:
        return None
    others = [line for line in history if line.is_live and line.version != now.version]
    return next((line for line in reversed(others) if version in (None, line.version)), None)


def returning(line: Line, *, by: str, reason: str, files: str) -> Line:
    """Return the wish to have that version live again, whatever `files` hold by now."""
    return replace(
        line, kind=Kind.RETURNED, by=by, reason=reason, files=files, changes={}, figures={}
    )


def numbered(wanted: Line, history: Sequence[Line], *, now: datetime) -> Line:
    """Return the line to write at this moment: a new version gets its number only now."""
    number = wanted.version if wanted.kind is Kind.RETURNED else next_version(history)
    return replace(wanted, version=number, at=now)


def to_serve(
    history: Sequence[Line], *, files: str, program: str, only_published: bool
) -> Line | None:
    """Return the version a desk that starts has to serve; None: the one of its files as they are.

    The published one, unless the program was changed since: it may no longer read that model, or
    answer by names the model does not know. Where trainers and developers try things out
    (not `only_published`), files that were changed since the last line are served as well. A
    publication that was cut off has left a line, so that its files are not taken for such a change.
    """
    now = live(history)
    if now is None or now.program != program:
        return None
    return now if only_published or history[-1].files == files else None
