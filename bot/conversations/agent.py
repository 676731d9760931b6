"""An agent on duty: who answers customers, and whether they are here just now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum


class Status(str, Enum):
    """`here` takes cases; `away` keeps what it has; `off` has gone home."""

    HERE = "here"
    AWAY = "away"
    OFF = "off"


class Assignment(str, Enum):
    """Whether cases are given out, or taken."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"


@dataclass(frozen=True)
class AgentOnDuty:
    """Who does something at the desk. `skills` empty: takes everything.

    `level` names how much they may grant alone; `capacity` is how many conversations they hold at
    most, 0 for who answers no customers. `leads`: may pass on what others hold.
    """

    id: str
    name: str
    level: str = "agent"
    team: str | None = None
    skills: tuple[str, ...] = ()
    capacity: int = 3
    leads: bool = False


@dataclass(frozen=True)
class Patience:
    """How long the desk waits for an agent's signs of life.

    `away_after`: without one, nothing new is assigned. `gone_after`: conversations that the agent
    took and never answered go back to the queue; `gone_after_answering`: the others do as well.
    """

    beat: timedelta = timedelta(seconds=15)
    away_after: timedelta = timedelta(seconds=60)
    gone_after: timedelta = timedelta(seconds=120)
    gone_after_answering: timedelta = timedelta(seconds=600)


@dataclass(frozen=True)
class Presence:
    """An agent as last heard of: `status` as chosen, `beat_at` the last sign of life.

    `viewing` is the conversation on their screen, `replying_at` when they last wrote in it.
    """

    agent: AgentOnDuty
    status: Status
    beat_at: datetime
    viewing: str | None = None
    replying_at: datetime | None = None
    holding: int = 0

    def status_at(self, now: datetime, patience: Patience) -> Status:
        """Return what the agent is to everybody else: who fell silent is away."""
        silent = now - self.beat_at >= patience.away_after
        return Status.AWAY if self.status is Status.HERE and silent else self.status

    def has_room(self, now: datetime, patience: Patience) -> bool:
        here = self.status_at(now, patience) is Status.HERE
        return here and self.holding < self.agent.capacity

    def is_gone(self, now: datetime, patience: Patience, *, has_answered: bool) -> bool:
        """Say whether a conversation must not wait for this agent any longer."""
        limit = patience.gone_after_answering if has_answered else patience.gone_after
        return self.status is Status.OFF or now - self.beat_at >= limit

    def shows(self, conversation: str, now: datetime, patience: Patience) -> bool:
        """Say whether the conversation is on their screen now."""
        seen = self.viewing == conversation and self.status is not Status.OFF
        return seen and now - self.beat_at < patience.away_after

    def is_replying(self, now: datetime, patience: Patience) -> bool:
        return self.replying_at is not None and now - self.replying_at < patience.away_after
