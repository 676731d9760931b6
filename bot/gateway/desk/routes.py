"""What the desk's page calls: take, answer, pass on, hand back, close; and what it shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse

from bot.conversations.agent import AgentOnDuty
from bot.conversations.message import public_message
from bot.conversations.note import note_view
from bot.gateway import bodies
from bot.gateway.desk.at_the_desk import on_duty
from bot.gateway.desk.schemas import Beat, Close, MakeOffer, Noted, PassOn, Read, Written
from bot.gateway.parts import Parts
from bot.gateway.refusals import BadRequest
from bot.gateway.staff.access import require
from bot.gateway.widget.schemas import Nothing
from bot.people.permissions import Permission
from bot.retention.cancellation import CancellationReason
from bot.use_cases.agent_desk import AgentDesk
from bot.use_cases.beat import beat
from bot.use_cases.claim_case import claim_case, claim_next
from bot.use_cases.close_case import close_case
from bot.use_cases.hand_back import hand_back
from bot.use_cases.make_agent_offer import make_agent_offer
from bot.use_cases.mark_read import mark_read
from bot.use_cases.pass_case_on import To, pass_case_on
from bot.use_cases.post_agent_message import post_agent_message
from bot.use_cases.search_conversations import search_conversations
from bot.use_cases.show_agent_offers import show_agent_offers
from bot.use_cases.show_canned_replies import show_canned_replies
from bot.use_cases.show_case import show_case
from bot.use_cases.show_desk import show_case_line, show_desk, show_me
from bot.use_cases.write_note import write_note


async def state(request: Request) -> JSONResponse:
    agent, desk = await at_desk(request, Permission.SEE_DESK, touch=False)
    return private(await run_in_threadpool(show_desk, agent=agent, desk=desk))


async def send_beat(request: Request) -> JSONResponse:
    """Take a sign of life; it alone does not keep a session from going idle."""
    agent, desk = await at_desk(request, Permission.SEE_DESK, touch=False)
    sent = await bodies.read(request, Beat)

    def work() -> dict[str, Any]:
        beat(
            agent=agent,
            status=sent.status,
            viewing=sent.viewing,
            replying=sent.replying,
            desk=desk,
        )
        return {"me": show_me(agent=agent, desk=desk)}

    return private(await run_in_threadpool(work))


async def take_next(request: Request) -> JSONResponse:
    agent, desk = await at_desk(request, Permission.TAKE_CONVERSATION)
    await bodies.read_optional(request, Nothing)

    def work() -> dict[str, Any]:
        taken = claim_next(agent=agent, desk=desk)
        return {"case": taken and show_case_line(taken, agent=agent, desk=desk)}

    return private(await run_in_threadpool(work))


async def claim(request: Request) -> JSONResponse:
    agent, desk = await at_desk(request, Permission.TAKE_CONVERSATION)
    await bodies.read_optional(request, Nothing)
    here = conversation_of(request)
    return await case_after(request, agent, lambda: claim_case(here, agent=agent, desk=desk))


async def transfer(request: Request) -> JSONResponse:
    agent, desk = await at_desk(request, Permission.PASS_ON)
    asked, here = await bodies.read(request, PassOn), conversation_of(request)
    to = To(agent=asked.to.agent, team=asked.to.team)
    return await case_after(
        request,
        agent,
        lambda: pass_case_on(here, agent=agent, to=to, note=asked.note, desk=desk),
    )


async def give_back(request: Request) -> JSONResponse:
    agent, desk = await at_desk(request, Permission.PASS_ON)
    asked, here = await bodies.read_optional(request, Noted), conversation_of(request)
    return await case_after(
        request, agent, lambda: hand_back(here, agent=agent, note=asked.note, desk=desk)
    )


async def close(request: Request) -> JSONResponse:
    agent, desk = await at_desk(request, Permission.ANSWER_CUSTOMER)
    asked, here = await bodies.read(request, Close), conversation_of(request)
    return await case_after(
        request,
        agent,
        lambda: close_case(
            here, agent=agent, outcome=asked.outcome, survey=asked.survey, desk=desk
        ),
    )


async def read_up_to(request: Request) -> JSONResponse:
    agent, desk = await at_desk(request, Permission.SEE_DESK, touch=False)
    asked, here = await bodies.read(request, Read), conversation_of(request)
    unread = await run_in_threadpool(mark_read, here, agent=agent, seq=asked.seq, desk=desk)
    return private({"unread": unread})


async def say(request: Request) -> JSONResponse:
    agent, desk = await at_desk(request, Permission.ANSWER_CUSTOMER)
    said = await bodies.read(request, Written)
    sent = await run_in_threadpool(
        post_agent_message,
        conversation_of(request),
        agent=agent,
        client_message_id=said.client_message_id,
        text=said.text,
        desk=desk,
    )
    return private({"message": public_message(sent.message), "last_seq": sent.last_seq})


async def note(request: Request) -> JSONResponse:
    agent, desk = await at_desk(request, Permission.WRITE_NOTE)
    written = await bodies.read(request, Written)
    kept = await run_in_threadpool(
        write_note,
        conversation_of(request),
        agent=agent,
        client_message_id=written.client_message_id,
        text=written.text,
        desk=desk,
    )
    return private({"note": note_view(kept)})


async def search(request: Request) -> JSONResponse:
    agent, desk = await at_desk(request, Permission.SEARCH_CONVERSATIONS)
    words, before = request.query_params.get("q", ""), _instant(request, "before")
    found = await run_in_threadpool(
        search_conversations, words, agent=agent, before=before, desk=desk
    )
    return private({"found": found})


async def context(request: Request) -> JSONResponse:
    agent, desk = await at_desk(request, Permission.SEE_DESK)
    here = conversation_of(request)
    return private(await run_in_threadpool(show_case, here, agent=agent, desk=desk))


async def canned(request: Request) -> JSONResponse:
    agent, desk = await at_desk(request, Permission.ANSWER_CUSTOMER)
    here = conversation_of(request)
    found = await run_in_threadpool(show_canned_replies, here, agent=agent, desk=desk)
    return private({"replies": found})


async def offers(request: Request) -> JSONResponse:
    agent, desk = await at_desk(request, Permission.MAKE_OFFER)
    asked = request.query_params
    reason = bodies.query_word(request, "reason", CancellationReason)
    found = await run_in_threadpool(
        show_agent_offers,
        conversation_of(request),
        agent=agent,
        about=asked.get("about"),
        reason=reason,
        customer_asked=asked.get("customer_asked") == "true",
        desk=desk,
    )
    return private(found)


async def offer(request: Request) -> JSONResponse:
    agent, desk = await at_desk(request, Permission.MAKE_OFFER)
    asked = await bodies.read(request, MakeOffer)
    sent = await run_in_threadpool(
        make_agent_offer,
        conversation_of(request),
        agent=agent,
        client_message_id=asked.client_message_id,
        policy=asked.policy,
        about=asked.about,
        reason=asked.reason.value if asked.reason else None,
        customer_asked=asked.customer_asked,
        desk=desk,
    )
    return private({"message": public_message(sent.message), "last_seq": sent.last_seq})


async def at_desk(
    request: Request, permission: Permission, *, touch: bool = True
) -> tuple[AgentOnDuty, AgentDesk]:
    """Return who is at the desk, if they may do this; raises as `require` does."""
    parts: Parts = request.app.state.parts
    return on_duty(await require(request, permission, touch=touch)), parts.agent_desk


async def case_after(
    request: Request, agent: AgentOnDuty, do: Callable[[], object]
) -> JSONResponse:
    """Do it, and answer with the case as it is then."""
    parts: Parts = request.app.state.parts
    here = conversation_of(request)

    def work() -> dict[str, Any]:
        do()
        return {"case": show_case_line(here, agent=agent, desk=parts.agent_desk)}

    return private(await run_in_threadpool(work))


def conversation_of(request: Request) -> str:
    return str(request.path_params["conversation"])


def private(view: dict[str, Any]) -> JSONResponse:
    return JSONResponse(view, headers={"cache-control": "no-store"})


def _instant(request: Request, name: str) -> datetime | None:
    given = request.query_params.get(name)
    if not given:
        return None
    try:
        at = datetime.fromisoformat(given.replace("Z", "+00:00"))
    except ValueError:
        raise BadRequest(422, "invalid_input", f"{name}: must be an instant.") from None
    return at if at.tzinfo else at.replace(tzinfo=timezone.utc)
