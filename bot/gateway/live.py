"""Following a conversation: long poll and WebSocket, both reading by sequence number.

Waiting is limited with anyio: `asyncio.wait_for` of Python 3.10 may swallow a cancellation that
comes together with what was waited for, and a feed that was told to end would go on for good.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from contextlib import suppress
from time import perf_counter
from typing import Any

import anyio
import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.conversations.message import Message, public_message
from bot.errors import ConversationNotFound, HelpdeskError, TooManyMessages
from bot.gateway.access import Session, session_for, visitor
from bot.gateway.bodies import parse, query_number
from bot.gateway.failures import record_failure
from bot.gateway.parts import Parts
from bot.gateway.refusals import BadRequest
from bot.gateway.widget.schemas import Hello
from bot.use_cases.read_updates import read_updates
from bot.use_cases.updates import Mark, Standing, Updates

log = structlog.get_logger()

LONGEST_WAIT_SECONDS = 25
HELLO_SECONDS = 10.0
SEND_SECONDS = 20.0
LARGEST_FRAME = 64 * 1024

# Close codes; those from 4000 are ours and mirror the HTTP status of the same refusal.
NO_BINARY = 1003
TOO_LARGE = 1009
FAILED = 1011
RESTARTING = 1012
MALFORMED = 4400
TOKEN_REFUSED = 4401
NOT_FOUND = 4404
NO_HELLO = 4408
TOO_MANY = 4429


class Closed(Exception):
    """The feed ends with this close code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


async def updates(request: Request) -> JSONResponse:
    """Answer as soon as there is something after `after`, or `idle` is no longer as the caller
    knows it, or `wait` seconds are over."""
    parts: Parts = request.app.state.parts
    session = visitor(request, parts.sessions, now=parts.clock.now())
    after = query_number(request, "after", default=0)
    wait = query_number(request, "wait", default=0, most=LONGEST_WAIT_SECONDS)
    known = {"true": True, "false": False}.get(request.query_params.get("idle", ""))
    found = await _next_updates(session.conversation, after, wait, known, parts)
    return JSONResponse(
        {"messages": [public_message(message) for message in found.messages], **_standing(found)},
        headers={"cache-control": "no-store"},
    )


async def _next_updates(
    conversation: str, after: int, wait: float, known_idle: bool | None, parts: Parts
) -> Updates:
    loop = asyncio.get_running_loop()
    give_up_at = loop.time() + wait
    with parts.wakeups.listening(conversation) as bell:
        while True:
            bell.clear()
            found = await _read(conversation, after, parts)
            bell.seen = Mark(found.standing)
            known_idle = found.idle if known_idle is None else known_idle
            left = give_up_at - loop.time()
            if found.messages or found.idle != known_idle or left <= 0 or parts.wakeups.stopping:
                return found
            with anyio.move_on_after(left):
                await bell.wait()


async def live(socket: WebSocket) -> None:
    """Replay what came after the client's cursor, then send what comes, until somebody leaves.

    The client says who it is in its first frame, `{"token", "after"}`; an address would end up in
    logs. Browsers send their page's origin; without an allowed one the handshake is refused.
    """
    parts: Parts = socket.app.state.parts
    host = socket.headers.get("host", "")
    if not parts.origins.allow(socket.headers.get("origin"), host=host):
        await socket.close(1008)
        return
    conversation: str = socket.path_params["conversation"]
    await serve_socket(
        socket,
        lambda: _follow(socket, conversation, parts),
        event="live",
        conversation=conversation,
    )


async def serve_socket(
    socket: WebSocket, follow: Callable[[], Awaitable[None]], *, event: str, **about: str
) -> None:
    """Accept the socket, let `follow` speak with it, and close it by what ended that.

    `event` and `about` name the feed in the log; `Closed` carries the close code a feed wants.
    """
    parts: Parts = socket.app.state.parts
    began, code = perf_counter(), 1000
    await socket.accept()
    parts.metrics.open_sockets.inc()
    try:
        with parts.sockets.one_more(socket.state.caller):
            await follow()
    except WebSocketDisconnect as gone:
        code = gone.code
    except Closed as closed:
        code = closed.code
        await close_socket(socket, closed.code, closed.reason)
    except TooManyMessages as error:
        code = TOO_MANY
        await close_socket(socket, TOO_MANY, str(error))
    except Exception as error:  # noqa: BLE001
        code = FAILED
        record_failure(f"{event}_failed", error, **about)
        await close_socket(socket, FAILED, "Something went wrong on our side.")
    finally:
        parts.metrics.open_sockets.dec()
        log.info(event, **about, code=code, s=round(perf_counter() - began, 1))


