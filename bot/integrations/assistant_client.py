"""Asks the assistant for one answer, over loopback, through its own channel."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import requests

from bot.conversations.understood import read_understood
from bot.errors import AssistantUnavailable
from bot.retention.say import Button
from bot.use_cases.ports import Asked, AssistantAnswer, Worded

SECRET_HEADER = "X-Desk-Secret"
CONNECT_SECONDS = 2.0


class HttpAssistant:
    """`timeout_seconds` is the longest wait for an answer once connected.

    `url` is where the assistant is, or says so anew for every turn.

    One instance serves all threads: requests keeps idle connections per host and thread-safely
    hands them out, and no cookie or state of one conversation reaches another.
    """

    def __init__(
        self, url: str | Callable[[], str], *, secret: str, timeout_seconds: float
    ) -> None:
        self._where = url if callable(url) else lambda: url
        self._timeout = (CONNECT_SECONDS, timeout_seconds)
        self._session = requests.Session()
        self._session.headers[SECRET_HEADER] = secret
        # A proxy set for the machine must not see customers' words on their way to loopback.
        self._session.trust_env = False
        adapter = requests.adapters.HTTPAdapter(pool_connections=2, pool_maxsize=64)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def answer(self, asked: Asked) -> AssistantAnswer:
        """Raises AssistantUnavailable: down, too slow, without an answer, or not understood."""
        try:
            response = self._session.post(
                self._at("turn"), json=question(asked), timeout=self._timeout
            )
        except requests.RequestException as error:
            raise AssistantUnavailable(f"The assistant did not answer: {error}") from error
        if response.status_code != requests.codes.ok:
            status = response.status_code
            raise AssistantUnavailable(f"The assistant answered with status {status}.")
        try:
            return read_answer(response.json())
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            problem = f"The assistant's answer makes no sense: {error!r}"
            raise AssistantUnavailable(problem) from error

    def is_ready(self) -> bool:
        """Whether it has a model and would answer."""
        try:
            response = self._session.get(self._at("health"), timeout=self._timeout)
        except requests.RequestException:
            return False
        return bool(response.status_code == requests.codes.ok)

    def _at(self, path: str) -> str:
        return f"{self._where().rstrip('/')}/webhooks/desk/{path}"


def question(asked: Asked) -> dict[str, Any]:
    """Return a turn as the assistant's channel takes it."""
    question = asdict(asked)
    question["entities"] = [{"entity": name, "value": value} for name, value in asked.entities]
    question["context"] = {
        "awaiting": question.pop("awaiting"),
        "options": list(question.pop("options")),
        "account": question.pop("account"),
    }
    return question


def read_answer(body: dict[str, Any]) -> AssistantAnswer:
    """Read what the assistant's channel answered.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: it makes no sense.
    """
    messages = tuple(_worded(message) for message in body["messages"])
    if not messages:
        raise ValueError("no messages")
    return AssistantAnswer(messages, read_understood(body["understood"]))


def _worded(message: dict[str, Any]) -> Worded:
    custom = message.get("custom") or {}
    return Worded(
        text=str(message["text"]),
        buttons=tuple(_button(button) for button in message.get("buttons") or ()),
        offer=custom.get("offer"),
        receipt=custom.get("receipt"),
    )


def _button(button: dict[str, Any]) -> Button:
    intent, brace, entities = button["payload"].lstrip("/").partition("{")
    found = json.loads(brace + entities) if brace else {}
    return Button(
        title=str(button["title"]),
        intent=intent.strip(),
        entities=tuple((str(name), str(value)) for name, value in found.items()),
    )
