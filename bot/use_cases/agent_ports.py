"""What the agents' use cases need from outside, beside what conversations need."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.conversations.agent import AgentOnDuty, Presence, Status
from bot.conversations.case import Case
from bot.conversations.conversation import Conversation
from bot.conversations.holder import Hold
from bot.conversations.message import Message
from bot.conversations.note import Note
from bot.retention.call_backs import CallBack
from bot.use_cases.people_ports import AuditedUnitOfWork
from bot.use_cases.ports import DeskUnitOfWork, Views
from bot.use_cases.updates import Updates


class Agents(Protocol):
    """Who is on duty, as last heard of."""

    def beat(
        self,
        agent: AgentOnDuty,
        *,
        status: Status | None,
        viewing: str | None,
        replying: bool,
        now: datetime,
    ) -> None:
        """Note a sign of life; `status` None: as it was, `here` for somebody new."""

    def locked(self, agent: str) -> Presence | None:
        """Return the agent, whose holding nobody else changes until this unit of work ends.

        Lock an agent before a conversation, never after: two who wait for each other get nothing.
        """

    def name_of(self, agent: str | None) -> str | None: ...

    def all(self) -> tuple[Presence, ...]:
        """Return everybody who was ever on duty, by id."""


class Cases(Protocol):
    """The stays of conversations with people, one row a conversation."""

    def get(self, conversation: str) -> Case:
        """Raises ConversationNotFound: it was never handed to people."""

    def find(self, conversation: str) -> Case | None: ...

    def save(self, case: Case) -> None: ...

    def claim(
        self, conversation: str, agent: str, *, capacity: int, cause: str, now: datetime
    ) -> bool:
        """Make the agent the holder if it still waits, in the queue or as a ticket, and they have
        room, by one update; say whether it is theirs now. The agent must be locked."""

    def waiting(self) -> tuple[Case, ...]:
        """Return the cases whose conversation waits in the queue."""

    def held_by(self, agent: str) -> tuple[Case, ...]: ...

    def unanswered_since(self, conversation: str) -> datetime | None:
        """Return when the oldest message of the customer came that no agent has answered."""


class Notes(Protocol):
    """What staff tell each other beside a conversation; the customer never gets it."""

    def add(self, note: Note) -> Note:
        """Keep the note under the next number; return it with that number."""

    def sent_as(self, conversation: str, client_message_id: str) -> Note | None: ...


class ReadMarks(Protocol):
    """How far each agent has read each conversation."""

    def put(self, conversation: str, agent: str, seq: int) -> None:
        """Move the mark forward; it never goes back."""

    def unread(self, conversation: str, agent: str) -> int: ...


class AgentUnitOfWork(DeskUnitOfWork, AuditedUnitOfWork, Protocol):
    """One transaction with everything the agents' use cases touch."""

    @property
    def agents(self) -> Agents: ...

    @property
    def cases(self) -> Cases: ...

    @property
    def notes(self) -> Notes: ...

    @property
    def read_marks(self) -> ReadMarks: ...

    def __enter__(self) -> AgentUnitOfWork: ...


@dataclass(frozen=True)
class OpenCase:
    """A conversation with people as everybody at the desk sees it; `unread` is by agent, and
    `customer_messages` what somebody who never opened it has not read. `call` was promised with
    a ticket that is open."""

    case: Case
    conversation: Conversation
    last_message: Message | None
    unanswered_since: datetime | None
    customer_messages: int
    unread: dict[str, int]
    call: CallBack | None = None


@dataclass(frozen=True)
class Board:
    """All cases that are open and everybody on duty, at one moment."""

    cases: tuple[OpenCase, ...]
    agents: tuple[Presence, ...]


@dataclass(frozen=True)
class CaseFile:
    """One conversation with all that is kept about it."""

    open_case: OpenCase
    agents: tuple[Presence, ...]
    messages: tuple[Message, ...]
    notes: tuple[Note, ...]
    holds: tuple[dict[str, Any], ...]
    receipts: tuple[dict[str, Any], ...]
    dropped: tuple[dict[str, Any], ...]
    survey: dict[str, Any] | None
    escalation: dict[str, Any] | None
    dialogue: dict[str, Any]


@dataclass(frozen=True)
class Hit:
    """One place where searched words stand; `sender` is `note` for a note."""

    seq: int
    sender: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Found:
    conversation: Conversation
    case: Case
    hits: tuple[Hit, ...]


class AgentViews(Views, Protocol):
    """Answers to the desk's questions; each sees one moment and changes nothing."""

    def board(self, only: Collection[str] | None = None) -> Board:
        """Return everybody on duty and the open cases, all or those `only`."""

    def on_duty(self) -> tuple[Presence, ...]:
        """Return everybody who was ever on duty, by id."""

    def hold(self, conversation: str) -> tuple[Hold, str | None]:
        """Return who holds it now, with the agent's name. Raises ConversationNotFound."""

    def open_case(self, conversation: str) -> tuple[OpenCase, tuple[Presence, ...]]:
        """Return one case, open or not, and everybody on duty.

        Raises:
            ConversationNotFound: there is none, or it was never handed to people.
        """

    def case_file(self, conversation: str) -> CaseFile:
        """Raises ConversationNotFound: there is none, or it was never handed to people."""

    def news(
        self, conversation: str, *, after: int, after_note: int
    ) -> tuple[Updates, tuple[Note, ...]]:
        """Return what is new for staff who follow it: words and notes of one moment.

        Raises:
            ConversationNotFound
        """

    def search(self, words: str, *, before: datetime | None, most: int) -> Sequence[Found]:
        """Return conversations that were with people and have these words, newest first."""
