"""What the studio wrote into training files: who, when, whence, how to undo it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.annotation.edits import Edit


@dataclass(frozen=True)
class Entry:
    """One change, of one line or of two where a line moved; `number` counts from 1.

    `conversation` is the id of the conversation the text came from; `undoes` is the number of the
    entry this one takes back.
    """

    number: int
    at: datetime
    by: str
    edits: tuple[Edit, ...]
    conversation: str | None = None
    undoes: int | None = None


def undone(entries: Iterable[Entry]) -> frozenset[int]:
    """Return the numbers of the entries that were taken back."""
    return frozenset(entry.undoes for entry in entries if entry.undoes is not None)


def inverse(entry: Entry) -> tuple[Edit, ...]:
    """Return the edits that take an entry back, in the order to make them."""
    return tuple(edit.inverse for edit in reversed(entry.edits))


def standing(entries: Iterable[Entry]) -> list[tuple[Edit, Entry]]:
    """Return the lines that should stand in the files if nobody else had touched them."""
    wanted: dict[tuple[str, str, str], tuple[Edit, Entry]] = {}
    for entry in entries:
        for edit in entry.edits:
            if edit.before is not None:
                wanted.pop((edit.file, edit.intent, edit.before), None)
            if edit.after is not None:
                wanted[(edit.file, edit.intent, edit.after)] = (edit, entry)
    return list(wanted.values())
