"""Whether the gateway lives, whether every part is ready, and its numbers."""

from __future__ import annotations

import asyncio
from typing import Any

import anyio
import anyio.to_thread
import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.gateway.parts import Check, Parts
from bot.gateway.refusals import refusal

log = structlog.get_logger()

CHECK_SECONDS = 5.0
NO_STORE = {"cache-control": "no-store"}


async def health_live(request: Request) -> JSONResponse:
    """The process runs and its event loop turns; nothing else is looked at."""
    return JSONResponse({"live": True}, headers=NO_STORE)


async def health_ready(request: Request) -> JSONResponse:
    """503 unless every part is well; which one is not is told to monitors only."""
    parts: Parts = request.app.state.parts
    names = tuple(parts.checks)
    problems = await asyncio.gather(*(_problem(name, parts.checks[name]) for name in names))
    ready = not any(problems)
    view: dict[str, Any] = {"ready": ready}
    if request.state.may_monitor:
        view["parts"] = {
            name: {"ready": problem is None} | ({"problem": problem} if problem else {})
            for name, problem in zip(names, problems, strict=True)
        }
    return JSONResponse(view, status_code=200 if ready else 503, headers=NO_STORE)


async def metrics(request: Request) -> Response:
    parts: Parts = request.app.state.parts
    if not request.state.may_monitor:
        return refusal(404, "not_found", "There is nothing at this address.")
    body, media_type = parts.metrics.text()
    return Response(body, headers={"content-type": media_type, **NO_STORE})


async def _problem(name: str, check: Check) -> str | None:
    try:
        with anyio.fail_after(CHECK_SECONDS):
            return await anyio.to_thread.run_sync(check, abandon_on_cancel=True)
    except TimeoutError:
        return f"No answer within {CHECK_SECONDS:.0f} seconds."
    except Exception as error:  # noqa: BLE001
        # A check that breaks is the finding, not a failure of the page that shows it.
        log.warning("check_failed", part=name, error=type(error).__name__)
        return f"The check failed with {type(error).__name__}."
