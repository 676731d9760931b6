"""What the studio needs from outside: the trainers' files and the journal of what it wrote."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.annotation.edits import Edit
from bot.annotation.journal import Entry
from bot.annotation.judgement import Judgement
from bot.annotation.teaching import Happened
from bot.conversations.message import Sender
from bot.conversations.understood import Heard
from bot.understanding.examples import Example


@dataclass(frozen=True)
class Line:
    """One message of a conversation, without what is personal."""

    seq: int
    sender: Sender
    text: str


class TrainingData(Protocol):
    """The training files, which belong to the trainers and may change at any moment."""

    def alone(self) -> AbstractContextManager[None]:
        """Keep other trainers out while several steps belong together."""

    def examples(self) -> list[Example]:
        """Return every example, in the order of files and lines."""

    def raw(self, example: Example) -> str:
        """Return the example as it stands in its file, after "- ". Raises EditRefused."""

    def preview(self, edits: Sequence[Edit]) -> str:
        """Return what the edits would change, as a diff. Raises EditRefused."""

    def prepared(self, edits: Sequence[Edit]) -> tuple[Edit, ...]:
        """Return the edits with what their inverse needs. Raises EditRefused."""

    def write(self, edit: Edit) -> None:
        """Make one edit on the newest content, whole or not at all. Raises EditRefused."""

    def holds(self, edit: Edit) -> bool:
        """Return whether the file is as the edit wants it."""


class Journal(Protocol):
    """What was written, oldest first; entries never change."""

    def entries(self) -> list[Entry]:
        """Return all entries, oldest first."""

    def add(self, entry: Entry) -> None:
        """Write an entry down for good."""


class Checkout(Protocol):
    """The git checkout in which the training files stand, if they stand in one."""

    def is_there(self) -> bool:
        """Whether there is one, and git to commit with."""

    def commit(self, entry: Entry, title: str, author: str) -> str:
        """Commit the entry's lines, and only them; return the commit's short name.

        Raises:
            EditRefused: there is no checkout, nobody can be named, or the lines are in already.
        """


class StudioViews(Protocol):
    """What customers said, for trainers; each call sees one moment and changes nothing."""

    def heard_in(self, conversation: str) -> tuple[Heard, ...]:
        """Return what was understood in a conversation, in the order said."""

    def heard_since(self, moment: datetime, *, most: int) -> tuple[Heard, ...]:
        """Return what was understood since then, the newest first and no more than `most`."""

    def happened_in(self, conversation: str) -> tuple[Happened, ...]:
        """Return the same with what came of each message, and what trainers decided."""

    def happened_since(self, moment: datetime, *, most: int) -> tuple[Happened, ...]:
        """Return the newest messages since then, with what came of each."""

    def around(self, heard: Heard, *, before: int, after: int) -> tuple[Line, ...]:
        """Return the message with so many before and after it, in the order said."""


class Judgements(Protocol):
    """What trainers decided about messages, one decision a trainer and message."""

    def of(self, conversation: str, turn: int) -> tuple[Judgement, ...]: ...

    def put(self, judgement: Judgement) -> bool:
        """Keep a decision instead of the trainer's earlier one.

        False, and nothing is kept, when another trainer took its place in the same moment.
        """

    def take_back(self, conversation: str, turn: int, trainer: str) -> None: ...

    def made_together(self, trainer: str, at: datetime) -> tuple[Judgement, ...]:
        """Return what the trainer decided at one stroke: alike messages have one instant."""


class StudioUnitOfWork(Protocol):
    """One transaction of the studio."""

    @property
    def judgements(self) -> Judgements: ...

    def __enter__(self) -> StudioUnitOfWork: ...

    def __exit__(self, *exc: object) -> None: ...

    def commit(self) -> None: ...
