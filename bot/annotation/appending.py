"""Puts a dialogue at the end of a file, and takes it out; every other byte stays as it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.errors import EditRefused

TEST, STORY = "test", "story"


@dataclass(frozen=True)
class Appended:
    """Lines for the end of a file; `file` is its path in the project, `kind` a test or a story."""

    kind: str
    file: str
    lines: str


@dataclass(frozen=True)
class Writing:
    """An entry of the journal; `undoes` is the number of the one it takes back, if it does."""

    number: int
    at: datetime
    by: str
    what: Appended
    conversation: str | None = None
    undoes: int | None = None


def appended(text: str, what: Appended) -> str:
    """Return the text with the lines behind its last; its kind of line break is kept."""
    ending = "\r\n" if "\r\n" in text else "\n"
    closed = text if not text or text.endswith("\n") else text + ending
    return closed + what.lines.replace("\n", ending)


def taken_out(text: str, what: Appended) -> str:
    """Return the text without the lines.

    Raises:
        EditRefused: somebody has changed them since they were written.
    """
    ending = "\r\n" if "\r\n" in text else "\n"
    lines = what.lines.replace("\n", ending)
    if text.count(lines) != 1:
        raise EditRefused(
            f"{what.file} no longer holds these lines as they were written. Look at the file."
        )
    return text.replace(lines, "")


def holds(text: str, what: Appended) -> bool:
    """Whether the lines stand there already."""
    return what.lines in text.replace("\r\n", "\n")
