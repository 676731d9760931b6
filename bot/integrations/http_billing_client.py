"""Speaks the desk's own billing contract over HTTP: what each answer means, and its problems."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote

import requests

from bot.errors import SetupError
from bot.integrations.billing_line import (
    SERVER_ERROR,
    TOO_MANY_REQUESTS,
    BillingLine,
    Json,
    NoAnswer,
    read_json,
    retry_after,
)
from bot.integrations.journaled_billing import StepRefused
from bot.integrations.typed_json import DoesNotFit

SYSTEM = "The billing system"
PROBLEMS = "urn:save-desk:billing:"
ACCOUNT_NOT_FOUND, NOT_POSSIBLE, KEY_REUSED = "account-not-found", "not-possible", "key-reused"
IN_PROGRESS, INVALID_REQUEST = "in-progress", "invalid-request"
_REFUSALS = (ACCOUNT_NOT_FOUND, NOT_POSSIBLE, KEY_REUSED)

_Told = TypeVar("_Told")


class HttpBillingClient:
    """One instance serves all threads; `line` as of BillingLine."""

    def __init__(self, url: str, *, token: str, **line: Any) -> None:
        if not url or not token:
            raise SetupError(
                "Billing over HTTP needs an address and a token. Set DESK_BILLING_URL and "
                "DESK_BILLING_TOKEN."
            )
        self._line = BillingLine(
            url,
            system=SYSTEM,
            settings=("DESK_BILLING_URL", "DESK_BILLING_TOKEN"),
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            **line,
        )

    def get(self, path: str, read: Callable[[Json], _Told], **asked: str) -> _Told:
        """Return what `read` makes of the answer; where it finds nonsense, it is asked again.

        Raises:
            StepRefused: a problem of the contract; `code` says which.
            BillingUnavailable: no answer, or none that makes sense.
        """
        return self._line.ask(
            lambda response: _sense(read, _body(response)), "GET", path, params=asked
        )

    def command(self, path: str, body: Json, *, key: str) -> None:
        """Have a command carried out once for `key`.

        The answer has to name the key: another one comes from somebody between.

        Raises:
            StepRefused: nothing was changed under this key.
            BillingUnavailable: no answer; `may_have_happened` says whether it may be done.
        """
        asked = quote(key, safe="!#$&'()*+,/:;=?@[]|~")

        def check(receipt: Json) -> None:
            if receipt.get("key") != asked:
                raise DoesNotFit("key", "is not the key of this command")

        self._line.ask(
            lambda response: _sense(check, _body(response)),
            "POST",
            path,
            json=body,
            headers={"Idempotency-Key": asked},
        )


def _sense(read: Callable[[Json], _Told], body: Json) -> _Told:
    try:
        return read(body)
    except DoesNotFit as problem:
        why = f"its answer makes no sense: {problem}"
        raise NoAnswer(why, may_have_happened=True, again=True) from problem


def _body(response: requests.Response) -> Json:
    status = response.status_code
    if status == TOO_MANY_REQUESTS or status >= SERVER_ERROR:
        raise NoAnswer(
            f"status {status}",
            may_have_happened=status != TOO_MANY_REQUESTS,
            again=True,
            wait=retry_after(response),
        )
    body = read_json(response)
    if status >= requests.codes.bad_request:
        _refuse(body, response)
    if status != requests.codes.ok:
        why = f"status {status}, which the contract does not know"
        raise NoAnswer(why, may_have_happened=True, again=False)
    return body


def _refuse(problem: Json, response: requests.Response) -> None:
    """Raise what a problem of RFC 9457 means; one that is not the contract's decides nothing."""
    kind, detail = str(problem.get("type")), str(problem.get("detail") or problem.get("title"))
    code = kind.removeprefix(PROBLEMS) if kind.startswith(PROBLEMS) else ""
    if code in _REFUSALS:
        raise StepRefused(code, detail)
    if code == IN_PROGRESS:
        why = "it is still at work on this command"
        raise NoAnswer(why, may_have_happened=True, again=True, wait=retry_after(response))
    if code == INVALID_REQUEST:
        why = f"it does not understand the desk: {detail}"
        raise NoAnswer(why, may_have_happened=False, again=False)
    why = f"a refusal that the contract does not know (status {response.status_code}, type {kind})"
    raise NoAnswer(f"{why}; check DESK_BILLING_URL", may_have_happened=True, again=False)
