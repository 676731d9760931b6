"""Every error of the desk has one status and one shape."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from bot import errors
from bot.errors import (
    BillingUnavailable,
    ButtonExpired,
    HelpdeskError,
    NotPossible,
    SetupError,
    StaleDialogue,
    TooManyMessages,
)
from bot.gateway.app import STATUS
from tests.gateway.stack import Stack, a_customer, in_process


def every_error() -> list[type[HelpdeskError]]:
    found, unseen = [], [HelpdeskError]
    while unseen:
        kind = unseen.pop()
        found.append(kind)
        unseen += [child for child in kind.__subclasses__() if child.__module__ == errors.__name__]
    return found


def test_every_code_has_a_status_and_no_status_is_left_over() -> None:
    assert {kind.code for kind in every_error()} == set(STATUS)


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (ButtonExpired(), 410, "button_expired"),
        (StaleDialogue("c1"), 409, "stale_dialogue"),
        (NotPossible("It is paused already."), 409, "not_possible"),
        (BillingUnavailable("Billing does not answer."), 503, "billing_unavailable"),
        (TooManyMessages(7), 429, "too_many_messages"),
        (SetupError("The file /secret/path is missing."), 500, "internal_error"),
        (ZeroDivisionError("secret"), 500, "internal_error"),
    ],
)
def test_an_error_of_a_use_case_becomes_its_answer(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, code: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    with in_process(stack) as web:
        maya = a_customer(web, stack)
        monkeypatch.setattr("bot.gateway.widget.routes.post_message", fail)
        answer = maya.say("hello")

    assert answer.status_code == status
    assert answer.json()["error"]["code"] == code
    assert "secret" not in answer.text
    assert ("retry-after" in answer.headers) is (status in {429, 503})


def test_unknown_addresses_and_methods_are_answered_in_the_same_shape(web: TestClient) -> None:
    nowhere, method = web.get("/nowhere"), web.delete("/api/conversations")

    assert (nowhere.status_code, nowhere.json()["error"]["code"]) == (404, "not_found")
    assert (method.status_code, method.json()["error"]["code"]) == (405, "method_not_allowed")
    assert method.headers["allow"] == "POST"
