"""Rasa's way to the understanding engine: trains it, stores it as arrays and JSON, asks it."""

from __future__ import annotations

import hashlib
import logging
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.encoder_files import encoder_digest, find_encoder
from bot.nlu import ahead
from bot.nlu.messages import PARSED, put_parsed
from bot.understanding import engine
from bot.understanding.encoder import Encoder
from bot.understanding.engine import Engine
from bot.understanding.examples import Example, Span
from bot.understanding.lexicon import Lexicon

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(
    [
        DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER,
        DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR,
    ],
    is_trainable=True,
)
class MessageUnderstanding(GraphComponent, IntentClassifier, EntityExtractorMixin):
    """Intent, reasons and entities of a message by itself.

    `lexicon` holds the operator's names; `encoder` says whether the sentence encoder is used where
    set-up could make one.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """An empty lexicon: no plan, subscription or competitor is known by name."""
        return dict(ahead.DEFAULTS)

    @staticmethod
    def required_packages() -> list[str]:
        """What must be installed."""
        return ["sklearn", "spacy"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Return a hash of the engine's own code, and of the sentence encoder.

        Rasa trains a component anew when its class, its configuration or its data has changed; it
        does not see the code the class calls, and would restore a component of older code.
        """
        digest = hashlib.sha256((encoder_digest() or "no encoder").encode())
        for path in sorted(Path(engine.__file__).parent.glob("*.py")):
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        fitted: Engine | None = None,
    ) -> None:
        """Use `create` or `load`."""
        self._config = config
        self._lexicon = Lexicon.read(config["lexicon"])
        self._model_storage = model_storage
        self._resource = resource
        self._engine = fitted

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MessageUnderstanding:
        """Return an untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> MessageUnderstanding:
        """Return the component as it was trained.

        Raises:
            ValueError: nothing was stored, or in another form; an unfitted classifier that fails
                at the first message would be worse.
        """
        with model_storage.read_from(resource) as folder:
            files = {path.name: path.read_bytes() for path in folder.iterdir()}
        fitted = Engine.from_files(files, encoder=_encoder(config))
        return cls(config, model_storage, resource, fitted)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the engine on the intent examples and store it."""
        examples = [_example(message) for message in training_data.intent_examples]
        logger.info("Fitting the understanding engine on %d examples.", len(examples))
        asked = {key: self._config[key] for key in ahead.DEFAULTS}
        files = ahead.fitted(examples, asked)
        self._engine = Engine.from_files(files, encoder=_encoder(self._config))
        with self._model_storage.write_to(self._resource) as folder:
            for name, content in files.items():
                (folder / name).write_bytes(content)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Put intent, ranking and entities on each message."""
        if self._engine is None:
            raise ValueError("The understanding engine was not trained. Run the training first.")
        for message in messages:
            parsed = self._engine.parse(message.get("text") or "", today=_today(message))
            put_parsed(message, parsed, extractor=type(self).__name__)
            message.set(PARSED, parsed)
        return messages


def _encoder(config: dict[str, Any]) -> Encoder | None:
    return find_encoder() if config["encoder"] else None


def _example(message: Message) -> Example:
    spans = tuple(
        Span(entity["start"], entity["end"], entity["entity"], str(entity["value"]))
        for entity in message.get("entities") or []
    )
    return Example(message.get("text"), message.get("intent"), spans)


def _today(message: Message) -> date:
    """Return the customer's day: the gateway's, where it says so, else this machine's."""
    said = (message.get("metadata") or {}).get("today")
    if isinstance(said, str):
        return date.fromisoformat(said)
    # Not injectable: Rasa builds this component, and its messages carry no time.
    return datetime.now(timezone.utc).date()  # noqa: TID251
