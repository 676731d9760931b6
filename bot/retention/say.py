"""What the desk wants said: response names and figures; the words stand in domain.yml."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

# Buttons with these intents are controls: they always work, whoever holds the conversation and
# whatever else is on the screen, and their ids are these two words.
PRESS_CANCEL = "press_cancel"
PRESS_PERSON = "press_person"
# What every response name begins with; no id, kind or date does.
RESPONSE = "utter_"


@dataclass(frozen=True)
class Button:
    """A quick reply. `title` is a response name (`utter_button_…`) or, from data, the words.

    Pressing it counts as saying `intent` with `entities`, exactly as offered here.
    """

    title: str
    intent: str
    entities: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Say:
    """One message: a response of domain.yml, the figures to fill in, and what hangs on it.

    `offer` is the offer's public form (see conversation.md) when, and only when, this message
    makes one; `receipt` is the id of the receipt it confirms.
    """

    response: str
    figures: dict[str, str] = field(default_factory=dict)
    buttons: tuple[Button, ...] = ()
    offer: dict[str, Any] | None = None
    receipt: str | None = None


def worded_offer(offer: dict[str, Any], word: Callable[[str], str]) -> dict[str, Any]:
    """Return an offer's public form with every response name in it put into words by `word`."""
    return {name: _worded(value, word) for name, value in offer.items()}


def _worded(value: Any, word: Callable[[str], str]) -> Any:
    if isinstance(value, list):
        return [worded_offer(part, word) for part in value]
    return word(value) if isinstance(value, str) and value.startswith(RESPONSE) else value


@dataclass(frozen=True)
class Option:
    """One of the answers the desk waits for; `words` are other names a customer may use for it."""

    id: str
    title: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reply:
    """The desk's answer to one move: messages in order, and what it waits for now."""

    says: tuple[Say, ...]
    awaiting: str | None = None
    options: tuple[Option, ...] = ()
