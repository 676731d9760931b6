"""Switching check-ins off by the link of a mail: a page that asks, and the one click that does."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.gateway.parts import Parts

# Without a referrer at all browsers send a form from no origin, which the door refuses.
PRIVATE = {"cache-control": "no-store", "x-robots-tag": "noindex", "referrer-policy": "same-origin"}
_PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>{title}</title>'
    "<main><h1>{title}</h1>{body}</main></html>"
)
# Following a link must change nothing: mail scanners follow them all (RFC 8058).
_ASK = _PAGE.format(
    title="No more messages like this?",
    body="<p>We will not write to you unasked any more. Everything else stays as it is.</p>"
    '<form method="post"><button>Send me no more</button></form>',
)
_DONE = _PAGE.format(
    title="Done",
    body="<p>You will get no more messages like this. Nothing else has changed.</p>",
)


async def ask(request: Request) -> Response:
    return HTMLResponse(_ASK, headers=PRIVATE)


async def switch_off(request: Request) -> Response:
    """200 once it is off, also when it was off before; the link alone is the proof."""
    parts: Parts = request.app.state.parts
    await run_in_threadpool(parts.switch_check_ins_off, request.path_params["token"])
    return HTMLResponse(_DONE, headers=PRIVATE)
