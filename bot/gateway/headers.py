"""The headers every answer carries, and which websites may call us from a browser."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

Headers = list[tuple[bytes, bytes]]

STATIC_PATHS = ("/assets/", "/widget.js")
STUDIO_PATH = "/studio"
# Which scripts may turn text into markup: lit its own templates, the studio what htmx reads.
LIT, STUDIO = "lit-html", "default"
PREFLIGHT_SECONDS = "600"
YEAR_SECONDS = 31_536_000


@dataclass(frozen=True)
class Origins:
    """Whose pages may talk to the gateway: the gateway's own and the listed ones.

    With `any_own_host` (development) a page counts as our own when it was served under the very
    name that it calls, so that `localhost`, `127.0.0.1` and a machine's name all work. Production
    compares with the list alone, because the name a browser calls us by is whatever DNS says.
    """

    listed: tuple[str, ...]
    any_own_host: bool

    def allow(self, origin: str | None, *, host: str) -> bool:
        """Return whether `origin` (as the browser sends it, None when absent) may call `host`."""
        if not origin:
            return False
        if origin in self.listed:
            return True
        parts = urlsplit(origin)
        return self.any_own_host and parts.scheme in {"http", "https"} and parts.netloc == host


class SecurityHeaders:
    """What is added to every response, errors and static files included.

    `public_url` decides whether browsers are told to stay with TLS, and names the WebSocket's
    address, because not every browser counts `ws:` under 'self'.
    """

    def __init__(self, public_url: str) -> None:
        self._private = _written(public_url, shared_with="same-origin")
        self._static = _written(public_url, shared_with="cross-origin")
        self._studio = _written(public_url, shared_with="same-origin", trusted=STUDIO)

    def of(self, path: str) -> Headers:
        if path == STUDIO_PATH or path.startswith(f"{STUDIO_PATH}/"):
            return self._studio
        return self._static if path.startswith(STATIC_PATHS) else self._private


def _written(public_url: str, *, shared_with: str, trusted: str = LIT) -> Headers:
    headers = {
        "content-security-policy": content_security_policy(public_url, trusted=trusted),
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        # A receipt's address is its key; it must not travel to where its links lead.
        "referrer-policy": "no-referrer",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": shared_with,
    }
    if public_url.startswith("https://"):
        headers["strict-transport-security"] = f"max-age={YEAR_SECONDS}; includeSubDomains"
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def content_security_policy(public_url: str, *, trusted: str = LIT) -> str:
    """Return the policy of all our pages: own files only, nothing inline, no strings as code."""
    live = "ws" + public_url.rstrip("/").removeprefix("http")
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            f"connect-src 'self' {live}",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            f"trusted-types {trusted}",
        ]
    )


def cross_origin(origin: str) -> Headers:
    """Return what lets a page of `origin`, which must be allowed, read the answer."""
    return [
        (b"access-control-allow-origin", origin.encode("latin-1")),
        (b"access-control-expose-headers", b"retry-after, x-request-id"),
        (b"vary", b"origin"),
    ]


def preflight(origin: str) -> Headers:
    """Return the answer to a browser's question whether a page of `origin` may call the API."""
    return [
        *cross_origin(origin),
        (b"access-control-allow-methods", b"GET, POST"),
        (b"access-control-allow-headers", b"authorization, content-type"),
        (b"access-control-max-age", PREFLIGHT_SECONDS.encode()),
    ]
