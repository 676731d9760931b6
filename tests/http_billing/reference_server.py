"""A billing system of a company's own that answers the desk's HTTP contract.

Its books follow the rules of the embedded billing system, in a database of its own, so that the
adapter is tested against a system that really keeps accounts. It is also the shortest whole example
of the contract: about a hundred lines around books that were there before.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, get_args

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.errors import AccountNotFound, BillingUnavailable, NotPossible
from bot.integrations.typed_json import DoesNotFit, read_as
from bot.retention.commands import Command
from bot.settings import ROOT
from bot.storage.embedded_billing import EmbeddedBilling

CONTRACT: dict[str, Any] = yaml.safe_load(
    (ROOT / "bot" / "docs" / "billing-http.openapi.yml").read_text()
)
COMMANDS = {command.__name__: command for command in get_args(Command)}
TITLES = {
    "account-not-found": (404, "There is no such account"),
    "not-possible": (409, "The account does not allow this"),
    "key-reused": (422, "The key was used for another command"),
    "invalid-request": (400, "This is no request of the contract"),
    "unauthorised": (401, "The token is not known"),
    "unavailable": (503, "The books cannot be reached"),
}
_LONGEST_KEY, _LONGEST_ADDRESS = 255, 320


def schema(name: str) -> Draft202012Validator:
    """Return what checks a document against a schema of the contract."""
    root = {"$ref": f"#/components/schemas/{name}", "components": CONTRACT["components"]}
    return Draft202012Validator(root)


_COMMAND = schema("Command")


class Problem(Exception):
    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind


@dataclass
class Books:
    """What is served: the books, the token that opens them, and the clock they go by."""

    billing: EmbeddedBilling
    token: str
    clock: Callable[[], datetime]


def make_app(books: Books) -> Starlette:
    app = Starlette(
        routes=[
            Route("/v1/capabilities", _for_the_desk(_capabilities)),
            Route("/v1/catalogue", _for_the_desk(_catalogue)),
            Route("/v1/accounts", _for_the_desk(_find)),
            Route("/v1/accounts/{account}", _for_the_desk(_read)),
            Route("/v1/accounts/{account}/commands", _for_the_desk(_command), methods=["POST"]),
        ],
        exception_handlers={HTTPException: _elsewhere},
    )
    app.state.books = books
    return app


def _capabilities(books: Books, request: Request, body: bytes) -> Any:
    can = sorted(capability.value for capability in books.billing.capabilities.declared)
    return {"system": "larder-books", "capabilities": can}


def _catalogue(books: Books, request: Request, body: bytes) -> Any:
    return {"plans": [asdict(plan) for plan in books.billing.catalogue()]}


def _find(books: Books, request: Request, body: bytes) -> Any:
    email = request.query_params.get("email", "")
    if not 0 < len(email) <= _LONGEST_ADDRESS:
        raise Problem("invalid-request", "Name one address as `email`.")
    found = books.billing.account_of_email(email)
    return {"accounts": [found] if found else []}


def _read(books: Books, request: Request, body: bytes) -> Any:
    now = books.clock()
    told = books.billing.history(request.path_params["account"], now=now)
    return {"as_of": now, **asdict(told)}


def _command(books: Books, request: Request, body: bytes) -> Any:
    key = request.headers.get("Idempotency-Key", "")
    if not 0 < len(key) <= _LONGEST_KEY or not (key.isascii() and key.isprintable()) or " " in key:
        raise Problem("invalid-request", "Send an Idempotency-Key of 1 to 255 visible characters.")
    books.billing.execute(
        request.path_params["account"], _read_command(body), key=key, now=books.clock()
    )
    return {"key": key}


def _read_command(body: bytes) -> Command:
    try:
        document = json.loads(body, parse_constant=_no_number)
        problem = best_match(_COMMAND.iter_errors(document))
        if problem:
            raise Problem("invalid-request", problem.message[:200])
        command: Command = read_as(COMMANDS[document["command"]], document)
        return command
    except (ValueError, DoesNotFit) as error:
        raise Problem("invalid-request", str(error)) from error


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number")


def _for_the_desk(
    answer: Callable[[Books, Request, bytes], Any],
) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        body = await request.body()
        return await run_in_threadpool(_answer, answer, request, body)

    return endpoint


def _answer(
    answer: Callable[[Books, Request, bytes], Any], request: Request, body: bytes
) -> Response:
    books: Books = request.app.state.books
    try:
        _check_token(books, request)
        return _json(answer(books, request, body), 200, "application/json")
    except Problem as problem:
        return _tell(problem.kind, str(problem))
    except AccountNotFound as error:
        return _tell("account-not-found", str(error))
    except BillingUnavailable as error:
        return _tell("unavailable", str(error))
    except NotPossible as error:
        was_used = "was used for another command" in str(error)
        return _tell("key-reused" if was_used else "not-possible", str(error))


def _check_token(books: Books, request: Request) -> None:
    given = request.headers.get("Authorization", "").encode()
    if not hmac.compare_digest(given, f"Bearer {books.token}".encode()):
        raise Problem("unauthorised", "Send the token as `Authorization: Bearer …`.")


def _tell(kind: str, detail: str) -> Response:
    status, title = TITLES[kind]
    problem = {
        "type": f"urn:save-desk:billing:{kind}",
        "title": title,
        "status": status,
        "detail": detail,
    }
    response = _json(problem, status, "application/problem+json")
    if kind == "unauthorised":
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


async def _elsewhere(request: Request, error: Exception) -> Response:
    """Answer for an address or a method that the contract does not have."""
    assert isinstance(error, HTTPException)
    problem = {"type": "about:blank", "title": error.detail, "status": error.status_code}
    response = _json(problem, error.status_code, "application/problem+json")
    response.headers.update(error.headers or {})
    return response


def _json(document: Any, status: int, media_type: str) -> Response:
    text = json.dumps(document, default=lambda day: day.isoformat())
    return Response(text, status, media_type=media_type)
