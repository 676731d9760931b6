"""Where replies to tickets arrive that a system of the company sends by itself."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.gateway import bodies
from bot.gateway.parts import Parts
from bot.gateway.refusals import refusal


async def ticket_reply(request: Request) -> Response:
    """200 once the reply is taken, also when it was taken before."""
    parts: Parts = request.app.state.parts
    if parts.take_ticket_reply is None:
        return refusal(404, "not_found", "There is nothing at this address.")
    body = await bodies.read_bytes(request)
    signature = request.headers.get("desk-signature", "")
    taken = await run_in_threadpool(parts.take_ticket_reply, body, signature)
    return JSONResponse({"taken": taken}, headers={"cache-control": "no-store"})
