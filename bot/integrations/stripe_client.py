"""Speaks Stripe's HTTP interface: its forms, its pages, its refusals and its saved failures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

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

# The shapes read here are this version's; an account's own default may be older or newer.
API_VERSION = "2024-06-20"
PAGE = 100
PAGES_AT_MOST = 20
_CONFLICT, _NOT_FOUND = 409, 404


class StripeRefused(StepRefused):
    """Stripe understood and refused; nothing was changed. `code` is Stripe's word for why."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code, message)
        self.status = status

    @property
    def is_missing(self) -> bool:
        return self.status == _NOT_FOUND


class SavedFailure(Exception):
    """Stripe failed at this request before, and gives that failure again under its key.

    Whether anything was done then has to be looked up; only another key asks anew.
    """


class StripeClient:
    """One instance serves all threads; `line` as of BillingLine.

    A POST is tried again only under its idempotency key.
    """

    def __init__(self, url: str, *, key: str, **line: Any) -> None:
        if not key:
            raise SetupError("Stripe needs a key. Set DESK_STRIPE_KEY to a secret key.")
        self._line = BillingLine(
            url,
            system="Stripe",
            settings=("DESK_STRIPE_URL", "DESK_STRIPE_KEY"),
            headers={"Authorization": f"Bearer {key}", "Stripe-Version": API_VERSION},
            **line,
        )

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Json:
        """Read one object. Raises StripeRefused or BillingUnavailable."""
        return self._ask("GET", path, params or {}, None)

    def pages(self, path: str, params: Mapping[str, Any]) -> Iterator[Json]:
        """Read a whole list, newest first as Stripe gives it, page by page."""
        asked = {**params, "limit": PAGE}
        for _ in range(PAGES_AT_MOST):
            page = self.get(path, asked)
            found = page["data"]
            yield from found
            if not page.get("has_more") or not found:
                return
            asked["starting_after"] = found[-1]["id"]

    def change(self, method: str, path: str, params: Mapping[str, Any], *, key: str) -> Json:
        """Change something, once for `key`.

        Raises:
            StripeRefused: nothing was changed.
            SavedFailure: it failed under this key before.
            BillingUnavailable: no answer; `may_have_happened` says whether it may be done.
        """
        return self._ask(method, path, params, key)

    def _ask(self, method: str, path: str, params: Mapping[str, Any], key: str | None) -> Json:
        fields = list(flatten(params))
        return self._line.ask(
            _read,
            method,
            path,
            params=fields if method == "GET" else None,
            data=fields if method != "GET" else None,
            headers={"Idempotency-Key": key} if key and method == "POST" else {},
        )


def flatten(params: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Write nested parameters as Stripe's forms do: `items[0][plan]=duo`."""
    for name, value in params.items():
        field = f"{prefix}[{name}]" if prefix else name
        if isinstance(value, Mapping):
            yield from flatten(value, field)
        elif isinstance(value, (list, tuple)):
            yield from flatten({str(n): one for n, one in enumerate(value)}, field)
        elif isinstance(value, bool):
            yield field, "true" if value else "false"
        else:
            yield field, str(value)


def _read(response: requests.Response) -> Json:
    status = response.status_code
    if status in (_CONFLICT, TOO_MANY_REQUESTS) or status >= SERVER_ERROR:
        # A saved failure is given again under its key for a day: asking at once is no use.
        if response.headers.get("Idempotent-Replayed") == "true" and status >= SERVER_ERROR:
            raise SavedFailure(f"status {status}")
        again = response.headers.get("Stripe-Should-Retry", "true") == "true"
        raise NoAnswer(
            f"status {status}",
            may_have_happened=status != TOO_MANY_REQUESTS,
            again=again,
            wait=retry_after(response),
        )
    body = read_json(response)
    if status >= requests.codes.bad_request:
        error = body.get("error")
        error = error if isinstance(error, dict) else {}
        raise StripeRefused(
            status, str(error.get("code") or ""), str(error.get("message") or f"status {status}")
        )
    return body
