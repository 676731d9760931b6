"""Reading what a request carries: JSON only, of bounded size, within bounded time."""

from __future__ import annotations

import json
from enum import Enum
from typing import TypeVar

import anyio
from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from bot.gateway.guard import LARGEST_BODY_BYTES
from bot.gateway.refusals import BadRequest
from bot.gateway.widget.schemas import LARGEST_SEQ

BODY_SECONDS = 10.0
LONGEST_NUMBER = 20

Body = TypeVar("Body", bound=BaseModel)
Word = TypeVar("Word", bound=Enum)


async def read(request: Request, shape: type[Body]) -> Body:
    """Return the request's JSON body as `shape`.

    Only `application/json` is read: a form of a foreign website can send the other types without
    asking the browser for leave, but not this one.

    Raises:
        BadRequest: wrong media type, too large, too slow, no JSON, or not of this shape.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise BadRequest(415, "not_json", "Send the body as application/json.")
    return parse(await read_bytes(request), shape)


async def read_bytes(request: Request) -> bytes:
    """Return the request's body as it came.

    Raises:
        BadRequest: too large, or too slow.
    """
    try:
        with anyio.fail_after(BODY_SECONDS):
            return await _collect(request)
    except TimeoutError:
        raise BadRequest(
            408, "too_slow", f"The body took over {BODY_SECONDS:.0f} seconds."
        ) from None


async def read_optional(request: Request, shape: type[Body]) -> Body:
    """Like `read`, where no body at all is as good as an empty object."""
    if request.headers.get("content-length", "0") == "0" and not request.headers.get(
        "transfer-encoding"
    ):
        return shape()
    return await read(request, shape)


def query_number(request: Request, name: str, *, default: int, most: int = LARGEST_SEQ) -> int:
    """Return a whole number of the query; one over `most` counts as `most`.

    Raises:
        BadRequest: it is not a whole number.
    """
    given = request.query_params.get(name, str(default))
    if not (given.isascii() and given.isdigit()) or len(given) > LONGEST_NUMBER:
        raise BadRequest(422, "invalid_input", f"{name}: must be a whole number from 0.")
    return min(int(given), most)


def query_word(request: Request, name: str, words: type[Word]) -> Word | None:
    """Return a word of a closed list from the query; None where it is left out.

    Raises:
        BadRequest: it is none of them.
    """
    given = request.query_params.get(name)
    try:
        return words(given) if given else None
    except ValueError:
        known = ", ".join(str(word.value) for word in words)
        raise BadRequest(422, "invalid_input", f"{name}: must be one of {known}.") from None


def parse(raw: bytes | str, shape: type[Body]) -> Body:
    """Return `raw` as `shape`; see `read`."""
    try:
        found = json.loads(raw)
        if not isinstance(found, dict):
            # The shapes would take an empty list for an empty object.
            raise BadRequest(422, "invalid_input", "Send an object.")
        return shape.parse_obj(found)
    except ValidationError as error:
        raise BadRequest(422, "invalid_input", _told(error)) from None
    except (ValueError, RecursionError):
        # RecursionError: brackets nested some thousand deep.
        raise BadRequest(400, "malformed_json", "The body is not valid JSON.") from None


async def _collect(request: Request) -> bytes:
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > LARGEST_BODY_BYTES:
            raise BadRequest(413, "body_too_large", f"Send at most {LARGEST_BODY_BYTES} bytes.")
        chunks.append(chunk)
    return b"".join(chunks)


def _told(error: ValidationError) -> str:
    """Say which key is wrong, without repeating its value."""
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"] if part != "__root__")
    return f"{key}: {first['msg']}." if key else f"{first['msg']}."
