"""Who holds a conversation: exactly one at a time, with a version that counts every change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum


class Holder(str, Enum):
    """Whose turn it is to answer the customer."""

    ASSISTANT = "assistant"
    QUEUE = "queue"
    AGENT = "agent"
    TICKET = "ticket"
    CLOSED = "closed"

    @property
    def is_person(self) -> bool:
        """A person answers, or is awaited; the assistant is silent."""
        return self in {Holder.QUEUE, Holder.AGENT, Holder.TICKET}


@dataclass(frozen=True)
class Hold:
    """`version` grows by one with every change; `cause` is the message id that made the last one.

    `agent` names who holds it, when an agent does.
    """

    holder: Holder = Holder.ASSISTANT
    version: int = 1
    cause: str | None = None
    agent: str | None = None

    def passed_to(self, holder: Holder, *, cause: str | None, agent: str | None = None) -> Hold:
        return Hold(holder, self.version + 1, cause, agent)

    def passed_to_queue(self, *, cause: str) -> Hold:
        """Ask for a person; nothing changes when one holds or is awaited already."""
        return self if self.holder.is_person else self.passed_to(Holder.QUEUE, cause=cause)

    def passed_to_ticket(self, *, cause: str) -> Hold:
        """Leave it to a person who answers later; an agent who holds it, or a ticket, stays."""
        if self.holder in {Holder.AGENT, Holder.TICKET}:
            return self
        return self.passed_to(Holder.TICKET, cause=cause)

    def touched(self, *, cause: str) -> Hold:
        """Same holder, next version: answers that were begun before no longer fit."""
        return replace(self, version=self.version + 1, cause=cause)

    def still_fits(self, begun_at_version: int, message_id: str) -> bool:
        """Whether an answer begun at that version may be stored.

        It may when nothing changed meanwhile, or when the answered message itself made the change:
        the message that asks for a person is still told that one is coming.
        """
        return self.version == begun_at_version or self.cause == message_id
