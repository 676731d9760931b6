"""The one way into the assistant: turns from the gateway, proved by a shared secret."""

from __future__ import annotations

import hmac
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.shared.exceptions import InvalidConfigException
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.turn_request import COMMAND_INTENT, TurnRequest, parsed, read_turn
from bot.nlu.messages import HEARD
from bot.retention.say import worded_offer

log = structlog.get_logger()

SECRET_HEADER = "X-Desk-Secret"
MAX_BODY_BYTES = 64 * 1024
BUTTON_PREFIX = "utter_button_"
# The same form that Rasa fills: {name}, nothing more.
_FIGURE = re.compile(r"{([^\s{}]+)}")

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]


class CollectedAnswer(OutputChannel):
    """Keeps every response whole: its text, its buttons and what hangs on it."""

    def __init__(self) -> None:
        self._messages: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        return "desk"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one response; Rasa's own method would split it into several messages."""
        self._messages.append(message)

    def messages(self, responses: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the responses that say something, with buttons and offers in words."""
        return [
            {
                "text": message["text"],
                "buttons": [
                    {"title": _title(button["title"], responses), "payload": button["payload"]}
                    for button in message.get("buttons") or ()
                ],
                "custom": _attached(message.get("custom") or {}, responses),
            }
            for message in self._messages
            if message.get("text")
        ]


class DeskInput(InputChannel):
    """Speaks only to who knows the secret; who the customer is was checked by the gateway."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    @classmethod
    def name(cls) -> str:
        return "desk"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> DeskInput:
        secret = str((credentials or {}).get("secret") or "")
        # Rasa leaves ${NAME} as it is when the environment has no such variable.
        if not secret or secret.startswith("$"):
            raise InvalidConfigException(
                "The desk channel needs `secret:` in credentials.yml. Set DESK_SHARED_SECRET."
            )
        return cls(secret)

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Serve `GET health` and `POST turn`."""
        desk = Blueprint("desk_channel")

        @desk.route("/health", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            ready = request.app.ctx.agent is not None and request.app.ctx.agent.is_ready()
            return response.json({"ready": ready}, status=200 if ready else 503)

        @desk.route("/turn", methods=["POST"])
        async def turn(request: Request) -> HTTPResponse:
            if not self._is_trusted(request):
                return _refusal(403, f"the header {SECRET_HEADER} is missing or wrong")
            if len(request.body) > MAX_BODY_BYTES:
                return _refusal(413, f"a turn has at most {MAX_BODY_BYTES} bytes")
            try:
                asked = read_turn(request.body)
            except (ValueError, RecursionError) as error:
                return _refusal(400, str(error))
            return await _answer(asked, request.app.ctx.agent, on_new_message)

        return desk

    def _is_trusted(self, request: Request) -> bool:
        # As bytes: compare_digest refuses text that is not ASCII.
        given = request.headers.get(SECRET_HEADER, "").encode()
        return hmac.compare_digest(given, self._secret)


async def _answer(asked: TurnRequest, agent: Any, on_new_message: OnNewMessage) -> HTTPResponse:
    if agent is None or not agent.is_ready():
        return _refusal(503, "the assistant has no model yet")
    answered = await take_turn(asked, agent, on_new_message)
    if not answered["messages"]:
        # Rasa goes on quietly when its action server fails. The gateway must hear of it, so that
        # the turn is tried again.
        log.warning("turn_without_answer", message_id=asked.message_id)
        return _refusal(503, "no action answered")
    return response.json(answered)


async def take_turn(asked: TurnRequest, agent: Any, on_new_message: OnNewMessage) -> dict[str, Any]:
    """Return what the assistant says to one turn (`messages`) and what it `understood`."""
    answer = CollectedAnswer()
    understood = await _understood(asked, agent)
    # Not for Rasa: it would keep it with the tracker and post it to every action.
    heard = understood.pop(HEARD, {})
    await on_new_message(_user_message(asked, answer=answer, parse_data=understood))
    messages = answer.messages(agent.domain.responses)
    model = str(agent.processor.model_filename).removesuffix(".tar.gz")
    return {"messages": messages, "understood": {**_public(understood), **heard, "model": model}}


async def _understood(asked: TurnRequest, agent: Any) -> dict[str, Any]:
    """Return what the turn means.

    It is handed to Rasa as parsed already: a button costs no understanding and cannot be forged,
    and typed words never reach the handler that would obey a leading slash.
    """
    button = asked.parsed_button()
    if button is not None:
        return button
    if asked.imitates_command(agent.domain.intents):
        return parsed(asked.words, COMMAND_INTENT)
    heard: dict[str, Any] = await agent.processor.parse_message(_user_message(asked))
    return heard


def _user_message(
    asked: TurnRequest,
    *,
    answer: OutputChannel | None = None,
    parse_data: dict[str, Any] | None = None,
) -> UserMessage:
    return UserMessage(
        text=asked.words or asked.text,
        output_channel=answer,
        sender_id=asked.conversation,
        parse_data=parse_data,
        input_channel=DeskInput.name(),
        message_id=asked.message_id,
        metadata=asked.context,
    )


def _public(understood: dict[str, Any]) -> dict[str, Any]:
    """Return the understanding as the gateway keeps it: names, not nested objects."""
    intent = understood["intent"]
    return {
        "intent": intent["name"],
        "confidence": float(intent["confidence"]),
        "ranking": [
            {"intent": guess["name"], "confidence": float(guess["confidence"])}
            for guess in understood.get("intent_ranking") or ()
        ],
        "entities": [
            {
                key: entity[key]
                for key in ("entity", "value", "start", "end")
                if entity.get(key) is not None
            }
            for entity in understood["entities"]
        ],
    }


def _title(title: str, responses: Mapping[str, Any]) -> str:
    """Return a button's words for its response name; other titles are words already."""
    if not title.startswith(BUTTON_PREFIX):
        return title
    return str(responses[title][0]["text"])


def _attached(custom: dict[str, Any], responses: Mapping[str, Any]) -> dict[str, Any]:
    """Return what hangs on a message; an offer's words are filled with its message's figures."""
    if "offer" not in custom:
        return custom
    figures = custom["figures"]

    def word(name: str) -> str:
        text = str(responses[name][0]["text"])
        return _FIGURE.sub(lambda match: str(figures[match[1]]), text)

    attached = {key: value for key, value in custom.items() if key != "figures"}
    return {**attached, "offer": worded_offer(custom["offer"], word)}


def _refusal(status: int, problem: str) -> HTTPResponse:
    return response.json({"error": problem}, status=status)
