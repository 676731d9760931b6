"""The inbox: what customers said, for trainers to look at."""

from __future__ import annotations

from datetime import timedelta

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.gateway.parts import Parts
from bot.gateway.staff.access import require
from bot.gateway.studio.paper import StudioPaper
from bot.people.permissions import Permission

SHOWN_FOR = timedelta(days=30)
MOST = 100


async def inbox_page(request: Request) -> Response:
    """Show what was said lately, the newest first."""
    parts: Parts = request.app.state.parts
    paper: StudioPaper = request.app.state.studio_paper
    staff = await require(request, Permission.SEE_STUDIO)
    since = parts.clock.now() - SHOWN_FOR
    heard = await run_in_threadpool(parts.studio.views.heard_since, since, most=MOST)
    return paper.in_the_frame(request, "inbox.html", "Inbox", staff=staff, heard=heard)
