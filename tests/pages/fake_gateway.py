"""A gateway that behaves as the pages are promised, with everything behind it made up by a test.

It speaks the whole public contract (durable posts, replay, live feed, long poll, demo identity),
so that a test can bring the pages into any state, also those a healthy gateway hardly shows.
"""

from __future__ import annotations

import asyncio
import base64
import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types lit-html"
)
CUSTOMERS = [
    {"account": "A-1001", "name": "Maya", "line": "Family plan, 14 months, Colorado"},
    {"account": "A-1002", "name": "Jonas", "line": "Duo plan, 5 months, Texas"},
]
GREETING = "Hello! I am Larder's automated assistant. How can I help?"

Answer = dict[str, Any]
Script = Callable[["Talk", Answer], list[Answer]]


@dataclass
class Talk:
    """One conversation as the fake keeps it."""

    id: str
    token: str
    account: str | None
    holder: str = "assistant"
    idle: bool = True
    messages: list[Answer] = field(default_factory=list)
    posted: dict[str, tuple[Answer, Answer]] = field(default_factory=dict)

    @property
    def standing(self) -> dict[str, Any]:
        return {"idle": self.idle, "holder": self.holder, "last_seq": len(self.messages)}

    def add(self, sender: str, text: str, **more: Any) -> Answer:
        message = {
            "seq": len(self.messages) + 1, "from": sender, "text": text, "buttons": [],
            "offer": None, "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "client_message_id": None, "sender_name": None, "receipt": None, **more,
        }  # fmt: skip
        self.messages.append(message)
        return message


