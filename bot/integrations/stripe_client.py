"""Speaks Stripe's HTTP interface: time-outs on every call, retries that never do a thing twice."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import requests
import structlog

from bot.errors import BillingUnavailable, SetupError

log = structlog.get_logger()

# The shapes read here are this version's; an account's own default may be older or newer.
API_VERSION = "2024-06-20"
CONNECT_SECONDS = 2.0
TRIES = 3
PAGE = 100
PAGES_AT_MOST = 20
_WAIT_SECONDS = 0.25  # doubled after every try
_LONGEST_WAIT_SECONDS = 2.0
_TOO_MANY_REQUESTS, _CONFLICT, _SERVER_ERROR = 429, 409, 500
_UNAUTHORISED = (401, 403)
_NOT_FOUND = 404

Json = dict[str, Any]


class StripeRefused(Exception):
    """Stripe understood and refused; nothing was changed. `code` is Stripe's word for why."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code

    @property
    def is_missing(self) -> bool:
        return self.status == _NOT_FOUND


class SavedFailure(Exception):
    """Stripe failed at this request before, and gives that failure again under its key.

    Whether anything was done then has to be looked up; only another key asks anew.
    """


class _NoAnswer(Exception):
    """One try without a usable answer; `may_have_happened` says whether Stripe got the request."""

    def __init__(self, why: str, *, may_have_happened: bool, again: bool, wait: float = 0) -> None:
        super().__init__(why)
        self.may_have_happened, self.again, self.wait = may_have_happened, again, wait


class StripeClient:
    """One instance serves all threads.

    `timeout_seconds` is the longest wait for an answer once connected, `patience_seconds` the time
    after which no further try is begun. A POST is tried again only under its idempotency key.
    """

    def __init__(
        self,
        url: str,
        *,
        key: str,
        timeout_seconds: float,
        patience_seconds: float = 12,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if not key:
            raise SetupError("Stripe needs a key. Set DESK_STRIPE_KEY to a secret key.")
        self._url = url.rstrip("/")
        self._timeout = (CONNECT_SECONDS, timeout_seconds)
        self._patience_seconds, self._sleep = patience_seconds, sleep
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["Authorization"] = f"Bearer {key}"
        self._session.headers["Stripe-Version"] = API_VERSION
        adapter = requests.adapters.HTTPAdapter(pool_connections=2, pool_maxsize=64)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

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
        give_up_at = time.monotonic() + self._patience_seconds
        doubtful = False
        for number in range(TRIES):
            try:
                return self._once(method, path, params, key)
            except _NoAnswer as problem:
                doubtful = doubtful or (problem.may_have_happened and method != "GET")
                log.warning("stripe_did_not_answer", method=method, path=path, why=str(problem))
                wait = max(problem.wait, _WAIT_SECONDS * 2**number)
                last = number == TRIES - 1 or time.monotonic() + wait > give_up_at
                if last or not problem.again:
                    raise BillingUnavailable(
                        f"Stripe did not answer: {problem}", may_have_happened=doubtful
                    ) from problem
            self._sleep(min(wait, _LONGEST_WAIT_SECONDS))
        raise AssertionError("the last try returns or raises")

    def _once(self, method: str, path: str, params: Mapping[str, Any], key: str | None) -> Json:
        fields = list(flatten(params))
        try:
            response = self._session.request(
                method,
                f"{self._url}{path}",
                params=fields if method == "GET" else None,
                data=fields if method != "GET" else None,
                headers={"Idempotency-Key": key} if key and method == "POST" else {},
                timeout=self._timeout,
                allow_redirects=False,
            )
        except requests.ConnectTimeout as error:
            raise _NoAnswer(str(error), may_have_happened=False, again=True) from error
        except requests.RequestException as error:
            sent = not _was_never_connected(error)
            raise _NoAnswer(str(error), may_have_happened=sent, again=True) from error
        return _read(response)


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
    if status in _UNAUTHORISED:
        why = f"it refuses the key (status {status}); check DESK_STRIPE_KEY and its permissions"
        raise _NoAnswer(why, may_have_happened=False, again=False)
    if status in (_CONFLICT, _TOO_MANY_REQUESTS) or status >= _SERVER_ERROR:
        # A saved failure is given again under its key for a day: asking at once is no use.
        if response.headers.get("Idempotent-Replayed") == "true" and status >= _SERVER_ERROR:
            raise SavedFailure(f"status {status}")
        again = response.headers.get("Stripe-Should-Retry", "true") == "true"
        raise _NoAnswer(
            f"status {status}",
            may_have_happened=status != _TOO_MANY_REQUESTS,
            again=again,
            wait=_retry_after(response),
        )
    if status >= requests.codes.multiple_choices and status < requests.codes.bad_request:
        why = f"it sends us elsewhere (status {status}); check DESK_STRIPE_URL"
        raise _NoAnswer(why, may_have_happened=False, again=False)
    body = _json(response)
    if status >= requests.codes.bad_request:
        error = body.get("error")
        error = error if isinstance(error, dict) else {}
        raise StripeRefused(
            status, str(error.get("code") or ""), str(error.get("message") or f"status {status}")
        )
    return body


def _json(response: requests.Response) -> Json:
    """Return the body; garbage with whatever status is no answer at all."""
    try:
        body = response.json()
    except ValueError as error:
        raise _NoAnswer("an answer that is no JSON", may_have_happened=True, again=True) from error
    if not isinstance(body, dict):
        raise _NoAnswer("an answer of another shape", may_have_happened=True, again=True)
    return body


def _retry_after(response: requests.Response) -> float:
    told = response.headers.get("Retry-After", "")
    return min(float(told), _LONGEST_WAIT_SECONDS) if told.isdigit() else 0


def _was_never_connected(error: requests.RequestException) -> bool:
    """Tell whether not even a connection came about; then nothing was sent."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return type(reason).__name__ in {"NewConnectionError", "NameResolutionError"}
