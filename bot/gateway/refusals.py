"""The one shape of every error: {"error": {"code", "message"}} with a fitting status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse


class BadRequest(HTTPException):
    """Refused by the door itself, before anything of the desk was asked."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(status, message)
        self.code = code


def refusal(
    status: int,
    code: str,
    message: str,
    *,
    headers: Mapping[str, str] | None = None,
    details: Mapping[str, Any] | None = None,
) -> JSONResponse:
    """Return an error answer; `message` says what happened and what to do."""
    return JSONResponse(
        {"error": {"code": code, "message": message, **(details or {})}},
        status_code=status,
        headers={"cache-control": "no-store", **(headers or {})},
    )
