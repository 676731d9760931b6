"""The real assistant in this process: the current data's model, our channel, the real actions."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bot import settings
from bot.integrations.assistant_client import HttpAssistant
from bot.supervisor.training import ensure_model
from bot.use_cases.ports import Asked, AssistantAnswer

SECRET = "known to both"
ANSWER_SECONDS = 30


class ListenedTo:
    """The gateway's own client, which also keeps what was understood last."""

    def __init__(self, url: str) -> None:
        self._client = HttpAssistant(url, secret=SECRET, timeout_seconds=ANSWER_SECONDS)
        self.understood: dict[str, Any] | None = None

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


@contextmanager
def serve() -> Iterator[str]:
    """Serve the assistant on loopback, as its own process would; give its address."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    model = ensure_model(settings.from_environment({}), say=lambda line: None)
    listening = socket.create_server(("127.0.0.1", 0))
    loop = asyncio.new_event_loop()

    async def start() -> Any:
        from rasa.core.agent import Agent
        from rasa.core.channels.channel import register
        from sanic import Sanic

        from bot.channels.desk import DeskInput

        app = Sanic("dialogues", configure_logging=False)
        app.ctx.agent = Agent.load(str(model), action_endpoint=in_process_actions())
        register([DeskInput(SECRET)], app, route="/webhooks/")
        server = await app.create_server(sock=listening, return_asyncio_server=True)
        await server.startup()
        await server.start_serving()
        return server

    async def stop(server: Any) -> None:
        server.close()
        await server.wait_closed()
        await asyncio.sleep(0.1)  # connections that were hung up end by themselves

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    with warnings.catch_warnings():
        # The packages that Rasa brings with it warn while they are imported.
        warnings.simplefilter("ignore")
        server = asyncio.run_coroutine_threadsafe(start(), loop).result(120)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        asyncio.run_coroutine_threadsafe(stop(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
