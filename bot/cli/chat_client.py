"""The gateway's public API, spoken by the terminal chat over one kept-open connection."""

from __future__ import annotations

import http.client
import json
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlsplit

from bot.errors import HelpdeskError, SetupError, Unavailable

# A gateway that restarts is back within seconds; after this long somebody has to look at it.
PATIENCE_SECONDS = 60.0
RETRY_SECONDS = 0.25
REQUEST_SECONDS = 40.0
POLL_SECONDS = 20
# Too many at once, or a part behind the gateway is not back yet.
BUSY = frozenset({429, 502, 503, 504})


class GatewayUnreachable(Unavailable):
    code = "gateway_unreachable"

    def __init__(self, url: str) -> None:
        super().__init__(f"No gateway answers at {url}. Start one with `make run`.")


class Refusal(HelpdeskError):
    """The gateway's own error, with its status, code and sentence."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class GatewayClient:
    """One caller's connection; not shared between threads."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise SetupError(f"{url!r} is not an address. Write one like http://127.0.0.1:8080.")
        self._url = url
        secure = parts.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        self._connection = kind(parts.hostname, parts.port, timeout=REQUEST_SECONDS)
        self._path = parts.path.rstrip("/")

    def open(self, identity: str | None, *, resume: bool) -> dict[str, Any]:
        """Open a conversation. A lost answer is not asked for again: it may have opened one.

        Raises:
            GatewayUnreachable: nothing listens there.
            Refusal: the gateway refused, for example the identity.
        """
        body = {"resume": resume} if identity is None else {"identity": identity, "resume": resume}
        return self._call("POST", "/api/conversations", body, repeatable=False)

    def post(self, conversation: str, token: str, body: dict[str, Any]) -> dict[str, Any]:
        """Post one message and return the stored one; its client id makes repeating safe.

        Raises:
            GatewayUnreachable: nobody answered for a minute.
            Refusal: the gateway refused the message.
        """
        return self._call("POST", f"/api/conversations/{conversation}/messages", body, token=token)

    def updates(self, conversation: str, token: str, *, after: int, idle: bool) -> dict[str, Any]:
        """Wait for messages after `after`, or for `idle` to change; raises like `post`."""
        query = f"after={after}&wait={POLL_SECONDS}&idle={'true' if idle else 'false'}"
        return self._call("GET", f"/api/conversations/{conversation}/updates?{query}", token=token)

    def close(self, conversation: str, token: str) -> None:
        """Close the conversation; raises like `post`, at once where the gateway is gone."""
        path = f"/api/conversations/{conversation}/close"
        self._call("POST", path, {}, token=token, repeatable=False)

    def _call(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        token: str | None = None,
        repeatable: bool = True,
    ) -> dict[str, Any]:
        """Call until there is an answer: a restart in between must not lose or double anything."""
        give_up_at = monotonic() + PATIENCE_SECONDS
        while True:
            wait = RETRY_SECONDS
            try:
                status, headers, raw = self._send(method, path, body, token)
            except (OSError, http.client.HTTPException):
                if not repeatable:
                    raise GatewayUnreachable(self._url) from None
            else:
                if status not in BUSY or monotonic() > give_up_at:
                    return _understood(status, raw)
                wait = float(headers.get("retry-after") or RETRY_SECONDS)
            if monotonic() > give_up_at:
                raise GatewayUnreachable(self._url)
            sleep(wait)

    def _send(
        self, method: str, path: str, body: dict[str, Any] | None, token: str | None
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        headers = {} if body is None else {"content-type": "application/json"}
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        sent = None if body is None else json.dumps(body).encode()
        try:
            self._connection.request(method, self._path + path, sent, headers)
            response = self._connection.getresponse()
            return response.status, response.headers, response.read()
        except (OSError, http.client.HTTPException):
            # A connection in an unknown state is of no further use.
            self._connection.close()
            raise


def _understood(status: int, raw: bytes) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = json.loads(raw)
        error = answer["error"] if status >= 400 else None
        refusal = error and Refusal(status, error["code"], error["message"])
    except (ValueError, KeyError, TypeError):
        told = f"Something else than the gateway answered there (HTTP {status})."
        raise Refusal(status, "not_the_gateway", told) from None
    if refusal:
        raise refusal
    return answer
