"""The built pages and scripts: demo shop, the pages to come, widget and assets."""

from __future__ import annotations

import os
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.staticfiles import PathLike, StaticFiles
from starlette.types import Scope

from bot.gateway.refusals import BadRequest
from bot.gateway.staff.access import require
from bot.people.permissions import Permission
from bot.settings import ROOT

DIST = ROOT / "bot/pages/dist"
# A page is asked for anew each time, so that a new version is seen; its scripts carry a version.
REVALIDATE = "no-cache"
FOREVER = "public, max-age=31536000, immutable"
PAGES = {"/": "index.html"}
STAFF_PAGES = {
    "/desk": ("desk.html", Permission.SEE_DESK),
    "/insights": ("insights.html", Permission.SEE_INSIGHTS),
}


async def page(request: Request) -> Response:
    return _file(DIST / PAGES[request.url.path], "text/html; charset=utf-8")


async def staff_page(request: Request) -> Response:
    """Show a page of the staff to whom it is for; who is not signed in is led to the door."""
    file, permission = STAFF_PAGES[request.url.path]
    await require(request, permission)
    response = _file(DIST / file, "text/html; charset=utf-8")
    # Pages behind the door are kept by no browser, and tell our own pages where they came from.
    response.headers.update({"cache-control": "no-store", "referrer-policy": "same-origin"})
    return response


async def widget_script(request: Request) -> Response:
    return _file(DIST / "widget.js", "text/javascript; charset=utf-8")


def _file(path: Path, media_type: str) -> Response:
    if not path.is_file():
        raise BadRequest(503, "pages_not_built", "The pages are not built. Run `make setup`.")
    return FileResponse(path, media_type=media_type, headers={"cache-control": REVALIDATE})


class Assets(StaticFiles):
    """Static files that say how long they keep: with a version in the address, for good."""

    def __init__(self) -> None:
        super().__init__(directory=DIST / "assets", check_dir=False)

    def file_response(
        self,
        full_path: PathLike,
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        versioned = scope["query_string"].startswith(b"v=")
        response.headers["cache-control"] = FOREVER if versioned else REVALIDATE
        return response
