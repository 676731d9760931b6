"""What a customer's page calls: open a conversation, say something, leave."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse

from bot.conversations.holder import Holder
from bot.conversations.message import public_message
from bot.conversations.turn import Lane
from bot.gateway import bodies
from bot.gateway.access import earlier_session, visitor
from bot.gateway.parts import Parts
from bot.gateway.widget.schemas import Nothing, OpenConversation, PostMessage
from bot.use_cases.close_conversation import close_conversation
from bot.use_cases.open_conversation import Opened, open_conversation
from bot.use_cases.post_message import Posted, post_message
from bot.use_cases.take_identity import take_identity


async def open_a_conversation(request: Request) -> JSONResponse:
    parts: Parts = request.app.state.parts
    parts.limits.conversations.take(request.state.caller)
    asked = await bodies.read(request, OpenConversation)
    earlier = earlier_session(request, parts.sessions, now=parts.clock.now())

    def work() -> Opened:
        return open_conversation(
            account=_account(asked, parts),
            earlier=earlier.conversation if earlier else None,
            resume=asked.resume,
            switchboard=parts.switchboard,
        )

    opened = await run_in_threadpool(work)
    return _private(_opened_view(opened, parts), status=201 if opened.is_new else 200)


async def post_a_message(request: Request) -> JSONResponse:
    """Answer 200 once the message is stored; its answer comes by the live feed.

    The two controls are carried out before this returns: they need no assistant.
    """
    parts: Parts = request.app.state.parts
    session = visitor(request, parts.sessions, now=parts.clock.now())
    said = await bodies.read(request, PostMessage)
    parts.limits.messages.take(request.state.caller)

    def work() -> Posted:
        posted = post_message(
            session.conversation,
            client_message_id=said.client_message_id,
            text=said.text,
            button_id=said.button_id,
            switchboard=parts.switchboard,
        )
        if posted.lane is Lane.CONTROL:
            parts.turns.run_here(session.conversation, Lane.CONTROL)
        return posted

    posted = await run_in_threadpool(work)
    if posted.lane is not Lane.CONTROL:
        parts.turns.begin(session.conversation, posted.lane)
    return _private({"message": public_message(posted.message), "last_seq": posted.last_seq})


async def close_a_conversation(request: Request) -> JSONResponse:
    parts: Parts = request.app.state.parts
    session = visitor(request, parts.sessions, now=parts.clock.now())
    await bodies.read_optional(request, Nothing)
    holder = await run_in_threadpool(
        close_conversation, session.conversation, switchboard=parts.switchboard
    )
    if holder is not Holder.CLOSED:
        # What was said before is answered first, and then the conversation closes.
        parts.turns.begin(session.conversation, Lane.TALK, drains=True)
    return _private({"holder": holder.value})


def _account(asked: OpenConversation, parts: Parts) -> str | None:
    if asked.identity is None:
        return None
    return take_identity(
        asked.identity, identities=parts.identities, used=parts.used_identities, clock=parts.clock
    )


def _opened_view(opened: Opened, parts: Parts) -> dict[str, Any]:
    now = parts.clock.now()
    return {
        "conversation": opened.conversation,
        "token": parts.sessions.issue(opened.conversation, opened.account, now=now),
        "account": opened.account,
        "customer_name": opened.customer_name,
        "holder": opened.holder.value,
        "agent_name": opened.agent_name,
        "last_seq": opened.last_seq,
        "messages": [public_message(message) for message in opened.messages],
    }


def _private(view: dict[str, Any], *, status: int = 200) -> JSONResponse:
    return JSONResponse(view, status_code=status, headers={"cache-control": "no-store"})
