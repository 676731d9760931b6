"""The only ways to act on somebody's behalf: everything else in the gateway asks here first."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from starlette.requests import HTTPConnection

from bot.errors import ConversationNotFound, IdentityRefused


class Session(Protocol):
    """What a conversation token opens."""

    @property
    def conversation(self) -> str: ...

    @property
    def account(self) -> str | None: ...

    @property
    def expires_at(self) -> datetime: ...


class Sessions(Protocol):
    """Issues and reads conversation tokens."""

    def issue(self, conversation: str, account: str | None, *, now: datetime) -> str: ...

    def read(self, token: str, *, now: datetime) -> Session:
        """Raises IdentityRefused."""


def visitor(request: HTTPConnection, sessions: Sessions, *, now: datetime) -> Session:
    """Return the session of the request's token, for the conversation in the request's path.

    Raises:
        IdentityRefused: there is no token, or it is not ours, or it has expired.
        ConversationNotFound: it opens another conversation. Whether the asked one exists is not
            told, so that nobody can find out by trying.
    """
    token = bearer(request)
    if token is None:
        raise IdentityRefused("Send the conversation's token as `Authorization: Bearer`.")
    return session_for(request.path_params["conversation"], token, sessions, now=now)


def session_for(conversation: str, token: str, sessions: Sessions, *, now: datetime) -> Session:
    """Like `visitor`, for a token that came another way, such as in a live feed's first frame."""
    session = sessions.read(token, now=now)
    if session.conversation != conversation:
        raise ConversationNotFound
    return session


def earlier_session(
    request: HTTPConnection, sessions: Sessions, *, now: datetime
) -> Session | None:
    """Return the session a visitor comes back with; None without a token.

    Raises:
        IdentityRefused: the token is not ours or has expired: the browser should forget it.
    """
    token = bearer(request)
    return None if token is None else sessions.read(token, now=now)


def bearer(request: HTTPConnection) -> str | None:
    """Return the token of the Authorization header; addresses and cookies are never looked at."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None
