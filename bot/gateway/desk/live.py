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
from bot.conversations.note import Note, note_view
from bot.errors import ConversationNotFound
from bot.gateway.bodies import parse
from bot.gateway.desk.at_the_desk import on_duty
from bot.gateway.desk.schemas import Follow, Followed
from bot.gateway.live import (
    HELLO_SECONDS,
    MALFORMED,
    NO_HELLO,
    RESTARTING,
    Closed,
    send_frames,
    serve_socket,
    text_frame,
    until_one_ends,
)
from bot.gateway.parts import Parts
from bot.gateway.refusals import BadRequest
from bot.gateway.staff.access import require_socket, until_refused
from bot.gateway.wakeups import ANYTHING
from bot.people.permissions import Permission
from bot.use_cases.desk_views import SharedState, changes, state_view
from bot.use_cases.updates import Mark, Updates

# Who is here and who looks at what changes by time passing, too.
LOOK_AGAIN_SECONDS = 1.0


@dataclass
class Screen:
    """What one page has: the state it was told, and from where on what it has open is followed."""

    agent: AgentOnDuty
    told: SharedState | None = None
    open: tuple[Followed, ...] = ()
    reopened: asyncio.Event = field(default_factory=asyncio.Event)

    def follow(self, asked: Follow) -> None:
        self.open = tuple({one.conversation: one for one in asked.follow}.values())
        self.reopened.set()


async def live(socket: WebSocket) -> None:
    """Send the state, and every change to it, until the session or the connection ends."""
    staff = await require_socket(socket, Permission.SEE_DESK)
    if staff is None:
        return
    parts: Parts = socket.app.state.parts
    await serve_socket(socket, lambda: _serve(socket, on_duty(staff), parts), event="desk_live")


async def _serve(socket: WebSocket, agent: AgentOnDuty, parts: Parts) -> None:
    screen = Screen(agent)
    screen.follow(await _first_frame(socket))
    await _tell_state(socket, screen, parts)
    await until_one_ends(
        _tell_changes(socket, screen, parts),
        _tell_open(socket, screen, parts),
        _hear(socket, screen, parts),
        _watch(socket),
    )


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


async def _tell_changes(socket: WebSocket, screen: Screen, parts: Parts) -> None:
    with parts.wakeups.listening(ANYTHING) as bell:
        while not parts.wakeups.stopping:
            bell.clear()
            await _tell_state(socket, screen, parts)
            with anyio.move_on_after(LOOK_AGAIN_SECONDS):
                await bell.wait()
    raise Closed(RESTARTING, "The gateway restarts. Connect again.")


async def _tell_state(socket: WebSocket, screen: Screen, parts: Parts) -> None:
    shared, agent, desk = await parts.board.fresh(), screen.agent, parts.agent_desk
    if screen.told is None:
        frames = [{"type": "state", "state": state_view(shared, agent=agent, desk=desk)}]
    else:
        frames = changes(screen.told, shared, agent=agent, desk=desk)
    if frames:
        await send_frames(socket, frames)
    screen.told = shared


async def _tell_open(socket: WebSocket, screen: Screen, parts: Parts) -> None:
    """Follow what is open, each by its own bell: words must not wait for the whole desk."""
    while True:
        screen.reopened.clear()
        following = (_tell_conversation(socket, one, parts) for one in screen.open)
        await until_one_ends(screen.reopened.wait(), *following)


async def _tell_conversation(socket: WebSocket, followed: Followed, parts: Parts) -> None:
    """Send what is new; what was never handed to people is as if it were not there."""
    about = {"conversation": followed.conversation}
    views = parts.agent_desk.views
    after, after_note = int(followed.after), int(followed.after_note)

    def read() -> tuple[Updates, tuple[Note, ...]]:
        return views.news(followed.conversation, after=after, after_note=after_note)

    try:
        await run_in_threadpool(views.open_case, followed.conversation)
    except ConversationNotFound:
        await send_frames(socket, [{"type": "not_found", **about}])
        await asyncio.Event().wait()
    with parts.wakeups.listening(followed.conversation) as bell:
        while True:
            bell.clear()
            found, notes = await run_in_threadpool(read)
            frames = [
                *(_frame("message", public_message(one), about) for one in found.messages),
                *(_frame("note", note_view(one), about) for one in notes),
            ]
            if frames:
                await send_frames(socket, frames)
            after = found.messages[-1].seq if found.messages else after
            after_note = notes[-1].number if notes else after_note
            bell.seen = Mark(found.standing, after_note)
            await bell.wait()


def _frame(kind: str, what: dict[str, Any], about: dict[str, str]) -> dict[str, Any]:
    return {"type": kind, **about, kind: what}
