"""The pages of the trainers' studio: written on the server, changed piece by piece by htmx."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from bot.errors import EditRefused, HelpdeskError, Unavailable
from bot.gateway.staff.paper import StaffPaper
from bot.people.person import StaffMember
from bot.settings import ROOT

FOLDER = ROOT / "bot/pages/studio"
# A place is shown as soon as the application has a page for it.
PLACES = (
    ("/studio", "Inbox"),
    ("/studio/conversations", "Conversations"),
    ("/studio/try", "Try it"),
    ("/studio/coverage", "Coverage"),
    ("/studio/publish", "Publish"),
)


class StudioPaper(StaffPaper):
    """Renders the templates of `bot/pages/studio`: pages extend `frame.html`, pieces nothing."""

    def __init__(self) -> None:
        """Read the studio's templates beside those of all staff."""
        super().__init__(FOLDER)

    def in_the_frame(
        self, request: Request, template: str, title: str, *, staff: StaffMember, **values: Any
    ) -> HTMLResponse:
        """Return a whole page, or, where htmx asks for a piece, the piece alone.

        The template gets `whole`, False for a piece; `frame.html` leaves itself out then.
        """
        there = {route.path for route in request.app.routes if isinstance(route, Route)}
        return self.page(
            request,
            template,
            title,
            staff=staff,
            whole="hx-request" not in request.headers,
            places=[(href, name) for href, name in PLACES if href in there],
            here=_place_of(request.url.path),
            **values,
        )


def status_of(error: HelpdeskError) -> int:
    """Return the status of a page that shows what was refused, and lets it be tried again."""
    if isinstance(error, Unavailable):
        return 503
    return 409 if isinstance(error, EditRefused) else 422


def _place_of(path: str) -> str:
    """Return the place a page belongs to, which is the longest beginning of its address."""
    around = [href for href, _ in PLACES if path == href or path.startswith(f"{href}/")]
    return max(around, key=len, default="")
