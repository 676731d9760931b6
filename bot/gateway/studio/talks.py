"""Conversations for trainers to read: what was said, understood and decided."""

from __future__ import annotations

from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.errors import InvalidInput
from bot.gateway.parts import Parts
from bot.gateway.staff.access import require
from bot.gateway.studio.paper import StudioPaper
from bot.people.permissions import Permission
from bot.retention.calendar import write_instant
from bot.use_cases.review_conversation import (
    MOST_LISTED,
    list_conversations,
    review_conversation,
)


async def talks_page(request: Request) -> Response:
    """Show the conversations, newest first, all or those in which words were said."""
    staff = await require(request, Permission.SEE_STUDIO)
    parts: Parts = request.app.state.parts
    asked = request.query_params
    words, missed = asked.get("words", ""), asked.get("missed") == "yes"
    before = _instant(asked.get("before", ""))

    def find() -> object:
        return list_conversations(
            words, only_missed=missed, before=before, by=staff.person_id, room=parts.review
        )

    paper: StudioPaper = request.app.state.studio_paper
    return paper.in_the_frame(
        request,
        "talks.html",
        "Conversations",
        staff=staff,
        found=await run_in_threadpool(find),
        words=words,
        missed=missed,
        most=MOST_LISTED,
    )


async def talk_page(request: Request) -> Response:
    """Show one conversation."""
    staff = await require(request, Permission.SEE_STUDIO)
    parts: Parts = request.app.state.parts
    asked = request.path_params["conversation"]
    review = await run_in_threadpool(
        lambda: review_conversation(asked, by=staff.person_id, room=parts.review)
    )
    paper: StudioPaper = request.app.state.studio_paper
    title = f"Chat of {write_instant(review.opened_at)}"
    return paper.in_the_frame(request, "talk.html", title, staff=staff, review=review)


def _instant(written: str) -> datetime | None:
    if not written:
        return None
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise InvalidInput("before: write it as 2026-11-29T12:00:00+00:00.") from None
    if moment.tzinfo is None:
        raise InvalidInput("before: say the time zone too, as in +00:00.")
    return moment
