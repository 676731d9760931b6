"""What tickets need from outside, as shapes: where they are kept, and where they go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.retention.call_backs import CallBack

# Kinds of deliveries: the ticket itself, and what is added to it later.
OPEN, ADD = "open", "add"


@dataclass(frozen=True)
class TicketText:
    """What is to be told outside; `key` is its name for good, `outside` where a new ticket goes."""

    key: str
    text: str
    outside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Delivery:
    """One thing that must reach one place outside; `reference` is the ticket's name there.

    `tries` counts this one; from the second on it may have arrived before.
    """

    id: int
    ticket: str
    conversation: str
    key: str
    outside: str
    kind: str
    text: str
    tries: int
    contact: str
    account: str | None
    reason: str
    summary: dict[str, Any]
    reference: str | None
    created_at: datetime


@dataclass(frozen=True)
class Link:
    """A ticket and its name in a place outside."""

    ticket: str
    conversation: str
    outside: str
    reference: str


@dataclass(frozen=True)
class Arrived:
    """How a ticket is called outside, and where a person can read it."""

    reference: str
    url: str | None = None


@dataclass(frozen=True)
class OutsideReply:
    """What a person wrote there for the customer; `id` is its name there."""

    id: str
    name: str
    text: str


@dataclass(frozen=True)
class OutsideState:
    """The replies so far, oldest first, and whether the ticket is done there."""

    replies: tuple[OutsideReply, ...]
    is_closed: bool


class TicketPlace(Protocol):
    """A place outside where tickets go."""

    def find(self, delivery: Delivery) -> Arrived | None:
        """Look for what an earlier try may have brought there; None where it is not there.

        Raises:
            Unavailable: it cannot be looked at now; nothing may be sent either.
        """

    def send(self, delivery: Delivery) -> Arrived:
        """Open the ticket, or add to it; `delivery.key` makes a repeat recognisable there.

        Raises:
            Unavailable: it did not answer; whether it took it is not known.
        """


class AnsweredTickets(Protocol):
    """A place that can be asked what became of a ticket."""

    def state(self, reference: str) -> OutsideState:
        """Raises Unavailable: it did not answer."""


class Tickets(Protocol):
    """Tickets and what has to go out for them; everything in the caller's transaction."""

    def held_by_agent(self, conversation: str) -> bool: ...

    def open_in(self, conversation: str) -> str | None:
        """Return the conversation's open ticket."""

    def leave(
        self,
        conversation: str,
        *,
        ticket: str,
        reason: str,
        contact: str,
        summary: dict[str, Any],
        cause: str,
        now: datetime,
    ) -> bool:
        """Make `ticket` the holder, unless an agent is; say whether a new ticket was left."""

    def plan_call(self, ticket: str, conversation: str, call: CallBack) -> None:
        """Promise a call; a later choice takes the place of an earlier one."""

    def hand_back(self, conversation: str, *, cause: str, now: datetime) -> None:
        """Make the assistant the holder again; an agent who holds it stays."""

    def send_out(
        self, ticket: str, conversation: str, kind: str, text: TicketText, *, now: datetime
    ) -> None:
        """Have it delivered everywhere the ticket goes, once each."""

    def claim(self, *, now: datetime, until: datetime) -> Delivery | None:
        """Return the oldest due delivery and keep others off it until then."""

    def delivered(
        self, delivery: Delivery, reference: str, url: str | None, *, now: datetime
    ) -> None: ...

    def put_off(self, delivery: Delivery, *, until: datetime) -> None: ...

    def to_look_at(
        self, place: str, *, now: datetime, every: timedelta, most: int
    ) -> tuple[Link, ...]: ...

    def link(self, ticket: str) -> Link | None: ...

    def took_reply(self, link: Link, reply: str, *, seq: int, now: datetime) -> bool:
        """Remember a reply; False when it came before."""

    def reopen_case(self, ticket: str, *, now: datetime) -> None:
        """It is with people again, and stands in their list."""

    def close(self, ticket: str, *, now: datetime) -> bool: ...
