"""The real assistant in this process: the current data's model, our channel, the real actions."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot import settings
from bot.conversations.understood import Understood
from bot.integrations.assistant_client import HttpAssistant
from bot.supervisor.training import ensure_model
from bot.use_cases.ports import Asked, AssistantAnswer
from tests.sanic_server import serving

SECRET = "known to both"
ANSWER_SECONDS = 30


class ListenedTo:
    """The gateway's own client, which also keeps what was understood last.

    `responses` are the words the assistant speaks with, as its model has them.
    """

    def __init__(self, url: str, responses: dict[str, Any]) -> None:
        self.responses = responses
        self._client = HttpAssistant(url, secret=SECRET, timeout_seconds=ANSWER_SECONDS)
        self.understood: Understood | None = None

    def answer(self, asked: Asked) -> AssistantAnswer:
        answer = self._client.answer(asked)
        self.understood = answer.understood
        return answer

    def hang_up(self) -> None:
        self._client._session.close()


def in_process_actions() -> Any:
    """Return an action endpoint that runs the registered actions here instead of over HTTP."""
    from rasa.utils.endpoints import EndpointConfig
    from rasa_sdk.executor import ActionExecutor

    executor = ActionExecutor()
    executor.register_package("actions")

    class Actions(EndpointConfig):  # type: ignore[misc]
        async def request(self, *_: Any, json: Any = None, **__: Any) -> Any:
            return written(await executor.run(written(json)))

    return Actions("http://in-this-process")


def written(document: Any) -> Any:
    """Return what is left of a document on its way over a wire."""
    return json.loads(json.dumps(document))


def model_under_test() -> Path:
    """Return the model of the current data, or the candidate that is to be published."""
    candidate = os.environ.get("DIALOGUES_MODEL")
    if candidate:
        return Path(candidate)
    return ensure_model(settings.from_environment({}), say=lambda line: None)


@contextmanager
def serve() -> Iterator[ListenedTo]:
    """Serve the assistant on loopback, as its own process would; give a client of it."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    model = model_under_test()

    def prepare(app: Any) -> None:
        from rasa.core.agent import Agent
        from rasa.core.channels.channel import register

        from bot.channels.desk import DeskInput

        app.ctx.agent = Agent.load(str(model), action_endpoint=in_process_actions())
        register([DeskInput(SECRET)], app, route="/webhooks/")

    with serving("dialogues", prepare) as served:
        client = ListenedTo(served.url, served.app.ctx.agent.processor.nlg.responses)
        yield client
        client.hang_up()
