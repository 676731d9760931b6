"""Serves channels on a Sanic application on loopback, as `rasa run` does, but inside a test run."""

from __future__ import annotations

import asyncio
import socket
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Served:
    """An application that answers at `url`; its work is done in `loop`, in a thread of its own."""

    url: str
    app: Any
    loop: asyncio.AbstractEventLoop

    def run(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(120)


@contextmanager
def serving(name: str, prepare: Callable[[Any], None]) -> Iterator[Served]:
    """Serve the application that `prepare` has given its agent and its channels."""
    from sanic import Sanic

    # Sanic rewrites its own methods when a server starts, from their source. Only in its test mode
    # does it keep the originals, without which the second server of one process cannot start.
    Sanic.test_mode = True
    listening = socket.create_server(("127.0.0.1", 0))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)

    async def start() -> tuple[Any, Any]:
        app = Sanic(name, configure_logging=False)
        prepare(app)
        server = await app.create_server(sock=listening, return_asyncio_server=True)
        await server.startup()
        await server.start_serving()
        return app, server

    async def stop(server: Any) -> None:
        server.close()
        await server.wait_closed()
        for connection in list(server.connections):  # a loop with an open one never closes
            connection.abort()
        await asyncio.sleep(0.1)

    thread.start()
    with warnings.catch_warnings():
        # The packages that Rasa brings with it warn while they are imported.
        warnings.simplefilter("ignore")
        app, server = asyncio.run_coroutine_threadsafe(start(), loop).result(120)
    try:
        yield Served(f"http://127.0.0.1:{listening.getsockname()[1]}", app, loop)
    finally:
        asyncio.run_coroutine_threadsafe(stop(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
