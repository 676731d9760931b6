"""A conversation played on the rehearsal desk: what was done, step by step, and answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

EVENTS = ("silence", "close", "types the code")


@dataclass(frozen=True)
class Step:
    """What the customer does: types `customer`, presses the button titled `press`, or `event`.

    `intent` is what the words mean where a trainer corrects the assistant.
    """

    customer: str | None = None
    press: str | None = None
    event: str | None = None
    intent: str | None = None

    @property
    def did(self) -> str:
        """What was typed or pressed, or what happened."""
        return self.customer or self.press or self.event or ""

    def to_document(self) -> dict[str, str]:
        """Return the step as JSON, without what it does not have."""
        return {key: value for key, value in vars(self).items() if value is not None}


@dataclass(frozen=True)
class Shown:
    """A message as the customer reads it."""

    sender: str
    text: str
    buttons: tuple[str, ...] = ()
    offer: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Exchange:
    """A step (None for the opening of the chat) with what came of it.

    `says` are the names of the responses; `refused` is why the desk did not take the step.
    """

    step: Step | None
    says: tuple[str, ...] = ()
    messages: tuple[Shown, ...] = ()
    understood: Mapping[str, Any] | None = None
    holder: str = "assistant"
    outcome: str | None = None
    refused: str | None = None

    @property
    def intent(self) -> str | None:
        """What the assistant took it for, or was told that it means."""
        return str(self.understood["intent"]) if self.understood else None

    @property
    def offer(self) -> Mapping[str, Any] | None:
        return next((shown.offer for shown in self.messages if shown.offer), None)


@dataclass(frozen=True)
class Played:
    """A whole conversation with a demo account, None for a visitor nobody knows.

    `attempts` are the save attempts as they were recorded, with verdicts and offers.
    """

    account: str | None
    exchanges: tuple[Exchange, ...]
    attempts: tuple[Mapping[str, Any], ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(one.step for one in self.exchanges if one.step is not None)

    @property
    def answers(self) -> tuple[Exchange, ...]:
        """The exchanges behind the opening that the desk took."""
        return tuple(one for one in self.exchanges if one.step is not None and not one.refused)


def corrected(steps: tuple[Step, ...], place: int, intent: str | None) -> tuple[Step, ...]:
    """Return the steps with what the words at `place` (from 0) mean; None takes a correction back.

    What follows is left out: it was said to another answer.
    """
    return (*steps[:place], replace(steps[place], intent=intent))
