"""The desk's live feed through the real server: state, changes, and what is open on the screen."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
import requests
from websockets.exceptions import ConnectionClosed, InvalidStatusCode
from websockets.legacy.client import connect

from bot.people.role import Role
from tests.gateway.sockets import PATIENCE_SECONDS, Web, a_live_customer
from tests.gateway.stack import Stack, served
from tests.receptions import PASSWORD, a_person
from tests.use_cases.test_desk_state import Page


class Agent:
    """An agent's browser at a real server."""

    def __init__(self, url: str, stack: Stack, name: str = "Kim", *roles: Role) -> None:
        self.url, self.page = url, requests.Session()
        self.page.trust_env = False
        email = f"{name.lower()}@larder.example"
        self.person = a_person(stack.reception, *(roles or (Role.AGENT,)), email=email, name=name)
        sent = {"email": email, "password": PASSWORD, "csrf_token": ""}
        answer = self.page.post(
            f"{url}/sign-in", data=sent, headers={"origin": url}, allow_redirects=False, timeout=30
        )
        assert answer.status_code == 303, answer.text
        token = self.page.get(f"{url}/api/staff/me", timeout=30).json()["csrf_token"]
        self.headers = {"x-csrf-token": token, "origin": url}

    @property
    def cookie(self) -> str:
        return "; ".join(f"{one.name}={one.value}" for one in self.page.cookies)

    def get(self, path: str) -> Any:
        return self.page.get(f"{self.url}/api/desk/{path}", timeout=30).json()

    def post(self, path: str, **body: Any) -> requests.Response:
        return self.page.post(
            f"{self.url}/api/desk/{path}", json=body, headers=self.headers, timeout=30
        )

    def say(self, here: str, text: str) -> requests.Response:
        return self.post(
            f"conversations/{here}/messages", client_message_id=str(uuid4()), text=text
        )


class Feed:
    """One socket and the page it keeps."""

    def __init__(self, socket: Any) -> None:
        self.socket = socket
        self.page: Page | None = None
        self.messages: list[dict[str, Any]] = []
        self.notes: list[dict[str, Any]] = []
        self.others: list[dict[str, Any]] = []

    async def read_one(self) -> None:
        frame = json.loads(await asyncio.wait_for(self.socket.recv(), PATIENCE_SECONDS))
        kind = frame["type"]
        if kind == "state":
            self.page = Page(frame["state"])
        elif kind in ("message", "note"):
            {"message": self.messages, "note": self.notes}[kind].append(frame[kind])
        elif kind == "not_found":
            self.others.append(frame)
        else:
            assert self.page is not None, "the whole state comes first"
            self.page.apply(frame)

    async def until(self, holds: Any) -> None:
        while not (self.page is not None and holds()):
            await self.read_one()

    def case(self, here: str) -> dict[str, Any]:
        assert self.page is not None
        return self.page.cases.get(here, {})


@asynccontextmanager
async def watching(
    agent: Agent, *follow: dict[str, Any], origin: str | None = None
) -> AsyncIterator[Feed]:
    headers = {"cookie": agent.cookie}
    url = agent.url.replace("http", "ws") + "/api/desk/live"
    async with connect(url, origin=origin or agent.url, extra_headers=headers) as socket:
        await socket.send(json.dumps({"follow": list(follow)}))
        yield Feed(socket)


async def a_waiting_customer(url: str, stack: Stack, account: str = "A-1001") -> Any:
    maya = await a_live_customer(url, stack, account)
    await asyncio.to_thread(maya.press, "person")
    return maya


async def test_every_change_reaches_every_desk_and_equals_a_fetch(url: str, stack: Stack) -> None:
    kim = await asyncio.to_thread(Agent, url, stack)
    ada = await asyncio.to_thread(Agent, url, stack, "Ada")
    async with watching(kim) as one, watching(ada) as other:
        maya = await a_waiting_customer(url, stack)
        here = maya.conversation
        await one.until(lambda: one.case(here).get("holder") == "queue")
        await asyncio.to_thread(ada.post, "beat", status="here", viewing=here)
        await one.until(lambda: [v["name"] for v in one.case(here)["viewers"]] == ["Ada"])
        await asyncio.to_thread(kim.post, f"conversations/{here}/claim")
        await other.until(lambda: (other.case(here).get("agent") or {}).get("name") == "Kim")
        await asyncio.to_thread(kim.say, here, "Hello")
        await asyncio.to_thread(maya.say, "Hello Kim")
        for feed, agent in ((one, kim), (other, ada)):
            await feed.until(lambda f=feed: f.case(here)["last_message"]["text"] == "Hello Kim")
            fresh = await asyncio.to_thread(agent.get, "state")
            assert feed.page
            assert feed.page.state == fresh
        await asyncio.to_thread(kim.post, f"conversations/{here}/close", outcome="solved")
        await other.until(lambda: not other.case(here))


