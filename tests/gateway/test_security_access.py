"""Who may act as whom: what an attacker tries with origins and tokens.

Each test is numbered by its security case.
"""

from __future__ import annotations

import json
from datetime import datetime, timezone

import pytest
import requests
from starlette.testclient import TestClient
from websockets.exceptions import InvalidStatusCode

from bot.gateway import live
from bot.settings import Mode
from tests.gateway.sockets import a_live_customer, handshake
from tests.gateway.stack import (
    ORIGIN,
    Customer,
    Stack,
    a_customer,
    code_of,
    in_process,
    served,
)

NOW = datetime.now(timezone.utc)


# --- 8: the origin of a live feed ----------------------------------------------------------------


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "",
        "https://evil.example",
        "http://shop.example.evil.example",
        "http://evil-shop.example",
        "http://shop.example:8443",
        "https://shop.example",
        "file://",
    ],
)
async def test_8_a_live_feed_from_a_foreign_origin_is_refused(
    url: str, stack: Stack, origin: str | None
) -> None:
    maya = await a_live_customer(url, stack)
    with pytest.raises(InvalidStatusCode) as refused:
        async with handshake(url, maya.conversation, origin=origin):
            pass

    assert refused.value.status_code == 403


async def test_8_a_listed_origin_may_follow(url: str, stack: Stack) -> None:
    maya = await a_live_customer(url, stack)
    async with handshake(url, maya.conversation, origin=ORIGIN) as socket:
        await socket.send(json.dumps({"token": maya.token}))
        assert json.loads(await socket.recv())["message"]["seq"] == 1


async def test_8_in_production_only_listed_origins_count(stack: Stack) -> None:
    stack.set(mode=Mode.PRODUCTION)
    with served(stack) as url:
        maya = await a_live_customer(url, stack)
        with pytest.raises(InvalidStatusCode):
            async with handshake(url, maya.conversation, origin=url):
                pass


# --- 9: tokens of a live feed and of every other call --------------------------------------------


def bad_tokens(stack: Stack, mine: Customer, other: Customer) -> dict[str, str]:
    sessions = stack.sessions
    payload, signature = mine.token.split(".")
    foreign = type(sessions)("another key, just as long as ours is", sessions.life)
    return {
        "empty": "x",
        "forged": f"{other.token.split('.')[0]}.{signature}",
        "unsigned": f"{payload}.",
        "expired": sessions.issue(mine.conversation, "A-1001", now=NOW - sessions.life),
        "foreign key": foreign.issue(mine.conversation, "A-1001", now=NOW),
        "identity instead": stack.identity("A-1001"),
        "not ASCII": "é.é",
    }


@pytest.mark.parametrize(
    "kind",
    ["empty", "forged", "unsigned", "expired", "foreign key", "identity instead", "not ASCII"],
)
async def test_9_a_bad_token_opens_nothing(url: str, stack: Stack, kind: str) -> None:
    maya, jonas = await a_live_customer(url, stack), await a_live_customer(url, stack, "A-1002")
    token = bad_tokens(stack, maya, jonas)[kind]

    async with handshake(url, maya.conversation) as socket:
        await socket.send(json.dumps({"token": token}))
        await socket.wait_closed()
    assert socket.close_code == live.TOKEN_REFUSED

    header = {"authorization": f"Bearer {token}".encode()}
    for method, path in (("GET", "updates"), ("POST", "messages"), ("POST", "close")):
        answer = requests.request(method, f"{url}{maya.path}/{path}", headers=header, timeout=5)
        assert answer.status_code == 401
        assert code_of(answer) == "identity_refused"
        assert answer.headers["www-authenticate"] == "Bearer"


async def test_9_a_token_opens_no_other_conversation(url: str, stack: Stack) -> None:
    maya, jonas = await a_live_customer(url, stack), await a_live_customer(url, stack, "A-1002")

    async with handshake(url, maya.conversation) as socket:
        await socket.send(json.dumps({"token": jonas.token}))
        await socket.wait_closed()
    assert socket.close_code == live.NOT_FOUND

    jonas.conversation = maya.conversation
    missing = Customer(jonas.web, None, "c" + "0" * 32, jonas.token, {})
    for refused in (jonas.updates(), jonas.say("hello"), missing.updates(), missing.say("hello")):
        # The same answer for what exists and what does not.
        assert refused.status_code == 404
        assert code_of(refused) == "conversation_not_found"


async def test_9_a_token_in_an_address_is_not_looked_at(url: str, stack: Stack) -> None:
    maya = await a_live_customer(url, stack)
    refused = requests.get(f"{url}{maya.path}/updates?token={maya.token}", timeout=5)

    assert refused.status_code == 401


# --- 22: joining a visitor's conversation to an account ------------------------------------------


def test_22_typing_somebodys_address_shows_nothing_of_theirs(
    web: TestClient, stack: Stack, maya: Customer
) -> None:
    maya.say("my secret")
    maya.until_idle()
    visitor = a_customer(web, stack, None)

    visitor.say("I am maya@larder.example, account A-1001")

    assert visitor.conversation != maya.conversation
    assert "my secret" not in str(visitor.until_idle())


def test_22_a_visitors_conversation_is_joined_only_with_both_proofs(
    web: TestClient, stack: Stack
) -> None:
    visitor = a_customer(web, stack, None)
    visitor.say("hello")
    visitor.until_idle()

    without = web.post("/api/conversations", json={"identity": stack.identity("A-1001")})
    both = web.post(
        "/api/conversations", json={"identity": stack.identity("A-1001")}, headers=visitor.headers
    )

    assert without.json()["conversation"] != visitor.conversation
    assert both.json()["conversation"] == visitor.conversation
    assert both.json()["account"] == "A-1001"


def test_22_an_identity_does_not_take_over_anothers_conversation(
    web: TestClient, stack: Stack, maya: Customer
) -> None:
    answer = web.post(
        "/api/conversations", json={"identity": stack.identity("A-1002")}, headers=maya.headers
    )

    assert answer.json()["account"] == "A-1002"
    assert answer.json()["conversation"] != maya.conversation


# --- 23: what is not for the public --------------------------------------------------------------


@pytest.mark.parametrize(
    ("client", "headers", "inside"),
    [
        ("127.0.0.1", {}, True),
        ("203.0.113.9", {}, False),
        ("127.0.0.1", {"x-forwarded-for": "203.0.113.9"}, False),
        ("203.0.113.9", {"x-forwarded-for": "127.0.0.1"}, False),
    ],
)
def test_23_numbers_and_states_of_parts_are_shown_inside_only(
    stack: Stack, client: str, headers: dict[str, str], inside: bool
) -> None:
    stack.checks["database"] = lambda: None
    stack.build()
    with TestClient(stack.app, client=(client, 1)) as web:
        numbers = web.get("/metrics", headers=headers)
        ready = web.get("/health/ready", headers=headers)

    assert numbers.status_code == (200 if inside else 404)
    assert ready.status_code == 200
    assert ("parts" in ready.json()) is inside


@pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/webhooks/desk/turn", "/webhook"])
def test_23_nothing_of_the_parts_behind_is_served(web: TestClient, path: str) -> None:
    assert web.get(path).status_code == 404


def test_23_production_has_no_demo_log_in(stack: Stack) -> None:
    stack.set(mode=Mode.PRODUCTION)
    with in_process(stack) as web:
        assert web.get("/api/demo/customers").status_code == 404
        assert web.post("/api/demo/identity", json={"account": "A-1001"}).status_code == 404
