"""Floods, and what other websites try through a customer's browser.

Each test is numbered by its security case.
"""

from __future__ import annotations

import time
from dataclasses import replace
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from tests.gateway.stack import (
    ORIGIN,
    Customer,
    Stack,
    a_customer,
    code_of,
    in_process,
)

# --- 13, 14: floods ------------------------------------------------------------------------------


def test_13_one_conversation_cannot_flood_but_can_still_leave(stack: Stack) -> None:
    stack.limits = replace(stack.limits, messages_per_minute=3)
    stack.build()
    with in_process(stack) as web:
        maya = a_customer(web, stack)
        answers = [maya.say(f"message {number}") for number in range(5)]

        assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
        assert code_of(answers[-1]) == "too_many_messages"
        assert maya.press("cancel").status_code == 200


def test_13_one_address_cannot_flood_with_messages_or_conversations(stack: Stack) -> None:
    stack.set(conversations_per_minute=2, address_messages_per_minute=3)
    with in_process(stack) as web:
        maya, jonas = a_customer(web, stack), a_customer(web, stack, "A-1002")
        opened = web.post("/api/conversations", json={})
        said = [who.say("hello") for who in (maya, jonas, maya, jonas)]

    assert opened.status_code == 429
    assert int(opened.headers["retry-after"]) >= 1
    assert [answer.status_code for answer in said] == [200, 200, 200, 429]


def test_13_the_limit_ends_by_itself(stack: Stack) -> None:
    stack.set(conversations_per_minute=60)
    with in_process(stack) as web:
        while (answer := web.post("/api/conversations", json={})).status_code == 201:
            pass
        time.sleep(int(answer.headers["retry-after"]))

        assert web.post("/api/conversations", json={}).status_code == 201


def test_14_a_forged_forwarding_header_does_not_dodge_a_limit(stack: Stack) -> None:
    stack.set(conversations_per_minute=2)
    with in_process(stack) as web:
        answers = [
            web.post("/api/conversations", json={}, headers={"x-forwarded-for": f"10.0.0.{number}"})
            for number in range(4)
        ]

    assert [answer.status_code for answer in answers] == [201, 201, 429, 429]


# --- 20: other websites --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_20_a_form_of_another_website_does_nothing(web: TestClient, media_type: str) -> None:
    answer = web.post("/api/conversations", content="{}", headers={"content-type": media_type})

    assert (answer.status_code, code_of(answer)) == (415, "not_json")


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:8080.evil.example"},
        {"sec-fetch-site": "cross-site"},
    ],
)
def test_20_a_script_of_another_website_does_nothing(
    web: TestClient, maya: Customer, headers: dict[str, str]
) -> None:
    said = {"client_message_id": str(uuid4()), "text": "cancel it"}
    answer = web.post(f"{maya.path}/messages", json=said, headers={**maya.headers, **headers})

    assert (answer.status_code, code_of(answer)) == (403, "origin_refused")
    assert "access-control-allow-origin" not in answer.headers
    assert maya.updates().json()["last_seq"] == 1


def test_20_a_listed_website_may_embed_the_widget(web: TestClient) -> None:
    asked = web.options(
        "/api/conversations",
        headers={"origin": ORIGIN, "access-control-request-method": "POST"},
    )
    opened = web.post("/api/conversations", json={}, headers={"origin": ORIGIN})

    assert asked.status_code == 204
    assert asked.headers["access-control-allow-origin"] == ORIGIN
    assert "authorization" in asked.headers["access-control-allow-headers"]
    assert opened.status_code == 201
    assert opened.headers["access-control-allow-origin"] == ORIGIN
    assert "access-control-allow-credentials" not in opened.headers
    assert "origin" in opened.headers["vary"]


def test_20_a_foreign_preflight_is_refused(web: TestClient) -> None:
    asked = web.options("/api/conversations", headers={"origin": "https://evil.example"})

    assert asked.status_code == 403
    assert "access-control-allow-origin" not in asked.headers


def test_20_reading_changes_nothing(web: TestClient, maya: Customer) -> None:
    for path in ("/api/conversations", f"{maya.path}/messages", f"{maya.path}/close"):
        assert web.get(path, headers=maya.headers).status_code == 405
    assert maya.updates().json() == maya.updates().json()
