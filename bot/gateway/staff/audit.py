"""The page of the audit: what staff did and saw, for administrators."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.errors import InvalidInput, PersonNotFound
from bot.gateway.parts import Parts
from bot.gateway.staff.access import require
from bot.gateway.staff.paper import StaffPaper
from bot.people.permissions import Permission
from bot.use_cases.show_audit import AuditPage, show_audit

# A number of the chain; anything longer is none.
_MOST_DIGITS = 18


async def audit_page(request: Request) -> Response:
    """Show the newest entries, or older ones, of everybody or of one person."""
    staff = await require(request, Permission.SEE_AUDIT)
    parts: Parts = request.app.state.parts
    paper: StaffPaper = request.app.state.staff_paper
    email = request.query_params.get("person", "").strip()
    before = _number(request.query_params.get("before", ""))
    problem, shown = "", AuditPage((), None)
    try:
        shown = await run_in_threadpool(
            lambda: show_audit(staff, email=email, before=before, at=parts.reception)
        )
    except (InvalidInput, PersonNotFound) as error:
        problem = str(error)
    return paper.page(
        request,
        "audit.html",
        "Audit",
        staff=staff,
        problem=problem,
        status=422 if problem else 200,
        email=email,
        before=before,
        shown=shown,
    )


def _number(written: str) -> int | None:
    is_one = written.isascii() and written.isdigit() and len(written) <= _MOST_DIGITS
    return int(written) if is_one else None
