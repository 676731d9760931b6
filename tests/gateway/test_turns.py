"""The turn engine: in order, side by side, and again after whatever happened."""

from __future__ import annotations

import asyncio
import socket
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.errors import SetupError
from bot.gateway.metrics import Metrics
from bot.gateway.server import listen
from bot.gateway.turns import Chore, TurnEngine
from tests.gateway.fake_assistant import FakeAssistant
from tests.gateway.stack import Stack, a_customer, in_process

FAILED = ("desk_turns_total", {"result": "failed"})


def test_messages_sent_at_once_are_answered_in_order(stack: Stack) -> None:
    stack.assistant.pause_seconds = 0.02
    with in_process(stack) as web:
        maya = a_customer(web, stack)
        for number in range(6):
            maya.say(f"message {number}")
        texts = maya.texts()

    heard = [text for text in texts if text.startswith("heard")]
    assert heard == [f"heard: message {number}" for number in range(6)]


def test_conversations_are_worked_on_side_by_side_and_each_in_order(stack: Stack) -> None:
    stack.set(turn_workers=4)
    stack.assistant.pause_seconds = 0.6
    with in_process(stack) as web:
        customers = [a_customer(web, stack, None) for _ in range(6)]
        for customer in customers:
            customer.say("one")
            customer.say("two")
        for customer in customers:
            heard = [text for text in customer.texts() if text.startswith("heard")]
            assert heard == ["heard: one", "heard: two"]

    assert 2 <= stack.assistant.most_at_once <= 4


def test_what_a_killed_gateway_left_is_answered_by_the_next(stack: Stack) -> None:
    stack.assistant.refuses = True
    with in_process(stack) as web:
        maya = a_customer(web, stack)
        maya.say("are you there?")
        assert maya.updates().json()["idle"] is False
    stack.assistant.refuses = False

    stack.build()
    with in_process(stack) as web:
        maya.web = web
        assert maya.texts()[-1] == "heard: are you there?"


def test_an_assistant_that_comes_back_answers_once(stack: Stack) -> None:
    stack.assistant.stop()
    with in_process(stack) as web:
        maya = a_customer(web, stack)
        maya.say("are you there?")
        time.sleep(1)
        assert maya.updates().json()["idle"] is False
        stack.assistant = FakeAssistant(stack.assistant.port)
        texts = maya.texts()
    stack.assistant.stop()

    assert texts.count("heard: are you there?") == 1


def test_the_exit_works_while_the_assistant_hangs(stack: Stack) -> None:
    stack.assistant.pause_seconds = 9
    with in_process(stack) as web:
        maya = a_customer(web, stack)
        maya.say("hello?")
        began = time.monotonic()
        posted = maya.press("cancel")
        found = maya.updates().json()

    assert posted.status_code == 200
    assert time.monotonic() - began < 8
    assert found["messages"][-1]["text"] == "Your subscription is cancelled."


def test_a_customer_who_waits_long_is_told_and_the_answer_still_comes(stack: Stack) -> None:
    stack.limits = replace(stack.limits, patience=timedelta(seconds=1))
    stack.assistant.refuses = True
    stack.build()
    with in_process(stack) as web:
        maya = a_customer(web, stack)
        maya.say("hello?")
        told = maya.until_idle()["messages"][-1]
        stack.assistant.refuses = False
        give_up_at = time.monotonic() + 30
        while "heard: hello?" not in maya.texts():
            assert time.monotonic() < give_up_at
            time.sleep(0.1)

    assert told["from"] == "system"
    assert [button["id"] for button in told["buttons"]] == ["cancel", "person"]


def test_a_fault_in_one_turn_does_not_stop_the_engine(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    with in_process(stack) as web:
        maya, jonas = a_customer(web, stack), a_customer(web, stack, "A-1002")
        answer = stack.switchboard.assistant.answer

        def stumble(asked: Any) -> Any:
            if asked.text == "stumble":
                raise RuntimeError("a fault of ours")
            return answer(asked)

        monkeypatch.setattr(stack.switchboard.assistant, "answer", stumble)
        maya.say("stumble")
        jonas.say("hello")

        assert jonas.texts()[-1] == "heard: hello"
        give_up_at = time.monotonic() + 30
        while not stack.parts.metrics.registry.get_sample_value(*FAILED):
            assert time.monotonic() < give_up_at
            time.sleep(0.01)
        monkeypatch.undo()
        assert maya.texts()[-1] == "heard: stumble"


async def test_a_chore_that_fails_is_done_again() -> None:
    done: list[int] = []

    def fail_once() -> None:
        done.append(1)
        if len(done) == 1:
            raise OSError("the mail server is away")

    engine = TurnEngine(
        run_turn=lambda _conversation, _lane: False,
        due=lambda: (),
        chores=(Chore("send", 0.01, fail_once),),
        workers=1,
        metrics=Metrics(),
    )
    engine.start()
    while len(done) < 3:
        await asyncio.sleep(0.01)
    await engine.stop()
    count = len(done)
    await asyncio.sleep(0.05)

    assert len(done) == count


def test_a_port_in_use_is_told_in_a_sentence() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SetupError, match=f"{port}.*DESK_PORT"):
            listen("127.0.0.1", port)
