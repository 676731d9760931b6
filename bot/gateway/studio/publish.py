"""Versions: what is live, what would get better or worse, going live and returning."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.errors import Busy, NotPublished
from bot.gateway.parts import Parts
from bot.gateway.refusals import BadRequest
from bot.gateway.staff.access import require
from bot.gateway.staff.forms import sent_by
from bot.gateway.staff.paper import go_to
from bot.gateway.studio.paper import StudioPaper
from bot.people.permissions import Permission, may
from bot.people.person import StaffMember
from bot.publishing.history import worth_telling
from bot.retention.calendar import write_instant
from bot.use_cases.publishing_desk import (
    begin_comparison,
    begin_publishing,
    begin_return,
    cancel_work,
    leads,
    show_publishing,
)

HERE = "/studio/publish"
MOST_VERSIONS = 30
MOST_DIGITS = 11


async def publish_page(request: Request) -> Response:
    return await _page(request, await require(request, Permission.SEE_STUDIO))


async def compare(request: Request) -> Response:
    staff, _form = await sent_by(request, Permission.PUBLISH_MODEL)
    return await _done(request, staff, lambda at: begin_comparison(staff, desk=at.publishing))


async def publish(request: Request) -> Response:
    staff, form = await sent_by(request, Permission.PUBLISH_MODEL)
    reason = form.get("reason", "")
    return await _done(
        request, staff, lambda at: begin_publishing(staff, reason, desk=at.publishing)
    )


async def return_to(request: Request) -> Response:
    staff, form = await sent_by(request, Permission.PUBLISH_MODEL)
    version = form.get("version", "")
    if not (version.isascii() and version.isdigit() and len(version) < MOST_DIGITS):
        raise BadRequest(422, "invalid_input", "There is no such version.")
    reason = form.get("reason", "")
    return await _done(
        request, staff, lambda at: begin_return(staff, int(version), reason, desk=at.publishing)
    )


async def cancel(request: Request) -> Response:
    staff, _form = await sent_by(request, Permission.PUBLISH_MODEL)
    return await _done(
        request, staff, lambda at: cancel_work(staff, desk=at.publishing), begins=False
    )


async def _done(
    request: Request, staff: StaffMember, act: Callable[[Parts], None], *, begins: bool = True
) -> Response:
    """Act, and show the page again: anew, so that reloading it sends nothing twice."""
    parts: Parts = request.app.state.parts
    try:
        await run_in_threadpool(act, parts)
    except (Busy, NotPublished) as error:
        return await _page(request, staff, problem=str(error), status=409)
    asked = int(parts.publishing.clock.now().timestamp())
    return go_to(f"{HERE}?asked={asked}" if begins else HERE)


async def _page(
    request: Request, staff: StaffMember, *, problem: str = "", status: int = 200
) -> Response:
    parts: Parts = request.app.state.parts
    paper: StudioPaper = request.app.state.studio_paper
    asked = _asked(request.query_params.get("asked", ""))
    shown = await run_in_threadpool(lambda: show_publishing(desk=parts.publishing, asked=asked))
    return paper.in_the_frame(
        request,
        "publish.html",
        "Publish",
        staff=staff,
        problem=problem,
        status=status,
        shown=shown,
        history=worth_telling(shown.history)[: -MOST_VERSIONS - 1 : -1],
        may_publish=may(staff.roles, Permission.PUBLISH_MODEL),
        leads=leads(staff),
        moment=write_instant,
    )


def _asked(told: str) -> datetime | None:
    """Return when the page was left to ask for work, which its address tells; None otherwise."""
    known = told.isascii() and told.isdigit() and len(told) < MOST_DIGITS
    return datetime.fromtimestamp(int(told), timezone.utc) if known else None
