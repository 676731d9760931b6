"""The pages of the staff, written on the server: no script, and every value escaped."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import jinja2
import segno
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.errors import (
    ConfirmationNeeded,
    ForgedRequest,
    HelpdeskError,
    NotAllowed,
    SignInNeeded,
    TooManyRequests,
)
from bot.gateway.parts import Parts
from bot.gateway.staff.cookies import token_of
from bot.people.permissions import Permission, may
from bot.people.person import StaffMember
from bot.retention.calendar import write_day, write_instant
from bot.settings import ROOT

FOLDER = ROOT / "bot/pages/staff"
# Browsers tell our own pages where a form came from only if pages do not ask them to be silent.
HEADERS = {"cache-control": "no-store", "referrer-policy": "same-origin"}
ROOMS = (
    ("/desk", "Agent desk", Permission.SEE_DESK),
    ("/studio", "Trainer studio", Permission.SEE_STUDIO),
    ("/insights", "Insights", Permission.SEE_INSIGHTS),
    ("/audit", "Audit", Permission.SEE_AUDIT),
)
# Where one may be sent on to after signing in; anything else could be another website's page.
BEHIND_THE_DOOR = ("/desk", "/studio", "/insights", "/audit", "/account")


class StaffPaper:
    """Renders the templates of `bot/pages/staff`, and those of a room's own folder."""

    def __init__(self, *rooms: Path) -> None:
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader([*rooms, FOLDER]),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
        )
        self._environment.filters.update(day=write_day, moment=write_instant)

    def page(
        self,
        request: Request,
        template: str,
        title: str,
        *,
        staff: StaffMember | None = None,
        problem: str = "",
        status: int = 200,
        **values: Any,
    ) -> HTMLResponse:
        parts: Parts = request.app.state.parts
        secret = parts.staff_cookies.secret(request)
        rooms = [(href, name) for href, name, needed in ROOMS if staff and may(staff.roles, needed)]
        written = self._environment.get_template(template).render(
            title=title,
            staff=staff,
            rooms=rooms,
            problem=problem,
            company=parts.settings.company,
            token=values.pop("token", token_of(secret) if secret else ""),
            **values,
        )
        return HTMLResponse(written, status_code=status, headers=HEADERS)


def qr_picture(address: str) -> Markup:
    """Return the address as an SVG picture of a QR code, made of digits and letters of ours."""
    written = io.BytesIO()
    segno.make(address, error="m").save(
        written, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, dark="#000"
    )
    return Markup(written.getvalue().decode())


def go_to(path: str) -> RedirectResponse:
    return RedirectResponse(path, status_code=303, headers=HEADERS)


def way_on(asked: str, staff: StaffMember | None = None) -> str:
    """Return the page to go on to: the one that was asked for if it is one of ours, else home."""
    parts = urlsplit(asked)
    plain = not parts.scheme and not parts.netloc and "\\" not in asked and asked.isprintable()
    if plain and any(
        parts.path == room or parts.path.startswith(f"{room}/") for room in BEHIND_THE_DOOR
    ):
        return asked
    for href, _name, needed in ROOMS:
        if staff and may(staff.roles, needed):
            return href
    return "/account"


def refused_page(request: Request, error: HelpdeskError) -> Response | None:
    """Return the answer to a person who opened a page or sent a form; None for anything else."""
    if "text/html" not in request.headers.get("accept", ""):
        return None
    asked = request.url.path if request.method == "GET" else "/account"
    if isinstance(error, SignInNeeded):
        return go_to(f"/sign-in?next={quote(asked)}")
    if isinstance(error, ConfirmationNeeded):
        return go_to(f"/account/confirm?next={quote(asked)}")
    told: dict[type[HelpdeskError], tuple[str, int]] = {
        NotAllowed: ("This page is not for your roles", 403),
        ForgedRequest: ("Please try again", 403),
        TooManyRequests: ("Please wait a moment", 429),
    }
    if type(error) not in told:
        return None
    title, status = told[type(error)]
    paper: StaffPaper = request.app.state.staff_paper
    return paper.page(
        request,
        "refused.html",
        title,
        status=status,
        why=str(error),
        next="/account",
        way="Your account",
    )
