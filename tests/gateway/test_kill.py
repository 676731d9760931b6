"""What was accepted survives `kill -9`, and is answered once."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from bot.settings import ROOT
from tests.gateway.fake_assistant import FakeAssistant
from tests.gateway.sockets import Web
from tests.gateway.stack import Stack, a_customer

pytestmark = pytest.mark.alone


@contextmanager
def a_gateway_process(
    folder: Path, assistant: FakeAssistant, port: int
) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.gateway.gateway_process", folder, assistant.url, str(port)],
        cwd=ROOT,
    )
    try:
        give_up_at = time.monotonic() + 60
        while not _is_live(port):
            assert process.poll() is None, "the gateway ended"
            assert time.monotonic() < give_up_at, "the gateway does not start"
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.wait()


def _is_live(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/health/live", timeout=1).ok
    except requests.RequestException:
        return False


def test_messages_accepted_before_a_kill_are_answered_once_and_in_order(
    tmp_path: Path, free_port: int
) -> None:
    assistant = FakeAssistant()
    assistant.pause_seconds = 1.0
    stack = Stack(tmp_path, assistant)
    with a_gateway_process(tmp_path, assistant, free_port) as first:
        maya = a_customer(Web(f"http://127.0.0.1:{free_port}"), stack)
        posted = [maya.say(text) for text in ("one", "two", "three")]
        while not assistant.turns:
            time.sleep(0.01)
        first.kill()
        first.wait()
    assert [answer.status_code for answer in posted] == [200, 200, 200]

    assistant.pause_seconds = 0.0
    with a_gateway_process(tmp_path, assistant, free_port):
        texts = [message["text"] for message in maya.until_idle(seconds=20)["messages"]]
    assistant.stop()
    stack.dispose()

    assert texts[1:4] == ["one", "two", "three"]
    assert texts[4:] == ["heard: one", "heard: two", "heard: three"]
