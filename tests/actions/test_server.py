"""The action server answers the assistant and nobody else, and tells nothing when it fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from actions.__main__ import LARGEST_REQUEST_BYTES
from bot.settings import ROOT
from bot.supervisor.ports import pick_free
from bot.supervisor.probe import ask as probe

SECRET = "a secret of this test"
PROVED = {"X-Desk-Secret": SECRET}
START_SECONDS = 20.0

Ask = Callable[..., requests.Response]


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    """Returns `ask(method, path, content, headers)` on a running action server."""
    port = pick_free(1)[0]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "tests.actions.served", str(port), SECRET]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ, stderr=subprocess.DEVNULL) as server:
        deadline = time.monotonic() + START_SECONDS
        while not probe(f"{address}/health").ready:
            assert time.monotonic() < deadline, "the action server did not start"
            time.sleep(0.05)

        def asked(method: str, path: str, content: bytes = b"", headers: Any = None) -> Any:
            url = f"{address}{path}"
            return requests.request(method, url, data=content, headers=headers, timeout=10)

        yield asked
        server.terminate()


def a_call(action: str) -> bytes:
    tracker = {"sender_id": "c-1", "slots": {}, "latest_message": {}, "events": []}
    return json.dumps({"next_action": action, "tracker": tracker}).encode()


def test_an_action_answers_with_its_events_and_responses(ask):
    answer = ask("POST", "/webhook", a_call("action_greet"), PROVED)
    assert answer.status_code == 200
    assert [said["text"] for said in answer.json()["responses"]] == ["hello c-1"]
    assert answer.json()["events"] == [{"event": "slot", "name": "greeted", "value": True}]


@pytest.mark.parametrize("secret", [None, b"", b"guessed", "sécret".encode()])
def test_without_the_secret_nothing_runs(ask, secret):
    headers = {} if secret is None else {"X-Desk-Secret": secret}
    answer = ask("POST", "/webhook", a_call("action_greet"), headers)
    assert answer.status_code == 403
    assert "responses" not in answer.json()


def test_health_is_open_and_counts_the_actions(ask):
    answer = ask("GET", "/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "actions": 3})


@pytest.mark.parametrize("path", ["/actions", "/", "/status"])
def test_nothing_else_is_served(ask, path):
    assert ask("GET", path, headers=PROVED).status_code == 404


@pytest.mark.parametrize(
    ("action", "status"), [("action_unknown", 404), ("action_refuse", 400), ("action_break", 500)]
)
def test_a_failure_names_the_action_and_nothing_of_the_conversation(ask, action, status):
    answer = ask("POST", "/webhook", a_call(action), PROVED)
    assert answer.status_code == status
    assert answer.json()["action_name"] == action
    assert "c-1" not in answer.text
    assert "detail" not in answer.text


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"null", b"not json", b'{"next_action":0}'])
def test_what_is_no_action_call_is_refused(ask, content):
    assert ask("POST", "/webhook", content, PROVED).status_code == 400


def test_a_packed_request_is_not_unpacked(ask):
    # A small packed request can unpack to any size; the assistant never sends one.
    packed = zlib.compress(a_call("action_greet"))
    headers = {**PROVED, "Content-Encoding": "deflate"}
    assert ask("POST", "/webhook", packed, headers).status_code == 400


def test_a_request_beyond_any_conversation_is_refused(ask):
    huge = b" " * LARGEST_REQUEST_BYTES + a_call("action_greet")
    try:
        status = ask("POST", "/webhook", huge, PROVED).status_code
    except requests.ConnectionError:
        status = 413  # the server hung up before all of it was sent
    assert status == 413
    assert ask("GET", "/health").status_code == 200
