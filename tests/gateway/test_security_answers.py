"""What an answer may tell: faults of ours, and the headers on everything.

Each test is numbered by its security case.
"""

from __future__ import annotations

from typing import Any

import pytest
import requests
from starlette.testclient import TestClient

from tests.gateway.stack import (
    Customer,
    Stack,
    a_customer,
    code_of,
    in_process,
)

# --- 36, 37: faults and headers ------------------------------------------------------------------


def test_36_a_fault_of_ours_tells_nothing_but_a_number(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with in_process(stack) as web:
        maya = a_customer(web, stack)
        secret = "SELECT secret FROM customers WHERE words = 'I am ill'"

        def break_down(*_: Any, **__: Any) -> None:
            raise RuntimeError(secret)

        monkeypatch.setattr("bot.gateway.widget.routes.post_message", break_down)
        answer = maya.say("I am ill")

    assert (answer.status_code, code_of(answer)) == (500, "internal_error")
    request_id = answer.headers["x-request-id"]
    assert request_id in answer.json()["error"]["message"]
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert_headers(answer)
    logged = capsys.readouterr().err
    assert request_id in logged
    assert "I am ill" not in logged


def test_36_without_its_database_the_gateway_denies(stack: Stack) -> None:
    with in_process(stack) as web:
        maya = a_customer(web, stack)
        stack.engine.dispose()
        for file in stack.folder.glob("desk.db*"):
            file.unlink()
        answers = [maya.say("hello"), maya.updates(), web.post("/api/conversations", json={})]

    for answer in answers:
        assert answer.status_code in {500, 503}
        assert "sqlite" not in answer.text.lower()
        assert_headers(answer)


def assert_headers(answer: Any) -> None:
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-frame-options"] == "DENY"
    assert len(answer.headers["x-request-id"]) == 16
    assert "server" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/desk"),
        ("GET", "/widget.js"),
        ("GET", "/assets/missing.js"),
        ("GET", "/health/live"),
        ("GET", "/receipts/unknown"),
        ("GET", "/nowhere"),
        ("DELETE", "/api/conversations"),
        ("POST", "/api/conversations"),
        ("OPTIONS", "/api/conversations"),
    ],
)
def test_37_every_answer_carries_the_headers(web: TestClient, method: str, path: str) -> None:
    assert_headers(web.request(method, path))


def test_37_private_answers_are_not_kept_by_browsers_and_proxies(maya: Customer) -> None:
    answers = [
        maya.updates(),
        maya.say("hello"),
        maya.web.get("/receipts/unknown"),
        maya.web.post("/api/conversations", json={}),
        maya.web.get("/api/demo/customers"),
        maya.web.get(f"{maya.path}/updates"),
    ]

    assert all(answer.headers["cache-control"] == "no-store" for answer in answers)


def test_37_with_tls_browsers_are_told_to_stay_with_it(stack: Stack) -> None:
    with in_process(stack) as web:
        assert "strict-transport-security" not in web.get("/health/live").headers
    stack.set(public_url="https://help.example")
    with in_process(stack) as web:
        headers = web.get("/health/live").headers

    assert int(headers["strict-transport-security"].split("=")[1].split(";")[0]) > 10_000_000
    assert "connect-src 'self' wss://help.example" in headers["content-security-policy"]


def test_37_the_real_server_names_neither_itself_nor_its_version(url: str) -> None:
    assert_headers(requests.get(f"{url}/health/live", timeout=5))
