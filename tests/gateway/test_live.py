"""Following a conversation through the real server: replay, order, reconnecting, close codes."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from bot.gateway import live
from bot.use_cases.post_message import post_message
from tests.gateway.sockets import PATIENCE_SECONDS, a_live_customer, following, handshake
from tests.gateway.stack import Stack, served


async def test_a_feed_replays_from_its_cursor_and_then_goes_live(url: str, stack: Stack) -> None:
    maya = await a_live_customer(url, stack)
    await asyncio.to_thread(maya.say, "one")

    async with following(url, maya, after=1) as feed:
        await feed.until_idle_at(3)
        await asyncio.to_thread(maya.say, "two")
        await feed.until_idle_at(5)

    assert feed.seqs == [2, 3, 4, 5]
    assert [m["text"] for m in feed.messages] == ["one", "heard: one", "two", "heard: two"]


async def test_what_a_feed_shows_equals_what_a_fetch_returns(url: str, stack: Stack) -> None:
    maya = await a_live_customer(url, stack)
    async with following(url, maya) as feed:
        for text in ("one", "two", "three"):
            await asyncio.to_thread(maya.say, text)
        await feed.until_idle_at(7)
        await asyncio.to_thread(maya.press, "person")
        await feed.until_idle_at(9)

    fetched = await asyncio.to_thread(lambda: maya.updates().json())
    assert feed.messages == fetched["messages"]
    assert feed.state == {key: value for key, value in fetched.items() if key != "messages"}
    assert feed.seqs == list(range(1, fetched["last_seq"] + 1))


async def test_two_feeds_of_a_conversation_stay_in_step(url: str, stack: Stack) -> None:
    maya = await a_live_customer(url, stack)
    async with following(url, maya) as phone, following(url, maya) as laptop:
        for text in ("one", "two", "three"):
            await asyncio.to_thread(maya.say, text)
        await asyncio.gather(phone.until_idle_at(7), laptop.until_idle_at(7))

    assert phone.messages == laptop.messages
    assert phone.seqs == [1, 2, 3, 4, 5, 6, 7]


async def test_a_feed_that_was_cut_misses_nothing(url: str, stack: Stack) -> None:
    maya = await a_live_customer(url, stack)
    async with following(url, maya) as before:
        await asyncio.to_thread(maya.say, "one")
        await before.until_idle_at(3)
        before.socket.transport.abort()
    await asyncio.to_thread(maya.say, "while away")

    async with following(url, maya, after=before.seqs[-1]) as after:
        await after.until_idle_at(5)

    assert before.seqs + after.seqs == [1, 2, 3, 4, 5]


async def test_the_typing_sign_is_shown_while_the_assistant_works(url: str, stack: Stack) -> None:
    stack.assistant.pause_seconds = 0.3
    maya = await a_live_customer(url, stack)
    states: list[bool] = []
    async with following(url, maya) as feed:
        await feed.until_idle_at(1)
        await asyncio.to_thread(maya.say, "one")
        while len(feed.messages) < 3:
            await feed.read_one()
            states.append(feed.state["idle"])
        await feed.until_idle_at(3)

    assert False in states
    assert feed.state["idle"] is True


async def test_messages_of_other_processes_arrive_too(url: str, stack: Stack) -> None:
    maya = await a_live_customer(url, stack)
    other_process = Stack(stack.folder, stack.assistant)
    async with following(url, maya) as feed:
        await feed.until_idle_at(1)
        post_message(
            maya.conversation,
            client_message_id="from-elsewhere",
            text="hello from elsewhere",
            switchboard=other_process.switchboard,
        )
        await feed.until_idle_at(3)
    other_process.dispose()

    assert [m["text"] for m in feed.messages[1:]] == [
        "hello from elsewhere",
        "heard: hello from elsewhere",
    ]


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("not json", live.MALFORMED),
        ("[]", live.MALFORMED),
        ('{"after": 1}', live.MALFORMED),
        ('{"token": "t", "after": -1}', live.MALFORMED),
        ('{"token": "t", "after": 99999999999999999999}', live.MALFORMED),
        ("[" * 50_000, live.MALFORMED),
        (b"\x00\x01", live.NO_BINARY),
        ("x" * (live.LARGEST_FRAME + 1), live.TOO_LARGE),
    ],
)
async def test_11_a_bad_first_frame_ends_the_feed(
    url: str, stack: Stack, frame: Any, code: int
) -> None:
    maya = await a_live_customer(url, stack)
    async with handshake(url, maya.conversation) as socket:
        await socket.send(frame)
        await asyncio.wait_for(socket.wait_closed(), PATIENCE_SECONDS)

    assert socket.close_code == code


async def test_12_a_silent_socket_is_let_go(
    url: str, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HELLO_SECONDS", 0.2)
    maya = await a_live_customer(url, stack)
    async with handshake(url, maya.conversation) as socket:
        await asyncio.wait_for(socket.wait_closed(), PATIENCE_SECONDS)

    assert socket.close_code == live.NO_HELLO


async def test_12_a_flood_of_frames_ends_the_feed_and_disturbs_nobody(
    url: str, stack: Stack
) -> None:
    maya, jonas = await a_live_customer(url, stack), await a_live_customer(url, stack, "A-1002")
    async with following(url, maya) as flooder, following(url, jonas) as other:
        with contextlib.suppress(ConnectionClosed):
            for _ in range(200):
                await flooder.socket.send('{"type": "typing"}')
        assert await flooder.closed_with() == live.TOO_MANY

        await asyncio.to_thread(jonas.say, "still there?")
        await other.until_idle_at(3)


async def test_9_a_feed_ends_when_its_token_does(url: str, stack: Stack) -> None:
    maya = await a_live_customer(url, stack)
    maya.token = stack.sessions.issue(
        maya.conversation,
        "A-1001",
        now=stack.clock.now() - stack.sessions.life + timedelta(seconds=2),
    )
    async with following(url, maya) as feed:
        await feed.until_idle_at(1)
        assert await feed.closed_with() == live.TOKEN_REFUSED


async def test_feeds_are_told_that_the_gateway_restarts(stack: Stack) -> None:
    with served(stack) as url:
        maya = await a_live_customer(url, stack)
        context = following(url, maya)
        feed = await context.__aenter__()
        await feed.until_idle_at(1)
        poll = asyncio.create_task(asyncio.to_thread(maya.updates, 1, wait=25))
        await asyncio.sleep(0.2)
    assert await feed.closed_with() == live.RESTARTING
    assert (await poll).status_code == 200
    await context.__aexit__(None, None, None)


async def test_12_an_address_may_hold_only_so_many_sockets(stack: Stack) -> None:
    stack.set(sockets_per_address=2)
    with served(stack) as url:
        maya = await a_live_customer(url, stack)
        async with following(url, maya) as one, following(url, maya) as two:
            await asyncio.gather(one.until_idle_at(1), two.until_idle_at(1))
            async with handshake(url, maya.conversation) as third:
                await asyncio.wait_for(third.wait_closed(), PATIENCE_SECONDS)
            assert third.close_code == live.TOO_MANY
        while stack.parts.metrics.registry.get_sample_value("desk_open_sockets"):
            await asyncio.sleep(0.01)
        async with following(url, maya) as again:
            await again.until_idle_at(1)


@pytest.mark.alone
async def test_two_hundred_sockets_are_open_at_once_and_all_hear(url: str, stack: Stack) -> None:
    customers = [await a_live_customer(url, stack, None) for _ in range(20)]
    async with contextlib.AsyncExitStack() as sockets:
        feeds = [
            await sockets.enter_async_context(following(url, customer))
            for customer in customers
            for _ in range(10)
        ]
        await asyncio.gather(*(feed.until_idle_at(1) for feed in feeds))

        await asyncio.gather(*(asyncio.to_thread(customer.say, "hello") for customer in customers))
        await asyncio.gather(*(feed.until_idle_at(3) for feed in feeds))

        assert all(feed.seqs == [1, 2, 3] for feed in feeds)
        assert stack.parts.metrics.registry.get_sample_value("desk_open_sockets") == 200


async def test_a_long_poll_answers_when_something_comes(url: str, stack: Stack) -> None:
    maya = await a_live_customer(url, stack)
    poll = asyncio.create_task(asyncio.to_thread(maya.updates, 1, wait=20))
    await asyncio.sleep(0.1)
    await asyncio.to_thread(maya.say, "hello")

    found = (await asyncio.wait_for(poll, 5)).json()
    assert found["messages"][0]["text"] == "hello"


async def test_a_long_poll_answers_at_once_when_the_caller_knows_less(
    url: str, stack: Stack
) -> None:
    maya = await a_live_customer(url, stack)

    found = await asyncio.wait_for(
        asyncio.to_thread(lambda: maya.updates(1, wait=20, idle="false").json()), 5
    )

    assert found == {
        "messages": [],
        "idle": True,
        "holder": "assistant",
        "agent_name": None,
        "last_seq": 1,
    }


async def test_a_long_poll_without_news_ends_after_its_time(url: str, stack: Stack) -> None:
    maya = await a_live_customer(url, stack)
    began = asyncio.get_running_loop().time()

    found = await asyncio.to_thread(lambda: maya.updates(1, wait=1).json())

    assert found["messages"] == []
    assert 0.9 < asyncio.get_running_loop().time() - began < 15


async def test_a_feed_that_is_told_to_end_while_news_arrive_ends(url: str, stack: Stack) -> None:
    """A cancellation that comes together with a wake-up must not be lost."""
    maya = await a_live_customer(url, stack)
    for _ in range(20):
        async with following(url, maya) as feed:
            await feed.until_idle_at(1)
            for _ in range(3):
                stack.parts.wakeups.wake(maya.conversation)
            await feed.socket.send("not json")
            for _ in range(3):
                stack.parts.wakeups.wake(maya.conversation)
            assert await feed.closed_with() == live.MALFORMED
