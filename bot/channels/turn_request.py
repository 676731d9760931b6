"""What the gateway asks the assistant: one turn, checked before Rasa sees any of it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

COMMAND_INTENT = "out_of_scope"
# How Rasa writes an intent: /name, /name@0.9, /name{"entity": "value"}.
_COMMAND = re.compile(r"[/\s]*(?P<name>[\w-]+)\s*(?P<rest>[@{].*)?", re.DOTALL)


@dataclass(frozen=True)
class TurnRequest:
    """Typed words (`intent` None), or a button with the intent and entities it was offered with."""

    conversation: str
    message_id: str
    text: str
    intent: str | None
    entities: tuple[tuple[str, str], ...]
    context: dict[str, Any]

    @property
    def words(self) -> str:
        """Return the text without the leading slashes that Rasa would obey.

        Rasa cuts white space off before it looks for the slash, so all of both go.
        """
        return self.text.lstrip("/ \t\r\n\v\f\u00a0") if self.intent is None else self.text

    def imitates_command(self, intents: Collection[str]) -> bool:
        """Whether the words were typed to be obeyed, like `/restart` or `/affirm{"offer": 1}`.

        `/cancel` and `/agent` are not: who types them means the words.
        """
        if self.intent is not None or not self.text.lstrip().startswith("/"):
            return False
        command = _COMMAND.fullmatch(self.text.strip())
        if command is None:
            return not self.words
        return bool(command["rest"]) or "_" in command["name"] or command["name"] in intents

    def parsed_button(self) -> dict[str, Any] | None:
        """Return what the button means, as Rasa's own parser would give it; None for words."""
        if self.intent is None:
            return None
        return parsed(self.text, self.intent, self.entities)


def parsed(text: str, intent: str, entities: tuple[tuple[str, str], ...] = ()) -> dict[str, Any]:
    """Return a parse result that is certain."""
    certain = {"name": intent, "confidence": 1.0}
    return {
        "text": text,
        "intent": certain,
        "intent_ranking": [certain],
        "entities": [{"entity": name, "value": value} for name, value in entities],
    }


def read_turn(body: bytes) -> TurnRequest:
    """Return the turn in a request's body.

    Raises:
        ValueError: it is not JSON, or a key is missing or of the wrong kind; the text names it.
    """
    document = json.loads(body)
    if not isinstance(document, dict):
        raise ValueError("the body must be a JSON object")  # noqa: TRY004
    context = document.get("context") or {}
    if not isinstance(context, dict):
        raise ValueError("context must be an object")  # noqa: TRY004
    intent = _text(document, "intent", required=False)
    return TurnRequest(
        conversation=_text(document, "conversation") or "",
        message_id=_text(document, "message_id") or "",
        text=_text(document, "text", required=intent is None) or "",
        intent=intent,
        entities=_entities(document.get("entities") or []),
        context=context,
    )


def _text(document: dict[str, Any], key: str, *, required: bool = True) -> str | None:
    value = document.get(key)
    if value is None and not required:
        return None
    if not isinstance(value, str) or not value:
        raise ValueError(f"{key} must be a text that is not empty")
    return value


def _entities(given: Any) -> tuple[tuple[str, str], ...]:
    try:
        return tuple((str(entity["entity"]), str(entity["value"])) for entity in given)
    except (TypeError, KeyError) as error:
        raise ValueError("entities must be a list of {entity, value}") from error
