"""A live feed as a browser would follow it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import requests
from websockets.client import WebSocketClientProtocol
from websockets.legacy.client import connect

from tests.gateway.stack import Customer, Stack, a_customer

# Far more than is needed, for machines that are busy with other things.
PATIENCE_SECONDS = 30.0


class Web:
    """The few calls a `Customer` makes, over a real connection."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._session = requests.Session()
        self._session.trust_env = False

    def post(self, path: str, **more: Any) -> requests.Response:
        return self._session.post(self.url + path, timeout=30, **more)

    def get(self, path: str, **more: Any) -> requests.Response:
        return self._session.get(self.url + path, timeout=30, **more)


async def a_live_customer(url: str, stack: Stack, account: str | None = "A-1001") -> Customer:
    return await asyncio.to_thread(a_customer, Web(url), stack, account, resume=False)


class Feed:
    """One socket; `messages` and `state` are what it has shown so far."""

    def __init__(self, socket: WebSocketClientProtocol) -> None:
        self.socket = socket
        self.messages: list[dict[str, Any]] = []
        self.state: dict[str, Any] = {}

    @property
    def seqs(self) -> list[int]:
        return [message["seq"] for message in self.messages]

    async def until_idle_at(self, seq: int) -> Feed:
        """Read on until the desk is idle and everything up to `seq` has come."""
        while not (self.state.get("idle") and self.state["last_seq"] >= seq):
            await self.read_one()
        assert not self.messages or self.messages[-1]["seq"] >= seq
        return self

    async def read_one(self) -> None:
        frame = json.loads(await asyncio.wait_for(self.socket.recv(), PATIENCE_SECONDS))
        if frame.pop("type") == "message":
            self.messages.append(frame["message"])
        else:
            self.state = frame

    async def closed_with(self) -> int | None:
        """Return the code with which the gateway ends the feed."""
        await asyncio.wait_for(self.socket.wait_closed(), PATIENCE_SECONDS)
        return self.socket.close_code


@asynccontextmanager
async def handshake(
    url: str, conversation: str, *, origin: str | None = "own", **more: Any
) -> AsyncIterator[WebSocketClientProtocol]:
    """Connect as a page of `origin`; "own" stands for the gateway's own pages."""
    address = f"ws{url.removeprefix('http')}/api/conversations/{conversation}/live"
    page = url if origin == "own" else origin
    async with connect(address, origin=page, max_size=None, **more) as socket:  # type: ignore[arg-type]
        yield socket


@asynccontextmanager
async def following(url: str, customer: Customer, *, after: int = 0) -> AsyncIterator[Feed]:
    async with handshake(url, customer.conversation) as socket:
        await socket.send(json.dumps({"token": customer.token, "after": after}))
        yield Feed(socket)
