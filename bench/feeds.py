"""Live feeds that note when each message was seen: every socket a customer's or an agent's."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol

from websockets.legacy.client import connect
from websockets.typing import Origin

OPEN_AT_A_TIME = 20


class Reader(Protocol):
    """Somebody who can open a live feed; `reads` is whose words are news to them."""

    @property
    def live(self) -> str: ...
    @property
    def reads(self) -> str: ...
    @property
    def headers(self) -> dict[str, str]: ...
    def hello(self) -> dict[str, Any]: ...


class Sightings:
    """When each message (conversation, seq) first came to the other side, by `time.monotonic`."""

    def __init__(self) -> None:
        self.at: dict[tuple[str, int], float] = {}
        self.frames = 0
        self.closed: list[int | None] = []

    def take(self, frame: dict[str, Any], reader: Reader) -> None:
        self.frames += 1
        if frame["type"] != "message" or frame["message"]["from"] != reader.reads:
            return
        where = frame.get("conversation") or reader.live.split("/")[3]
        self.at.setdefault((where, frame["message"]["seq"]), time.monotonic())


@asynccontextmanager
async def following(
    port: int, readers: Sequence[Reader], sightings: Sightings
) -> AsyncIterator[None]:
    """Keep a socket open for everybody in `readers` while the block runs."""
    sockets: list[Any] = []
    for start in range(0, len(readers), OPEN_AT_A_TIME):
        some = readers[start : start + OPEN_AT_A_TIME]
        sockets += await asyncio.gather(*(_opened(port, reader) for reader in some))
    tasks = [
        asyncio.create_task(_read(socket, reader, sightings))
        for socket, reader in zip(sockets, readers, strict=True)
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(*(socket.close() for socket in sockets), return_exceptions=True)


async def _opened(port: int, reader: Reader) -> Any:
    page = Origin(f"http://127.0.0.1:{port}")
    headers = {name: value for name, value in reader.headers.items() if name == "Cookie"}
    socket = await connect(
        f"ws://127.0.0.1:{port}{reader.live}",
        origin=page,
        extra_headers=headers,
        max_size=None,
    )
    await socket.send(json.dumps(reader.hello()))
    return socket


async def _read(socket: Any, reader: Reader, sightings: Sightings) -> None:
    async for text in socket:
        sightings.take(json.loads(text), reader)
    sightings.closed.append(socket.close_code)
