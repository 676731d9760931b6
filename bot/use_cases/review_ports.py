"""What trying, reviewing and measuring need from outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.annotation.appending import Appended, Writing
from bot.annotation.rehearsed import Played, Step
from bot.conversations.message import Message
from bot.conversations.understood import Meant
from bot.use_cases.studio_ports import StudioViews


class Stage(Protocol):
    """The rehearsal desk: the real assistant with demo accounts, where nothing is kept."""

    def play(self, account: str | None, steps: Sequence[Step]) -> Played:
        """Play a conversation from its first word.

        Raises:
            InvalidInput: there is no such demo account.
            Unavailable: the rehearsal desk does not start, or does not answer.
        """

    def close(self) -> None:
        """End what was started for it."""


@dataclass(frozen=True)
class Listed:
    """A conversation in which the customer said something in their own words.

    `said` counts those messages, `missed` those that were not understood; `least_sure` is the
    lowest confidence among them, and `first_words` the first of them, without what is personal.
    """

    id: str
    opened_at: datetime
    is_closed: bool
    holder: str
    said: int
    missed: int
    least_sure: float | None
    first_words: str


@dataclass(frozen=True)
class Decided:
    """A turn and what was decided: the responses that were said to it, by name.

    `intent` is that of a pressed button or of what happened, None for typed words; `seq` is the
    customer's message, None where something happened.
    """

    turn: int
    seq: int | None
    intent: str | None
    state: str
    is_control: bool
    says: tuple[str, ...]


@dataclass(frozen=True)
class Pressed:
    """A button that was pressed in a turn of a conversation, by what it means."""

    conversation: str
    turn: int
    intent: str


@dataclass(frozen=True)
class Talk:
    """A whole conversation as it stands on record; `attempts` are the save attempts in it.

    `names` are what the desk calls the customer by.
    """

    id: str
    account: str | None
    holder: str
    opened_at: datetime
    messages: tuple[Message, ...]
    decided: tuple[Decided, ...]
    attempts: tuple[Mapping[str, Any], ...]
    names: tuple[str, ...] = ()


class ReviewViews(StudioViews, Protocol):
    """Whole conversations, for trainers; each call sees one moment and changes nothing."""

    def talks(
        self, *, words: str, only_missed: bool, before: datetime | None, most: int
    ) -> tuple[Listed, ...]:
        """Return conversations in which these words were said, newest first."""

    def talk(self, conversation: str) -> Talk:
        """Return one whole conversation. Raises ConversationNotFound."""

    def meant_since(self, moment: datetime, *, most: int) -> tuple[Meant, ...]:
        """Return what was understood since then, the newest first and no more than `most`.

        It takes a tenth of what `heard_since` does: no words are read.
        """

    def responses_since(self, moment: datetime, *, until: datetime) -> tuple[str, ...]:
        """Return the names of the responses that were said, each as often as it was."""

    def presses_since(self, moment: datetime, *, until: datetime) -> tuple[Pressed, ...]:
        """Return the buttons that were pressed; the controls are not among them."""


class DialogueFiles(Protocol):
    """The files of dialogue tests and of stories, which belong to the trainers."""

    def names(self, kind: str) -> tuple[str, ...]:
        """Return the files for a `test` or a `story`, by their path in the project."""

    def text(self, file: str) -> str:
        """Return what a file says. Raises EditRefused."""

    def preview(self, what: Appended) -> str:
        """Return what writing it would change, as a diff. Raises EditRefused."""

    def write(self, what: Appended) -> None:
        """Put it at the end of the newest content, whole or not at all. Raises EditRefused."""

    def take_out(self, what: Appended) -> None:
        """Take it out again, where it stands as it was written. Raises EditRefused."""

    def commit(self, writing: Writing, author: str) -> str:
        """Commit its lines alone, in the author's name; return the commit. Raises EditRefused."""


class DialogueJournal(Protocol):
    """Which dialogues were written, oldest first; entries never change."""

    def writings(self) -> list[Writing]:
        """Return all entries, oldest first."""

    def add(self, writing: Writing) -> None:
        """Write an entry down for good."""
