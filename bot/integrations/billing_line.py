"""HTTP to a billing system outside: time-outs on every call, retries that do nothing twice."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import requests
import structlog

from bot.errors import BillingUnavailable

log = structlog.get_logger()

CONNECT_SECONDS = 2.0
TRIES = 3
TOO_MANY_REQUESTS, SERVER_ERROR = 429, 500
_WAIT_SECONDS = 0.25  # doubled after every try
_LONGEST_WAIT_SECONDS = 2.0
_UNAUTHORISED = (401, 403)

Json = dict[str, Any]
_Answer = TypeVar("_Answer")


class NoAnswer(Exception):
    """One try without a usable answer; `may_have_happened` says whether the request got there."""

    def __init__(self, why: str, *, may_have_happened: bool, again: bool, wait: float = 0) -> None:
        super().__init__(why)
        self.may_have_happened, self.again, self.wait = may_have_happened, again, wait


class BillingLine:
    """One instance serves all threads.

    `system` is what messages call the other side, `settings` are the variables of its address and
    its key. `timeout_seconds` is the longest wait for an answer once connected, `patience_seconds`
    the time after which no further try is begun.
    """

    def __init__(
        self,
        url: str,
        *,
        system: str,
        settings: tuple[str, str],
        headers: Mapping[str, str],
        timeout_seconds: float,
        patience_seconds: float = 12,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url, self._system = url.rstrip("/"), system
        self._address_setting, self._key_setting = settings
        self._timeout = (CONNECT_SECONDS, timeout_seconds)
        self._patience_seconds, self._sleep = patience_seconds, sleep
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers.update(headers)
        adapter = requests.adapters.HTTPAdapter(pool_connections=2, pool_maxsize=64)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def ask(
        self, read: Callable[[requests.Response], _Answer], method: str, path: str, **sent: Any
    ) -> _Answer:
        """Send a request and return what `read` makes of the answer; it is sent up to three times.

        A request that changes something must carry an idempotency key. `read` raises NoAnswer
        where another try may help; what else it raises is the answer.

        Raises:
            BillingUnavailable: no answer; `may_have_happened` says whether it may be done.
        """
        give_up_at = time.monotonic() + self._patience_seconds
        doubtful = False
        for number in range(TRIES):
            try:
                return read(self._once(method, path, sent))
            except NoAnswer as problem:
                doubtful = doubtful or (problem.may_have_happened and method != "GET")
                log.warning(
                    "billing_did_not_answer",
                    system=self._system,
                    method=method,
                    path=path,
                    why=str(problem),
                )
                wait = max(problem.wait, _WAIT_SECONDS * 2**number)
                last = number == TRIES - 1 or time.monotonic() + wait > give_up_at
                if last or not problem.again:
                    raise BillingUnavailable(
                        f"{self._system} did not answer: {problem}", may_have_happened=doubtful
                    ) from problem
            self._sleep(min(wait, _LONGEST_WAIT_SECONDS))
        raise AssertionError("the last try returns or raises")

    def _once(self, method: str, path: str, sent: Mapping[str, Any]) -> requests.Response:
        try:
            response = self._session.request(
                method, f"{self._url}{path}", timeout=self._timeout, allow_redirects=False, **sent
            )
        except requests.ConnectTimeout as error:
            raise NoAnswer(str(error), may_have_happened=False, again=True) from error
        except requests.RequestException as error:
            connected = not _was_never_connected(error)
            raise NoAnswer(str(error), may_have_happened=connected, again=True) from error
        status = response.status_code
        if status in _UNAUTHORISED:
            why = f"it refuses the key (status {status}); check {self._key_setting} and its rights"
            raise NoAnswer(why, may_have_happened=False, again=False)
        if requests.codes.multiple_choices <= status < requests.codes.bad_request:
            why = f"it sends us elsewhere (status {status}); check {self._address_setting}"
            raise NoAnswer(why, may_have_happened=False, again=False)
        return response


def read_json(response: requests.Response) -> Json:
    """Return the body; garbage with whatever status is no answer at all. Raises NoAnswer."""
    try:
        body = response.json()
    except ValueError as error:
        raise NoAnswer("an answer that is no JSON", may_have_happened=True, again=True) from error
    if not isinstance(body, dict):
        raise NoAnswer("an answer of another shape", may_have_happened=True, again=True)
    return body


def retry_after(response: requests.Response) -> float:
    """Return the seconds that the other side asks us to wait, as far as we wait at all."""
    told = response.headers.get("Retry-After", "")
    seconds = float(told) if told.isascii() and told.isdecimal() else 0
    return min(seconds, _LONGEST_WAIT_SECONDS)


def _was_never_connected(error: requests.RequestException) -> bool:
    """Tell whether not even a connection came about; then nothing was sent."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return type(reason).__name__ in {"NewConnectionError", "NameResolutionError"}
