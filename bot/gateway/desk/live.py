"""The desk's live feed: the whole state once, then every change, and what is open on the screen."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket

from bot.conversations.agent import AgentOnDuty
from bot.conversations.message import public_message
from bot.conversations.note import note_view
from bot.errors import ConversationNotFound
from bot.gateway.bodies import parse
from bot.gateway.desk.at_the_desk import on_duty
from bot.gateway.desk.schemas import Follow
from bot.gateway.live import (
    HELLO_SECONDS,
    MALFORMED,
    NO_HELLO,
    RESTARTING,
    Closed,
    send_frame,
    serve_socket,
    text_frame,
)
from bot.gateway.parts import Parts
from bot.gateway.refusals import BadRequest
from bot.gateway.staff.access import require_socket, until_refused
from bot.gateway.wakeups import ANYTHING
from bot.people.permissions import Permission
from bot.use_cases.desk_views import changes, state_view

# Who is here and who looks at what changes by time passing, too.
LOOK_AGAIN_SECONDS = 1.0


@dataclass
class Cursor:
    """How far a conversation that is open on the screen has been sent."""

    after: int
    after_note: int
    is_known: bool = False


@dataclass
class Screen:
    """What one page has: the state it was told, and the conversations it has open."""

    agent: AgentOnDuty
    bell: asyncio.Event
    state: dict[str, Any] | None = None
    open: dict[str, Cursor] = field(default_factory=dict)

    def follow(self, asked: Follow) -> None:
        self.open = {one.conversation: Cursor(one.after, one.after_note) for one in asked.follow}
        self.bell.set()


async def live(socket: WebSocket) -> None:
    """Send the state, and every change to it, until the session or the connection ends."""
    staff = await require_socket(socket, Permission.SEE_DESK)
    if staff is None:
        return
    parts: Parts = socket.app.state.parts
    await serve_socket(socket, lambda: _serve(socket, on_duty(staff), parts), event="desk_live")


async def _serve(socket: WebSocket, agent: AgentOnDuty, parts: Parts) -> None:
    with parts.wakeups.listening(ANYTHING) as bell:
        screen = Screen(agent, bell)
        screen.follow(await _first_frame(socket))
        tasks = [
            asyncio.create_task(_tell(socket, screen, parts)),
            asyncio.create_task(_hear(socket, screen, parts)),
            asyncio.create_task(_watch(socket)),
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _first_frame(socket: WebSocket) -> Follow:
    try:
        with anyio.fail_after(HELLO_SECONDS):
            return _read(await text_frame(socket))
    except TimeoutError:
        raise Closed(NO_HELLO, "The first frame did not come in time.") from None


def _read(text: str) -> Follow:
    try:
        return parse(text, Follow)
    except BadRequest as error:
        raise Closed(MALFORMED, error.detail) from None


async def _hear(socket: WebSocket, screen: Screen, parts: Parts) -> None:
    while True:
        text = await text_frame(socket)
        parts.limits.frames.take(str(id(socket)))
        screen.follow(_read(text))


async def _watch(socket: WebSocket) -> None:
    raise Closed(await until_refused(socket, Permission.SEE_DESK), "Sign in again.")


async def _tell(socket: WebSocket, screen: Screen, parts: Parts) -> None:
    while not parts.wakeups.stopping:
        screen.bell.clear()
        await _tell_state(socket, screen, parts)
        for conversation, cursor in tuple(screen.open.items()):
            if not await _tell_conversation(socket, conversation, cursor, parts):
                screen.open.pop(conversation, None)
        with anyio.move_on_after(LOOK_AGAIN_SECONDS):
            await screen.bell.wait()
    raise Closed(RESTARTING, "The gateway restarts. Connect again.")


async def _tell_state(socket: WebSocket, screen: Screen, parts: Parts) -> None:
    state = state_view(await parts.board.fresh(), agent=screen.agent, desk=parts.agent_desk)
    if screen.state is None:
        await send_frame(socket, {"type": "state", "state": state})
    else:
        for frame in changes(screen.state, state):
            await send_frame(socket, frame)
    screen.state = state


async def _tell_conversation(
    socket: WebSocket, conversation: str, cursor: Cursor, parts: Parts
) -> bool:
    """Send what is new; False for what was never handed to people, which is as if it were not."""
    views = parts.agent_desk.views

    def read() -> tuple[Any, Any]:
        if not cursor.is_known:
            views.open_case(conversation)
        return (
            views.updates(conversation, after=cursor.after).messages,
            views.notes(conversation, after=cursor.after_note),
        )

    try:
        messages, notes = await run_in_threadpool(read)
    except ConversationNotFound:
        await send_frame(socket, {"type": "not_found", "conversation": conversation})
        return False
    cursor.is_known = True
    for message in messages:
        told = {"type": "message", "conversation": conversation}
        await send_frame(socket, {**told, "message": public_message(message)})
        cursor.after = message.seq
    for note in notes:
        told = {"type": "note", "conversation": conversation}
        await send_frame(socket, {**told, "note": note_view(note)})
        cursor.after_note = note.number
    return True
