"""The only ways to act as staff: a session's cookie, a permission, and a request from our pages."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from functools import wraps

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.websockets import WebSocket

from bot.errors import ForgedRequest, HelpdeskError, NotAllowed, SignInNeeded, Unavailable
from bot.gateway.guard import WRITING_METHODS
from bot.gateway.parts import Parts
from bot.gateway.staff.cookies import token_of
from bot.people.permissions import Permission
from bot.people.person import StaffMember
from bot.use_cases.reception import Visitor
from bot.use_cases.staff_session import who_is

Door = Callable[[Request], Awaitable[Response]]
TOKEN_HEADER = "x-csrf-token"
LOOK_AGAIN_SECONDS = 2.0
# Close codes of a live connection; they mirror the HTTP status of the same refusal.
SESSION_OVER = 4401
NOT_ALLOWED = 4403


async def require(
    request: Request,
    permission: Permission,
    *,
    touch: bool = True,
    fresh: bool = False,
    form_token: str | None = None,
) -> StaffMember:
    """Return who acts, as they are at this moment.

    Args:
        touch: False for what a page asks by itself, which must not keep a session from going idle.
        fresh: the password must have been given in the last minutes.
        form_token: the request's token where a form sent it, instead of the header.

    Raises:
        SignInNeeded: nobody is signed in, or not all the way.
        NotAllowed: none of their roles has the permission.
        ForgedRequest: it changes something and was not sent by a page of ours.
        ConfirmationNeeded: `fresh` was asked for.
        TooManyRequests: by this session, or this address.
    """
    count(request)
    parts: Parts = request.app.state.parts
    secret = parts.staff_cookies.secret(request)
    if request.method in WRITING_METHODS and secret:
        check_token(request, secret, form_token)
    return await run_in_threadpool(
        who_is, secret, permission, at=parts.reception, touch=touch, fresh=fresh
    )


def count(connection: HTTPConnection) -> None:
    """Count what staff ask for, or whoever comes to their doors. Raises TooManyRequests."""
    parts: Parts = connection.app.state.parts
    # By address as well: anybody can make up the cookie of another session for every request.
    parts.limits.doors.take(connection.state.caller)
    secret = parts.staff_cookies.secret(connection)
    if secret:
        parts.limits.staff.take(secret)


def counted(answer: Door) -> Door:
    """Count who comes to a route that does not ask for a permission."""

    @wraps(answer)
    async def counting(request: Request) -> Response:
        count(request)
        return await answer(request)

    return counting


def check_token(request: Request, secret: str, form_token: str | None = None) -> None:
    """Return for a request that a page of ours sent. Raises ForgedRequest."""
    given = request.headers.get(TOKEN_HEADER, "") if form_token is None else form_token
    if not is_ours(request) or not hmac.compare_digest(
        given.encode(errors="replace"), token_of(secret).encode()
    ):
        raise ForgedRequest


def is_ours(connection: HTTPConnection) -> bool:
    """Whether a page of the gateway's own origin sent this.

    Websites that may embed the widget are not ours here: staff have no business there. Browsers
    name the origin of everything that writes; who sends none is no browser, and holds no cookie
    that anybody else could have made it send.
    """
    parts: Parts = connection.app.state.parts
    origin = connection.headers.get("origin")
    if origin is None:
        return connection.headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}
    return parts.own_origin.allow(origin, host=connection.headers.get("host", ""))


async def require_socket(socket: WebSocket, permission: Permission) -> StaffMember | None:
    """Like `require` for a live connection, before it is accepted.

    Returns None when it was refused: the handshake is then answered with 403.
    """
    parts: Parts = socket.app.state.parts
    if socket.headers.get("origin") is None or not is_ours(socket):
        await socket.close(1008)
        return None
    try:
        count(socket)
        return await run_in_threadpool(
            who_is, parts.staff_cookies.secret(socket), permission, at=parts.reception
        )
    except HelpdeskError:
        await socket.close(1008)
        return None


async def until_refused(socket: WebSocket, permission: Permission) -> int:
    """Return, once the session no longer allows the permission, the code to close with.

    A live connection counts as no act: a forgotten desk goes idle all the same.
    """
    parts: Parts = socket.app.state.parts
    secret = parts.staff_cookies.secret(socket)
    while True:
        await anyio.sleep(LOOK_AGAIN_SECONDS)
        try:
            await run_in_threadpool(who_is, secret, permission, at=parts.reception, touch=False)
        except SignInNeeded:
            return SESSION_OVER
        except NotAllowed:
            return NOT_ALLOWED
        except Unavailable:
            continue  # the database is away for a moment; nothing can be done by anybody then


def visitor_of(connection: HTTPConnection) -> Visitor:
    """Return the browser at the door."""
    parts: Parts = connection.app.state.parts
    return Visitor(
        address=connection.state.caller,
        client=connection.headers.get("user-agent", ""),
        known_as=parts.staff_cookies.known_as(connection),
    )
