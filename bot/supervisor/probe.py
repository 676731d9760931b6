"""Ask a part of the desk over HTTP how it is."""

from __future__ import annotations

import http.client
import json
from typing import NamedTuple
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 2.0


class Answer(NamedTuple):
    """`status` is the HTTP status, or None when nothing answered; `body` what was said as JSON."""

    status: int | None
    body: dict[str, object]

    @property
    def ready(self) -> bool:
        return self.status == http.client.OK


def ask(url: str, *, timeout_seconds: float = TIMEOUT_SECONDS) -> Answer:
    """Get `url` once; never raises for a part that is down, slow or talks nonsense."""
    parts = urlsplit(url)
    # Straight to the part: a proxy set for the machine must not stand between loopback addresses.
    connection = http.client.HTTPConnection(
        parts.hostname or "", parts.port, timeout=timeout_seconds
    )
    try:
        connection.request("GET", parts.path or "/")
        response = connection.getresponse()
        return Answer(response.status, _as_object(response.read()))
    except (OSError, http.client.HTTPException):
        return Answer(None, {})
    finally:
        connection.close()


def _as_object(content: bytes) -> dict[str, object]:
    try:
        said = json.loads(content)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
