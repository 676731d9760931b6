"""The cookies of staff: the session's secret, and what a browser is known by."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

from starlette.requests import HTTPConnection
from starlette.responses import Response

KNOWN_SECONDS = 180 * 24 * 3600


@dataclass(frozen=True)
class StaffCookies:
    """With TLS the names begin with `__Host-`: browsers then take them from us alone, for us alone.

    Without it (development on this machine) browsers would refuse such a name, and `Secure`.
    """

    secure: bool

    @property
    def session_name(self) -> str:
        return "__Host-desk-session" if self.secure else "desk-session"

    @property
    def browser_name(self) -> str:
        return "__Host-desk-browser" if self.secure else "desk-browser"

    def secret(self, connection: HTTPConnection) -> str:
        return connection.cookies.get(self.session_name, "")

    def known_as(self, connection: HTTPConnection) -> str:
        return connection.cookies.get(self.browser_name, "")

    def keep(self, response: Response, secret: str, *, known_as: str = "") -> None:
        """Give the browser its session until it is closed; the server ends it by its own times."""
        self._set(response, self.session_name, secret)
        if known_as:
            self._set(response, self.browser_name, known_as, seconds=KNOWN_SECONDS)

    def drop(self, response: Response) -> None:
        self._set(response, self.session_name, "", seconds=0)

    def _set(
        self, response: Response, name: str, value: str, *, seconds: int | None = None
    ) -> None:
        # Lax: a link in a mail leads to the desk; what changes something asks for the token too.
        response.set_cookie(
            name,
            value,
            max_age=seconds,
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="lax",
        )


def token_of(secret: str) -> str:
    """Return what a writing request must carry beside the cookie: only our pages can know it."""
    made = hmac.new(secret.encode(), b"request token", sha256).digest()
    return urlsafe_b64encode(made).rstrip(b"=").decode()
