"""The gateway as one application: every route, and the one place where errors become statuses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.types import ASGIApp

from bot.errors import (
    HeldBack,
    HelpdeskError,
    IdentityRefused,
    TooManyMessages,
    TooManyRequests,
    TooManyTries,
    Unavailable,
)
from bot.gateway import (
    billing_events,
    check_ins,
    demo,
    health,
    live,
    pages,
    receipts,
    ticket_replies,
)
from bot.gateway.desk.table import DESK_ROUTES
from bot.gateway.guard import Guard
from bot.gateway.headers import SecurityHeaders
from bot.gateway.parts import Parts
from bot.gateway.refusals import refusal
from bot.gateway.staff import routes as staff
from bot.gateway.staff.paper import StaffPaper, refused_page
from bot.gateway.studio.paper import StudioPaper
from bot.gateway.studio.table import STUDIO_ROUTES
from bot.gateway.widget import routes as widget

ROUTES: list[BaseRoute] = [
    Route("/api/conversations", widget.open_a_conversation, methods=["POST"]),
    Route("/api/conversations/{conversation}/messages", widget.post_a_message, methods=["POST"]),
    Route("/api/conversations/{conversation}/updates", live.updates),
    Route("/api/conversations/{conversation}/close", widget.close_a_conversation, methods=["POST"]),
    WebSocketRoute("/api/conversations/{conversation}/live", live.live),
    Route("/hooks/stripe", billing_events.stripe_event, methods=["POST"]),
    Route("/check-ins/off/{token}", check_ins.ask),
    Route("/check-ins/off/{token}", check_ins.switch_off, methods=["POST"]),
    Route("/hooks/tickets", ticket_replies.ticket_reply, methods=["POST"]),
    Route("/receipts/{receipt}", receipts.receipt),
    Route("/health/live", health.health_live),
    Route("/health/ready", health.health_ready),
    Route("/metrics", health.metrics),
    *(Route(path, pages.page) for path in pages.PAGES),
    *staff.ROUTES,
    *DESK_ROUTES,
    *STUDIO_ROUTES,
    Route("/widget.js", pages.widget_script),
    Mount("/assets", pages.Assets()),
]
DEVELOPMENT_ROUTES: list[BaseRoute] = [
    Route("/api/demo/customers", demo.demo_customers),
    Route("/api/demo/identity", demo.demo_identity, methods=["POST"]),
]

STATUS = {
    "invalid_input": 422,
    "message_empty": 422,
    "message_too_long": 413,
    "person_invalid": 422,
    "example_refused": 422,
    "password_refused": 422,
    "identity_refused": 401,
    "sign_in_needed": 401,
    "confirmation_needed": 401,
    "sign_in_refused": 403,
    "not_allowed": 403,
    "request_forged": 403,
    "refused": 403,
    "not_found": 404,
    "account_not_found": 404,
    "conversation_not_found": 404,
    "agent_not_found": 404,
    "button_unknown": 404,
    "person_not_found": 404,
    "invitation_not_found": 404,
    "message_id_reused": 409,
    "not_possible": 409,
    "edit_refused": 409,
    "busy": 409,
    "not_published": 409,
    "stale_dialogue": 409,
    "already_taken": 409,
    "not_holder": 409,
    "at_capacity": 409,
    "agent_not_here": 409,
    "held_back": 422,
    "button_expired": 410,
    "too_many_messages": 429,
    "too_many_requests": 429,
    "too_many_tries": 429,
    "unavailable": 503,
    "billing_unavailable": 503,
    "assistant_unavailable": 503,
    # Ours to mend, and nothing a customer can do about; the log has the details.
    "helpdesk_error": 500,
    "file_invalid": 500,
    "policy_changed": 500,
    "receipt_refused": 422,
    "setup_error": 500,
}
DOOR_CODES = {404: "not_found", 405: "method_not_allowed"}
OURS = "Something went wrong on our side. Try again, or tell us this number: {request_id}."
RETRY_SECONDS = 5


def create_app(parts: Parts) -> ASGIApp:
    """Return the application; its turn engine runs while the server does."""

    @asynccontextmanager
    async def running(_app: Starlette) -> AsyncIterator[None]:
        parts.wakeups.start()
        parts.turns.start()
        look = parts.switchboard.views.marks
        looking = asyncio.create_task(parts.wakeups.look_again_for_ever(look))
        yield
        looking.cancel()
        parts.wakeups.stop()
        await parts.turns.stop()
        parts.review.stage.close()

    development = [] if parts.settings.in_production else DEVELOPMENT_ROUTES
    app = Starlette(
        routes=[*ROUTES, *development],
        exception_handlers={
            HelpdeskError: _desk_error,
            HTTPException: _door_error,
            Exception: _own_error,
        },
        lifespan=running,
    )
    app.state.parts = parts
    app.state.receipt_paper = receipts.ReceiptPaper.read()
    app.state.staff_paper = StaffPaper()
    app.state.studio_paper = StudioPaper()
    return Guard(
        app,
        headers=SecurityHeaders(parts.settings.public_url),
        origins=parts.origins,
        callers=parts.callers,
        metrics=parts.metrics,
    )


async def _desk_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HelpdeskError)
    status, headers = STATUS[error.code], _headers(error)
    page = refused_page(request, error)
    if page is not None:
        page.headers.update(headers)
        return page
    if status == 500:
        return await _own_error(request, error)
    return refusal(status, error.code, str(error), headers=headers, details=_details(error))


def _headers(error: HelpdeskError) -> dict[str, str]:
    if isinstance(error, (TooManyMessages, TooManyRequests, TooManyTries)):
        return {"retry-after": str(error.retry_after_seconds)}
    if isinstance(error, Unavailable):
        return {"retry-after": str(RETRY_SECONDS)}
    return {"www-authenticate": "Bearer"} if isinstance(error, IdentityRefused) else {}


def _details(error: HelpdeskError) -> dict[str, Any]:
    """Return what an agent needs to mend a message that was held back."""
    if not isinstance(error, HeldBack):
        return {}
    return {"breaches": [asdict(hint) for hint in error.hints]}


async def _door_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = getattr(error, "code", None) or DOOR_CODES.get(error.status_code, "refused")
    told = error.detail if hasattr(error, "code") else TOLD.get(error.status_code, error.detail)
    return refusal(error.status_code, code, told, headers=error.headers)


TOLD = {
    404: "There is nothing at this address.",
    405: "This address does not take this method.",
}


async def _own_error(request: Request, _error: Exception) -> Response:
    """Say nothing of what broke; the request id finds it in the log."""
    return refusal(500, "internal_error", OURS.format(request_id=request.state.request_id))
