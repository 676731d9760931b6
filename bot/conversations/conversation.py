"""A conversation: who holds it, whose it is, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.conversations.holder import Hold, Holder


@dataclass(frozen=True)
class Conversation:
    """`last_seq` is the newest message's number, `last_turn` the newest turn's; both from 0.

    `heard_at` is when the customer last did something. `silent_since` is set once their silence
    was taken note of, `left_at` once they closed the chat while a person holds or is awaited.
    """

    id: str
    opened_at: datetime
    heard_at: datetime
    account: str | None = None
    hold: Hold = field(default_factory=Hold)
    last_seq: int = 0
    last_turn: int = 0
    silent_since: datetime | None = None
    left_at: datetime | None = None
    closed_at: datetime | None = None

    def heard(self, *, cause: str, now: datetime) -> Conversation:
        """The customer is here: silence ends, and a closed conversation opens again."""
        hold = self.hold
        if hold.holder is Holder.CLOSED:
            hold = hold.passed_to(Holder.ASSISTANT, cause=cause)
        return replace(
            self, hold=hold, heard_at=now, silent_since=None, left_at=None, closed_at=None
        )

    def next_message(self) -> Conversation:
        return replace(self, last_seq=self.last_seq + 1)

    def next_turn(self) -> Conversation:
        return replace(self, last_turn=self.last_turn + 1)

    def left(self, *, cause: str | None, now: datetime) -> Conversation:
        """The customer closed the chat.

        Who waits for a person keeps their place: leaving the page must not lose the case.
        """
        if self.hold.holder.is_person:
            return replace(self, left_at=now)
        return self.closed(cause=cause, now=now)

    def closed(self, *, cause: str | None, now: datetime) -> Conversation:
        if self.hold.holder is Holder.CLOSED:
            return self
        return replace(
            self, hold=self.hold.passed_to(Holder.CLOSED, cause=cause), closed_at=now, left_at=None
        )
