"""A turn: one thing the customer did, and the work of answering it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from bot.conversations.holder import Hold, Holder

# Seconds before the next try, by the number of tries that failed; the last one repeats.
_BACK_OFF_SECONDS = (0.5, 1, 2, 3, 5)


class Lane(str, Enum):
    """Control presses have a lane of their own: they never wait for an assistant that hangs."""

    CONTROL = "control"
    TALK = "talk"


class TurnState(str, Enum):
    """`waiting` until answered; `dropped` when a person took over before the answer came,
    `superseded` when a press on the cancel control overtook it, `failed` when it was given up."""

    WAITING = "waiting"
    DONE = "done"
    DROPPED = "dropped"
    SUPERSEDED = "superseded"
    FAILED = "failed"


class Route(str, Enum):
    """Who answers a turn."""

    ASSISTANT = "assistant"
    DIRECT = "direct"
    LISTEN_FOR_EXIT = "listen_for_exit"


@dataclass(frozen=True)
class Turn:
    """`number` counts from 1 within the conversation; `seq` is the customer's message, if any.

    A press carries `intent` and `entities` exactly as the button offered them; typed words have
    `intent` None. `told_at` is when the customer was told that the answer takes long.
    """

    conversation: str
    number: int
    message_id: str
    lane: Lane
    asked_at: datetime
    text: str
    seq: int | None = None
    intent: str | None = None
    entities: tuple[tuple[str, str], ...] = ()
    state: TurnState = TurnState.WAITING
    tries: int = 0
    next_try_at: datetime | None = None
    told_at: datetime | None = None

    @property
    def is_event(self) -> bool:
        """Not the customer's message but something that happened, such as opening the chat."""
        return self.seq is None

    def route(self, hold: Hold, *, asks: bool) -> Route:
        """Return who answers now; `asks`: the dialogue waits for an answer.

        A turn that passed the conversation on itself, and is taken up again after a crash, goes
        the way it went the first time: it is still owed its answer. Escalating ends whatever was
        asked, so a question that stands while a person is awaited belongs to a cancellation
        stated since (which one? who are you?), and waiting must not delay that.
        """
        if self.is_event or self.lane is Lane.CONTROL:
            return Route.DIRECT
        if hold.cause == self.message_id or not hold.holder.is_person:
            return Route.ASSISTANT
        if self.intent:
            return Route.DIRECT
        if asks and hold.holder is not Holder.AGENT:
            return Route.ASSISTANT
        return Route.LISTEN_FOR_EXIT

    def tried_again_at(self, now: datetime) -> datetime:
        """Return when to try next, after one more failure at `now`."""
        step = min(self.tries, len(_BACK_OFF_SECONDS) - 1)
        return now + timedelta(seconds=_BACK_OFF_SECONDS[step])
