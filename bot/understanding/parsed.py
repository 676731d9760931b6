"""What was understood of one message, as a value and in the form of the `parse` contract."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.understanding.entities import Entity
from bot.understanding.signals import Signals

OTHER_LANGUAGE = "other_language"
REQUEST_CANCELLATION = "request_cancellation"
LEAVING = (REQUEST_CANCELLATION, "cancel_order", "return_order")
RANKING_LENGTH = 5


@dataclass(frozen=True)
class Parsed:
    """What was understood of `text`; the ranking's first entry is `intent` with `confidence`.

    `suspected` are the causes a message would name if it were an answer to "why?". `nearness`,
    0 to 1, is how near the nearest training example is.
    """

    text: str
    intent: str
    confidence: float
    ranking: tuple[tuple[str, float], ...]
    intents: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    entities: tuple[Entity, ...] = ()
    signals: Signals = Signals()
    suspected: tuple[Entity, ...] = ()
    nearness: float | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the form of the `parse` contract."""
        return {
            "text": self.text,
            "intent": self.intent,
            "confidence": round(self.confidence, 4),
            "ranking": [
                {"intent": intent, "confidence": round(confidence, 4)}
                for intent, confidence in self.ranking[:RANKING_LENGTH]
            ],
            "intents": list(self.intents),
            "reasons": list(self.reasons),
            "entities": [entity.as_json() for entity in self.entities],
            "signals": [*self.signals.heard()],
            "language": self.signals.language,
        }