class FakeGateway:
    """Serves built pages from `dist` on a free port of this machine, until `stop()`.

    Tests steer it from their own thread: `script` words the answers, `down` refuses everything,
    `no_sockets` lets only the long poll through, `slow_seconds` is how long a turn takes, and none
    ends while `is_thinking`; `refuses_identity` lets everybody in as a visitor only.
    """

    def __init__(self, dist: Path) -> None:
        self.talks: dict[str, Talk] = {}
        self.script: Script = lambda talk, said: [{"text": f"You said: {said['text']}"}]
        self.down = False
        self.no_sockets = False
        self.slow_seconds = 0.0
        self.is_thinking = False
        self.refuses_identity = False
        self.refusals: list[tuple[int, str]] = []
        self.posts = 0
        self._dist = dist
        self._sockets: dict[WebSocket, str] = {}
        self._bells: dict[str, set[asyncio.Event]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        config = uvicorn.Config(self._app(), port=0, log_level="error", ws="wsproto")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def start(self) -> None:
        """Come back once the fake listens, at `address`."""
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive(), "the fake gateway did not start"
            time.sleep(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self._loop = self._server.servers[0].get_loop()
        self.address = f"http://127.0.0.1:{port}"

    def stop(self) -> None:
        self.down = True
        self.cut()
        self._server.should_exit = True
        self._thread.join(10)

    def cut(self) -> None:
        """Drop every live feed, as a gateway that restarts does."""
        self._run(self._cut())

    def say(self, talk: Talk, sender: str, text: str, **more: Any) -> None:
        """Let somebody else than the customer say something."""
        self._run(self._say(talk, sender, text, more))

    def typing(self, talk: Talk, name: str | None) -> None:
        """Let a person be seen writing."""
        self._run(self._typing(talk, {"type": "typing", "name": name}))

    def keep_typing(self, talk: Talk, name: str) -> None:
        """Let a person be seen writing until they, or anybody, have said something."""
        self._run(self._begin_typing(talk, {"type": "typing", "name": name}))

    def hand(self, talk: Talk, holder: str) -> None:
        self._run(self._hand(talk, holder))

    def only_talk(self) -> Talk:
        [talk] = self.talks.values()
        return talk

    def _run(self, coroutine: Any) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    async def _cut(self) -> None:
        for socket in list(self._sockets):
            with suppress(RuntimeError, WebSocketDisconnect):
                await socket.close(1012)
        self._ring_all()

    async def _say(self, talk: Talk, sender: str, text: str, more: dict[str, Any]) -> None:
        talk.add(sender, text, **more)
        self._ring(talk)

    async def _typing(self, talk: Talk, frame: dict[str, Any]) -> None:
        for socket in [each for each, of in self._sockets.items() if of == talk.id]:
            await socket.send_json(frame)

    async def _begin_typing(self, talk: Talk, frame: dict[str, Any]) -> None:
        said = len(talk.messages)

        async def go_on() -> None:
            while len(talk.messages) == said and not self.down:
                await self._typing(talk, frame)
                await asyncio.sleep(1)

        self._keep(asyncio.ensure_future(go_on()))

    async def _hand(self, talk: Talk, holder: str) -> None:
        talk.holder = holder
        self._ring(talk)

    def _ring(self, talk: Talk) -> None:
        for bell in self._bells.get(talk.id, ()):
            bell.set()

    def _ring_all(self) -> None:
        for talk in self.talks.values():
            self._ring(talk)

    def _app(self) -> Starlette:
        api = "/api/conversations"
        pages = {"/": "index", "/desk": "desk", "/insights": "insights"}
        return Starlette(
            routes=[
                Route(api, self._open, methods=["POST"]),
                Route(api + "/{id}/messages", self._post, methods=["POST"]),
                Route(api + "/{id}/updates", self._updates),
                Route(api + "/{id}/close", self._close, methods=["POST"]),
                WebSocketRoute(api + "/{id}/live", self._live),
                Route("/api/demo/customers", lambda _: self._json(CUSTOMERS)),
                Route("/api/demo/identity", self._identity, methods=["POST"]),
                *[Route(path, self._page(name)) for path, name in pages.items()],
                Route("/widget.js", lambda _: self._file("widget.js")),
                Mount("/assets", StaticFiles(directory=self._dist / "assets", check_dir=False)),
            ]
        )

    def _page(self, name: str) -> Callable[[Request], Response]:
        return lambda _: self._file(f"{name}.html")

    def _file(self, name: str) -> Response:
        return FileResponse(self._dist / name, headers={"Content-Security-Policy": CSP})

    def _json(self, body: Any, status: int = 200) -> Response:
        return _error(503, "down") if self.down else JSONResponse(body, status)

    async def _identity(self, request: Request) -> Response:
        payload = json.dumps({"sub": (await request.json())["account"]}).encode()
        return self._json({"identity": f"e30.{base64.urlsafe_b64encode(payload).decode()}.x"})

    async def _open(self, request: Request) -> Response:
        if self.down:
            return _error(503, "down")
        asked = await request.json()
        account = _subject(asked.get("identity"))
        if account is not None and self.refuses_identity:
            return _error(401, "identity_refused")
        talk = self._earlier(request, account) if asked.get("resume", True) else None
        status = 200 if talk else 201
        if talk is None:
            talk = Talk(str(uuid4()), str(uuid4()), account)
            talk.add("assistant", GREETING)
            self.talks[talk.id] = talk
        return JSONResponse(
            {
                "conversation": talk.id, "token": talk.token, "account": talk.account,
                "customer_name": "Maya" if account else None, "holder": talk.holder,
                "last_seq": len(talk.messages), "messages": talk.messages,
            },
            status,
        )  # fmt: skip

    def _earlier(self, request: Request, account: str | None) -> Talk | None:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        for talk in reversed(list(self.talks.values())):
            if talk.token == token or (account is not None and talk.account == account):
                return talk if talk.holder != "closed" else None
        return None

    async def _post(self, request: Request) -> Response:
        talk = self._mine(request)
        self.posts += 1
        if self.refusals:
            status, code = self.refusals.pop(0)
            return _error(status, code)
        if self.down or talk is None:
            return _error(503 if self.down else 401, "down" if self.down else "identity_refused")
        body = await request.json()
        message_id = body.pop("client_message_id")
        if message_id in talk.posted:
            before, message = talk.posted[message_id]
            if before != body:
                return _error(409, "message_id_reused")
        else:
            text = body.get("text") or self._title(talk, body["button_id"])
            message = talk.add("customer", text, client_message_id=message_id)
            talk.posted[message_id] = (body, message)
            self._begin_turn(talk, {**message, "button_id": body.get("button_id")})
        return JSONResponse({"message": message, "last_seq": len(talk.messages)})

    def _title(self, talk: Talk, button_id: str) -> str:
        titles = {"person": "Talk to a person", "cancel": "Cancel now"}
        for message in talk.messages:
            titles.update({button["id"]: button["title"] for button in message["buttons"]})
        return titles[button_id]

    def _begin_turn(self, talk: Talk, said: Answer) -> None:
        if talk.holder in {"assistant", "closed"}:
            talk.idle = False
            self._keep(asyncio.ensure_future(self._turn(talk, said)))
        self._ring(talk)

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _turn(self, talk: Talk, said: Answer) -> None:
        await asyncio.sleep(self.slow_seconds)
        while self.is_thinking:
            await asyncio.sleep(0.02)
        for answer in self.script(talk, said):
            talk.add(**{"sender": "assistant", **answer})
        talk.idle = True
        self._ring(talk)

    async def _updates(self, request: Request) -> Response:
        talk = self._mine(request)
        if self.down or talk is None:
            return _error(503 if self.down else 401, "down" if self.down else "identity_refused")
        after, wait = int(request.query_params["after"]), float(request.query_params["wait"])
        idle = request.query_params.get("idle") == "true"
        if len(talk.messages) <= after and talk.idle == idle:
            await self._bell(talk, wait)
        return self._json({"messages": talk.messages[after:], **talk.standing})

    async def _close(self, request: Request) -> Response:
        talk = self._mine(request)
        if talk is not None:
            talk.holder = "closed"
            self._ring(talk)
        return self._json({})

    async def _live(self, socket: WebSocket) -> None:
        if self.down or self.no_sockets:
            await socket.close(1013)
            return
        await socket.accept()
        hello = await socket.receive_json()
        talk = self.talks.get(socket.path_params["id"])
        if talk is None or talk.token != hello["token"]:
            await socket.close(4401)
            return
        self._sockets[socket] = talk.id
        with suppress(WebSocketDisconnect, RuntimeError):
            await self._follow(socket, talk, hello["after"])
        del self._sockets[socket]

    async def _follow(self, socket: WebSocket, talk: Talk, after: int) -> None:
        standing: dict[str, Any] | None = None
        bell = asyncio.Event()
        self._bells.setdefault(talk.id, set()).add(bell)
        while not self.down:
            # What rings while something is being sent must not be slept through.
            bell.clear()
            for message in talk.messages[after:]:
                await socket.send_json({"type": "message", "message": message})
            after = len(talk.messages)
            if talk.standing != standing:
                standing = talk.standing
                await socket.send_json({"type": "state", **standing})
            await bell.wait()
        self._bells[talk.id].discard(bell)

    async def _bell(self, talk: Talk, seconds: float) -> None:
        bell = asyncio.Event()
        bells = self._bells.setdefault(talk.id, set())
        bells.add(bell)
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(bell.wait(), seconds)
        bells.discard(bell)

    def _mine(self, request: Request) -> Talk | None:
        talk = self.talks.get(request.path_params["id"])
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        return talk if talk is not None and talk.token == token else None


def _error(status: int, code: str) -> Response:
    return JSONResponse({"error": {"code": code, "message": code}}, status)


def _subject(identity: str | None) -> str | None:
    if identity is None:
        return None
    payload = json.loads(base64.urlsafe_b64decode(identity.split(".")[1] + "=="))
    return str(payload["sub"])