async def test_an_open_conversation_is_followed_without_gaps_over_a_reconnect(
    url: str, stack: Stack
) -> None:
    kim = await asyncio.to_thread(Agent, url, stack)
    maya = await a_waiting_customer(url, stack)
    here = maya.conversation
    await asyncio.to_thread(kim.post, f"conversations/{here}/claim")
    async with watching(kim, {"conversation": here, "after": 0}) as before:
        await asyncio.to_thread(kim.say, here, "Hello")
        await before.until(lambda: before.messages and before.messages[-1]["text"] == "Hello")
        before.socket.transport.abort()
    await asyncio.to_thread(maya.say, "while the laptop slept")
    note = {"client_message_id": str(uuid4()), "text": "A note"}
    await asyncio.to_thread(lambda: kim.post(f"conversations/{here}/notes", **note))

    cursor = {"conversation": here, "after": before.messages[-1]["seq"], "after_note": 0}
    async with watching(kim, cursor) as after:
        await after.until(lambda: after.notes and after.messages)
    seqs = [message["seq"] for message in before.messages + after.messages]
    assert seqs == list(range(1, len(seqs) + 1))
    assert after.messages[-1]["text"] == "while the laptop slept"
    assert [one["text"] for one in after.notes] == ["A note"]


async def test_what_the_assistant_holds_is_not_followed(url: str, stack: Stack) -> None:
    kim = await asyncio.to_thread(Agent, url, stack)
    maya = await a_live_customer(url, stack)
    await asyncio.to_thread(maya.say, "a private matter")
    async with watching(kim, {"conversation": maya.conversation}) as feed:
        await feed.until(lambda: feed.others)
        await asyncio.to_thread(maya.say, "another")
        marker = await a_waiting_customer(url, stack, "A-1002")
        await feed.until(lambda: feed.case(marker.conversation))
    assert feed.others == [{"type": "not_found", "conversation": maya.conversation}]
    assert feed.messages == []


async def test_a_page_of_another_website_and_nobody_are_refused(url: str, stack: Stack) -> None:
    kim = await asyncio.to_thread(Agent, url, stack)
    trainer = await asyncio.to_thread(Agent, url, stack, "Tia", Role.TRAINER)
    for agent, origin in ((kim, "http://shop.example"), (kim, "null"), (trainer, None)):
        with pytest.raises(InvalidStatusCode) as refused:
            async with watching(agent, origin=origin):
                pass
        assert refused.value.status_code == 403
    kim.page.cookies.clear()
    with pytest.raises(InvalidStatusCode):
        async with watching(kim):
            pass


async def test_10_signing_out_ends_the_feed_and_refuses_what_is_sent(
    url: str, stack: Stack
) -> None:
    kim = await asyncio.to_thread(Agent, url, stack)
    async with watching(kim) as feed:
        await feed.until(lambda: True)
        cookies = dict(kim.page.cookies)
        form = {"csrf_token": kim.headers["x-csrf-token"]}
        left = await asyncio.to_thread(
            lambda: kim.page.post(
                f"{url}/sign-out", data=form, headers=kim.headers, timeout=30, allow_redirects=False
            )
        )
        assert left.status_code == 303
        with pytest.raises(ConnectionClosed):
            await feed.until(lambda: False)
    assert feed.socket.close_code == 4401
    kim.page.cookies.update(cookies)
    answer = await asyncio.to_thread(kim.post, "next")
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "frame", ["not json", "[]", '{"follow": 1}', '{"follow": [{"after": 1}]}', '{"more": 1}']
)
async def test_a_bad_first_frame_ends_the_feed(url: str, stack: Stack, frame: str) -> None:
    kim = await asyncio.to_thread(Agent, url, stack)
    headers = {"cookie": kim.cookie}
    address = url.replace("http", "ws") + "/api/desk/live"
    async with connect(address, origin=url, extra_headers=headers) as socket:
        await socket.send(frame)
        await asyncio.wait_for(socket.wait_closed(), PATIENCE_SECONDS)
    assert socket.close_code == 4400


async def test_a_gateway_that_restarts_loses_nothing_of_an_agents_conversation(
    stack: Stack, free_port: int
) -> None:
    with served(stack, port=free_port) as url:
        kim = await asyncio.to_thread(Agent, url, stack)
        maya = await a_waiting_customer(url, stack)
        here = maya.conversation
        await asyncio.to_thread(kim.post, f"conversations/{here}/claim")
        await asyncio.to_thread(kim.say, here, "before")
    stack.build()
    with served(stack, port=free_port) as url:
        maya.web = Web(url)
        assert (await asyncio.to_thread(kim.say, here, "after")).status_code == 200
        async with watching(kim, {"conversation": here}) as feed:
            await feed.until(lambda: feed.messages and feed.messages[-1]["text"] == "after")
            assert feed.case(here)["agent"]["name"] == "Kim"
        seen = await asyncio.to_thread(lambda: maya.updates().json())
    assert (seen["holder"], seen["agent_name"]) == ("agent", "Kim")
    assert [m["text"] for m in seen["messages"] if m["from"] == "agent"] == ["before", "after"]
