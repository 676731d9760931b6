"""What was understood, in the form Rasa's messages carry it."""

from __future__ import annotations

from typing import Any

from rasa.shared.nlu.training_data.message import Message

from bot.understanding.entities import Entity
from bot.understanding.parsed import RANKING_LENGTH, Parsed

# Where the components of one pass leave the whole result for each other.
PARSED = "save_desk_parsed"
# What of it the desk's channel tells the gateway; Rasa itself knows no such things.
HEARD = "save_desk_heard"


def put_heard(message: Message, parsed: Parsed) -> None:
    """Set what the channel tells beside intent and entities."""
    heard = {
        "reasons": list(parsed.reasons),
        "nearness": parsed.nearness,
        "language": parsed.signals.language,
    }
    message.set(HEARD, heard, add_to_output=True)


def put_parsed(message: Message, parsed: Parsed, *, extractor: str) -> None:
    """Set intent, intent ranking and entities, replacing what the message had."""
    ranking = [
        {"name": intent, "confidence": float(confidence)}
        for intent, confidence in parsed.ranking[:RANKING_LENGTH]
    ]
    # A copy: the fallback classifier changes the ranking in place.
    message.set("intent", dict(ranking[0]), add_to_output=True)
    message.set("intent_ranking", ranking, add_to_output=True)
    entities = [_rasa_entity(entity, extractor) for entity in parsed.entities]
    message.set("entities", entities, add_to_output=True)


def signal_entity(name: str, value: Any, *, text: str, extractor: str) -> dict[str, Any]:
    """Return something heard in the whole message as an entity, so that it can fill a slot."""
    return {
        "entity": name,
        "value": value,
        "start": 0,
        "end": len(text),
        "extractor": extractor,
        "confidence_entity": 1.0,
    }


def _rasa_entity(entity: Entity, extractor: str) -> dict[str, Any]:
    return {
        "entity": entity.entity,
        "value": entity.value,
        "start": entity.start,
        "end": entity.end,
        "extractor": extractor,
        "confidence_entity": 1.0,
        **({"role": entity.role} if entity.role else {}),
    }
