"""The outermost layer: every request gets its id, its headers, its limits and one log line."""

from __future__ import annotations

from secrets import token_hex
from time import perf_counter

import structlog
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.gateway.failures import record_failure
from bot.gateway.headers import Origins, SecurityHeaders, cross_origin, preflight
from bot.gateway.metrics import Metrics
from bot.gateway.rate_limits import Callers
from bot.gateway.refusals import refusal

log = structlog.get_logger()

LARGEST_BODY_BYTES = 64 * 1024
WRITING_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
# Asked for again and again by machines; a line each would bury the others.
QUIET_ROUTES = frozenset({"health_live", "health_ready", "metrics", "static", "updates"})


class Guard:
    """Wraps the whole application, so that its error pages are covered too."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        headers: SecurityHeaders,
        origins: Origins,
        callers: Callers,
        metrics: Metrics,
    ) -> None:
        self._app = app
        self._headers = headers
        self._origins = origins
        self._callers = callers
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        state = scope.setdefault("state", {})
        state["request_id"] = token_hex(8)
        peer = scope["client"][0] if scope.get("client") else "unknown"
        forwarded_for = ",".join(headers.getlist("x-forwarded-for"))
        state["caller"] = self._callers.address(peer, forwarded_for)
        state["may_monitor"] = self._callers.may_monitor(peer, forwarded_for)
        if scope["type"] == "websocket":
            # The live feed checks its own origin and writes its own line when it ends.
            await self._app(scope, receive, send)
            return
        await self._answer(scope, headers, receive, send)

    async def _answer(self, scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
        began, status = perf_counter(), 0
        origin = headers.get("origin")
        allowed = self._origins.allow(origin, host=headers.get("host", ""))
        added = [
            *self._headers.of(scope["path"]),
            (b"x-request-id", scope["state"]["request_id"].encode()),
            *(cross_origin(origin) if origin and allowed else ()),
        ]

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                present = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(header for header in added if header[0] not in present),
                ]
            await send(message)

        try:
            app = self._refusal(scope, headers, origin, allowed) or self._app
            await app(scope, receive, send_with_headers)
        except Exception as error:  # noqa: BLE001
            # The answer has gone out already (or cannot any more); what is left is to record it.
            record_failure("failed", error, request_id=scope["state"]["request_id"])
        finally:
            self._record(scope, status or 499, perf_counter() - began)

    def _refusal(
        self, scope: Scope, headers: Headers, origin: str | None, allowed: bool
    ) -> Response | None:
        """Return the answer to a request that must not get as far as a route."""
        if scope["method"] == "OPTIONS" and origin:
            if allowed:
                return Response(status_code=204, headers=_text(preflight(origin)))
            return refusal(403, "origin_refused", "Pages of this website may not call the desk.")
        if scope["method"] in WRITING_METHODS and (
            (origin and not allowed)
            or (headers.get("sec-fetch-site") == "cross-site" and not allowed)
        ):
            return refusal(403, "origin_refused", "Pages of this website may not call the desk.")
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > LARGEST_BODY_BYTES:
            return refusal(413, "body_too_large", f"Send at most {LARGEST_BODY_BYTES} bytes.")
        return None

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        route = _route(scope)
        self._metrics.requests.labels(route, str(status)).inc()
        self._metrics.request_seconds.labels(route).observe(seconds)
        write = log.debug if route in QUIET_ROUTES and status < 400 else log.info
        write(
            "request",
            request_id=scope["state"]["request_id"],
            route=route,
            status=status,
            ms=round(seconds * 1000, 1),
            conversation=scope.get("path_params", {}).get("conversation"),
        )


def _route(scope: Scope) -> str:
    """Return the route's name; never the path, which may be anything or a receipt's key."""
    endpoint = scope.get("endpoint")
    if endpoint is None:
        return "none"
    return getattr(endpoint, "__name__", "static")


def _text(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode(): value.decode("latin-1") for name, value in headers}
