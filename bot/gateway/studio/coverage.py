"""Coverage: what chats use, what tests hold, what nobody ever says, and what drifts."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.errors import InvalidInput
from bot.gateway.parts import Parts
from bot.gateway.staff.access import require
from bot.gateway.studio.chart import chart_of
from bot.gateway.studio.paper import StudioPaper
from bot.people.permissions import Permission
from bot.use_cases.measure_coverage import Coverage, measure_coverage
from bot.use_cases.review_room import ReviewRoom
from bot.use_cases.understand import understand

SPANS = ((7, "a week"), (28, "4 weeks"), (56, "8 weeks"), (182, "half a year"), (365, "a year"))
USUAL = 56


async def coverage_page(request: Request) -> Response:
    """Show the coverage of a span."""
    staff = await require(request, Permission.SEE_STUDIO)
    parts: Parts = request.app.state.parts
    asked = request.query_params.get("days", str(USUAL))
    if not asked.isdecimal() or len(asked) > 3:
        raise InvalidInput("days: choose 1 to 366.")
    measured = await run_in_threadpool(_measured, int(asked), parts.review)
    paper: StudioPaper = request.app.state.studio_paper
    return paper.in_the_frame(
        request,
        "coverage.html",
        "Coverage",
        staff=staff,
        days=int(asked),
        spans=SPANS,
        measured=measured,
        chart=chart_of([drift.week for drift in measured.weeks]),
    )


def _measured(days: int, room: ReviewRoom) -> Coverage:
    engine, now = room.engine(), room.clock.now()
    return measure_coverage(
        days=days,
        now=now,
        views=room.views,
        parts=room.parts,
        understand=lambda text: understand(text, engine=engine, today=now.date()).intent,
    )
