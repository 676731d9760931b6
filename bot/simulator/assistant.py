"""The real assistant in this process: its model, our channel, the real actions, no network."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.utils.endpoints import EndpointConfig

from actions.in_process import actions_here
from bot.channels.action_answers import check_answers_with_one_validator
from bot.channels.desk import take_turn
from bot.channels.recent_trackers import RecentTrackers
from bot.channels.turn_request import read_turn
from bot.errors import AssistantUnavailable
from bot.integrations.assistant_client import question, read_answer
from bot.use_cases.ports import Asked, AssistantAnswer, Clock

# One conversation runs at a time; a few more cost nothing.
_CONVERSATIONS = 8


class AssistantInProcess:
    """Fits the port `Assistant`; what goes in and comes out has passed through JSON, as it would.

    `clock` is the day customers' words count from.
    """

    def __init__(self, model: Path, clock: Callable[[], Clock]) -> None:
        self._loop, self._clock = asyncio.new_event_loop(), clock
        check_answers_with_one_validator()
        trackers = RecentTrackers(None, most_conversations=_CONVERSATIONS)
        self._agent = Agent.load(
            str(model), tracker_store=trackers, action_endpoint=_actions_in_process()
        )

    def answer(self, asked: Asked) -> AssistantAnswer:
        """Raises AssistantUnavailable: no action answered."""
        asks = question(asked)
        asks["context"]["today"] = self._clock().now().date().isoformat()
        turn = read_turn(json.dumps(asks).encode())
        answered = self._loop.run_until_complete(
            take_turn(turn, self._agent, self._agent.handle_message)
        )
        if not answered["messages"]:
            raise AssistantUnavailable("The assistant did not answer: no action answered.")
        return read_answer(_as_sent(answered))

    def close(self) -> None:
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()


def _actions_in_process() -> EndpointConfig:
    """Return an action endpoint that runs the registered actions here instead of over HTTP."""
    run = actions_here()

    class Actions(EndpointConfig):  # type: ignore[misc]
        async def request(self, *_: Any, json: Any = None, **__: Any) -> Any:
            return _as_sent(await run(_as_sent(json)))

    return Actions("http://in-this-process")


def _as_sent(document: Any) -> Any:
    """Return what is left of a document on its way over a wire."""
    return json.loads(json.dumps(document))