async def _follow(socket: WebSocket, conversation: str, parts: Parts) -> None:
    hello, session = await _hello(socket, conversation, parts)
    await until_one_ends(_send_updates(socket, session, hello.after, parts), _hear(socket, parts))


async def until_one_ends(*works: Coroutine[Any, Any, object]) -> None:
    """Do them side by side until one is over, and raise what it raised."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _hello(socket: WebSocket, conversation: str, parts: Parts) -> tuple[Hello, Session]:
    try:
        with anyio.fail_after(HELLO_SECONDS):
            text = await text_frame(socket)
        hello = parse(text, Hello)
        session = session_for(conversation, hello.token, parts.sessions, now=parts.clock.now())
    except TimeoutError:
        raise Closed(NO_HELLO, "The first frame did not come in time.") from None
    except BadRequest as error:
        raise Closed(MALFORMED, error.detail) from None
    except ConversationNotFound as error:
        raise Closed(NOT_FOUND, str(error)) from None
    except HelpdeskError as error:
        raise Closed(TOKEN_REFUSED, str(error)) from None
    return hello, session


async def _send_updates(socket: WebSocket, session: Session, after: int, parts: Parts) -> None:
    standing: Standing | None = None
    with parts.wakeups.listening(session.conversation) as bell:
        while not parts.wakeups.stopping:
            bell.clear()
            found = await _read(session.conversation, after, parts)
            bell.seen = Mark(found.standing)
            frames = [_message_frame(message) for message in found.messages]
            after = found.messages[-1].seq if found.messages else after
            if found.standing != standing:
                standing = found.standing
                frames.append({"type": "state", **_standing(found)})
            if frames:
                await send_frames(socket, frames)
            left = (session.expires_at - parts.clock.now()).total_seconds()
            with anyio.move_on_after(left) as waiting:
                await bell.wait()
            if waiting.cancelled_caught:
                raise Closed(TOKEN_REFUSED, "The token has expired.")
    raise Closed(RESTARTING, "The gateway restarts. Connect again.")


async def _hear(socket: WebSocket, parts: Parts) -> None:
    """Take frames a newer client may send, and ignore them: what is said is posted over HTTP."""
    while True:
        text = await text_frame(socket)
        parts.limits.frames.take(str(id(socket)))
        with suppress(ValueError, RecursionError):
            if isinstance(json.loads(text), dict):
                continue
        raise Closed(MALFORMED, "A frame was not a JSON object.")


async def text_frame(socket: WebSocket) -> str:
    """Return the next frame. Raises WebSocketDisconnect, or Closed for what is no text frame."""
    received = await socket.receive()
    if received["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(received.get("code", 1005))
    text: str | None = received.get("text")
    if text is None:
        raise Closed(NO_BINARY, "Send text frames.")
    if len(text) > LARGEST_FRAME:
        raise Closed(TOO_LARGE, f"Send at most {LARGEST_FRAME} characters.")
    return text


async def send_frames(socket: WebSocket, frames: Iterable[dict[str, Any]]) -> None:
    """A reader that takes nothing for long is let go: it comes back and replays."""
    try:
        # One limit for all of them: to begin and end one costs as much as to send a frame.
        with anyio.fail_after(SEND_SECONDS):
            for frame in frames:
                text = json.dumps(frame, ensure_ascii=False, separators=(",", ":"))
                await socket.send_text(text)
    except TimeoutError:
        raise Closed(NO_HELLO, "The connection is too slow.") from None


async def close_socket(socket: WebSocket, code: int, reason: str) -> None:
    """Close, taking in what was still on its way: the answer to the close stands behind it."""
    draining = asyncio.create_task(_drain(socket))
    # RuntimeError: the other side was quicker, and there is nobody left to tell.
    with suppress(RuntimeError, WebSocketDisconnect):
        await socket.close(code, reason)
    draining.cancel()
    await asyncio.gather(draining, return_exceptions=True)


async def _drain(socket: WebSocket) -> None:
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass


async def _read(conversation: str, after: int, parts: Parts) -> Updates:
    return await run_in_threadpool(
        read_updates, conversation, after=after, switchboard=parts.switchboard
    )


def _message_frame(message: Message) -> dict[str, Any]:
    return {"type": "message", "message": public_message(message)}


def _standing(found: Updates) -> dict[str, Any]:
    return {
        "idle": found.idle,
        "holder": found.holder.value,
        "agent_name": found.agent_name,
        "last_seq": found.last_seq,
    }
