"""Where the billing system's webhooks arrive."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.gateway import bodies
from bot.gateway.parts import Parts
from bot.gateway.refusals import refusal


async def stripe_event(request: Request) -> Response:
    """200 once the event is taken, also when it was taken before; Stripe repeats all others."""
    parts: Parts = request.app.state.parts
    if parts.take_stripe_event is None:
        return refusal(404, "not_found", "There is nothing at this address.")
    body = await bodies.read_bytes(request)
    signature = request.headers.get("stripe-signature", "")
    taken = await run_in_threadpool(parts.take_stripe_event, body, signature)
    return JSONResponse({"taken": taken}, headers={"cache-control": "no-store"})
