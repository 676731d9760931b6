"""Try it: what a message means and why, and what the assistant would say."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.annotation.rehearsed import Step
from bot.conversations.understood import Part
from bot.errors import HelpdeskError
from bot.gateway.parts import Parts
from bot.gateway.staff.access import require
from bot.gateway.staff.forms import sent_by
from bot.gateway.studio.paper import StudioPaper, status_of
from bot.people.permissions import Permission
from bot.people.person import StaffMember
from bot.use_cases.explain_understanding import explain_understanding
from bot.use_cases.review_conversation import pieces_of

TITLE = "Try it"


async def try_page(request: Request) -> Response:
    """Show the form; a text in the address is tried at once."""
    staff = await require(request, Permission.SEE_STUDIO)
    return await _shown(request, staff, request.query_params.get("text", ""), "")


async def try_message(request: Request) -> Response:
    """Show what a message means."""
    staff, form = await sent_by(request, Permission.SEE_STUDIO)
    return await _shown(request, staff, form.get("text", ""), form.get("account", ""), asked=True)


async def try_answer(request: Request) -> Response:
    """Show what the assistant would say to it, on the rehearsal desk."""
    staff, form = await sent_by(request, Permission.SEE_STUDIO)
    parts: Parts = request.app.state.parts
    played, trouble, status = None, "", 200
    try:
        played = await run_in_threadpool(
            parts.review.stage.play,
            form.get("account") or None,
            (Step(customer=form.get("text", "").strip()),),
        )
    except HelpdeskError as error:
        trouble, status = str(error), status_of(error)
    paper: StudioPaper = request.app.state.studio_paper
    return paper.page(
        request, "try_answer.html", TITLE, staff=staff, status=status, played=played,
        trouble=trouble,
    )  # fmt: skip


async def _shown(
    request: Request, staff: StaffMember, text: str, account: str, *, asked: bool = False
) -> Response:
    parts: Parts = request.app.state.parts
    paper: StudioPaper = request.app.state.studio_paper
    explained, trouble, status = None, "", 200
    if asked or text.strip():
        try:
            explained = await run_in_threadpool(_explained, parts, text)
        except HelpdeskError as error:
            trouble, status = str(error), status_of(error)
    return paper.in_the_frame(
        request,
        "try.html",
        TITLE,
        staff=staff,
        status=status,
        text=text,
        account=account,
        accounts=parts.review.accounts,
        explained=explained,
        trouble=trouble,
    )


def _explained(parts: Parts, text: str) -> dict[str, Any]:
    room = parts.review
    explained = explain_understanding(
        text,
        engine=room.engine(),
        examples=room.data.examples(),
        today=room.clock.now().date(),
    )
    parts_named = [
        Part(one["entity"], str(one["value"]), one["start"], one["end"])
        for one in explained["entities"]
    ]
    return {**explained, "pieces": list(pieces_of(explained["text"], parts_named))}
