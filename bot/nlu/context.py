"""Rasa's way to the context interpreter: what the assistant asked last changes what is meant."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.messages import PARSED, put_heard, put_parsed, signal_entity
from bot.understanding.context import FALLBACK, interpret
from bot.understanding.parsed import OTHER_LANGUAGE, Parsed

# Signals the actions decide by; each becomes an entity with the value true.
SIGNALS = ("insisting", "immediate", "hardship", "both", "fraud", "legal", "anger", "distress")


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=False)
class ContextInterpreter(GraphComponent, IntentClassifier):
    """Stands last in the pipeline: reads `awaiting` and `options` from the message's metadata.

    It can rescue a message that counted as not understood, because an answer to a question is
    easier to understand than the same words alone.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """A classifier must have spoken before."""
        return [IntentClassifier]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ContextInterpreter:
        """Return the component; it holds nothing."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Reinterpret each message by what was asked, and add what was heard as entities."""
        for message in messages:
            parsed: Parsed | None = message.get(PARSED)
            if parsed is not None:
                self._interpret(message, parsed)
        return messages

    def _interpret(self, message: Message, parsed: Parsed) -> None:
        metadata = message.get("metadata") or {}
        text = message.get("text") or ""
        understood = interpret(
            _as_fallen_back(parsed, message),
            text,
            awaiting=metadata.get("awaiting"),
            options=metadata.get("options") or (),
        )
        extractor = type(self).__name__
        put_parsed(message, understood, extractor=extractor)
        put_heard(message, understood)
        entities = message.get("entities")
        for name in SIGNALS:
            if getattr(parsed.signals, name):
                entities.append(signal_entity(name, True, text=text, extractor=extractor))
        if understood.intent == OTHER_LANGUAGE:
            language = parsed.signals.language
            entities.append(signal_entity("language", language, text=text, extractor=extractor))
            if parsed.signals.wants_to_leave:
                entities.append(
                    signal_entity("wants_to_leave", True, text=text, extractor=extractor)
                )
        # Only for the components of this pass: it must not be stored with the tracker.
        message.data.pop(PARSED, None)


def _as_fallen_back(parsed: Parsed, message: Message) -> Parsed:
    """Take over what the fallback classifier made of the message."""
    intent = message.get("intent") or {}
    if intent.get("name") != FALLBACK or parsed.intent == OTHER_LANGUAGE:
        return parsed
    confidence = float(intent["confidence"])
    return replace(
        parsed,
        intent=FALLBACK,
        confidence=confidence,
        ranking=((FALLBACK, confidence), *parsed.ranking),
    )
