"""What the assistant understood of a message in the customer's own words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.conversations.personal import generalised, impersonal

NOT_UNDERSTOOD = "nlu_fallback"
# What these say about somebody is needed to answer, never to learn from.
PRIVATE_KINDS = frozenset({"email", "phone", "code"})


@dataclass(frozen=True)
class Guess:
    """One intent the message may have, with a confidence from 0 to 1."""

    intent: str
    confidence: float


@dataclass(frozen=True)
class Part:
    """A part of the message and what it names: `kind` is the entity's name in domain.yml.

    It stands at `start:end` of the text, in characters. `value` is None where it is private.
    """

    kind: str
    value: str | None
    start: int
    end: int


@dataclass(frozen=True)
class Understood:
    """The first of the `ranking` is `intent` with `confidence`.

    `nearness`, 0 to 1, is how near the nearest training example is. It and `language` are None
    where nobody looked: for words that imitate a command, and for messages from earlier versions.
    `model` is the name of the model that understood it.
    """

    intent: str
    confidence: float
    ranking: tuple[Guess, ...] = ()
    reasons: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    nearness: float | None = None
    language: str | None = None
    model: str | None = None

    @property
    def is_understood(self) -> bool:
        return self.intent != NOT_UNDERSTOOD

    @property
    def guesses(self) -> tuple[Guess, ...]:
        """The ranking without the entry that says that nothing was understood."""
        return tuple(guess for guess in self.ranking if guess.intent != NOT_UNDERSTOOD)


def read_understood(told: Mapping[str, Any]) -> Understood:
    """Return what the assistant's channel told; intent and confidence are never missing.

    Raises:
        KeyError, TypeError, ValueError: it makes no sense.
    """
    nearness, language, model = (told.get(key) for key in ("nearness", "language", "model"))
    return Understood(
        intent=str(told["intent"]),
        confidence=float(told["confidence"]),
        ranking=tuple(
            Guess(str(guess["intent"]), float(guess["confidence"]))
            for guess in told.get("ranking") or ()
        ),
        reasons=tuple(map(str, told.get("reasons") or ())),
        # A button's entities stand nowhere in a text.
        parts=tuple(_part(entity) for entity in told.get("entities") or () if "start" in entity),
        nearness=None if nearness is None else float(nearness),
        language=None if language is None else str(language),
        model=None if model is None else str(model),
    )


def _part(entity: Mapping[str, Any]) -> Part:
    kind = str(entity["entity"])
    value = None if kind in PRIVATE_KINDS else str(entity["value"])
    return Part(kind, value, int(entity["start"]), int(entity["end"]))


@dataclass(frozen=True)
class Meant:
    """What was understood in a turn of a conversation, without the words."""

    conversation: str
    turn: int
    at: datetime
    understood: Understood


@dataclass(frozen=True)
class Heard(Meant):
    """The same with the customer's words, without what is personal.

    `seq` is the message's number in the conversation. `stand_in` is the text with somebody else's
    name and numbers where `text` has a mask, and empty where it has none.
    """

    seq: int
    text: str
    stand_in: str = ""

    @property
    def to_learn(self) -> str:
        """The words as an example may hold them: nobody writes masks."""
        return self.stand_in or self.text

    @classmethod
    def of(
        cls, text: str, understood: Understood, *, names: Iterable[str] = (), **place: Any
    ) -> Heard:
        """Take what is personal out of the text; parts move with their words, or go with them.

        `names` are what the account history calls the customer.
        """
        shown, stand_in = impersonal(text, names), ""
        if shown != text:
            stand_in = generalised(text, tuple(names))
            parts = (_moved(part, text, shown) for part in understood.parts)
            understood = replace(understood, parts=tuple(part for part in parts if part))
        return cls(text=shown, understood=understood, stand_in=stand_in, **place)


def _moved(part: Part, text: str, shown: str) -> Part | None:
    at = shown.find(text[part.start : part.end])
    return replace(part, start=at, end=at + part.end - part.start) if at >= 0 else None
