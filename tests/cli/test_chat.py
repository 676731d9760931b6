"""The terminal chat as a program: one JSON object a line, in order, through the running gateway."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from bot.settings import ROOT
from tests.gateway.fake_assistant import FakeAssistant
from tests.gateway.stack import IDENTITY_KEY, Stack, served

pytestmark = pytest.mark.slow

NOBODY_LISTENS = "http://127.0.0.1:9"


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    assistant = FakeAssistant()
    stack = Stack(tmp_path, assistant)
    yield stack
    stack.dispose()
    assistant.stop()


@pytest.fixture
def url(stack: Stack) -> Iterator[str]:
    with served(stack) as url:
        yield url


def environment(stack: Stack) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DESK_")}
    return {
        **kept,
        "DESK_STATE_FOLDER": str(stack.folder),
        "DESK_IDENTITY_KEY": IDENTITY_KEY,
    }


def bot(stack: Stack, *arguments: str, typed: str = "", **more: str) -> Any:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        input=typed.encode("utf-8", "surrogateescape"),
        capture_output=True,
        cwd=ROOT,
        env=environment(stack) | more,
        timeout=30,
        check=False,
    )


def said(done: Any) -> list[dict[str, Any]]:
    assert done.returncode == 0, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def chat(stack: Stack, url: str, *lines: str, account: str | None = "A-1001") -> list[Any]:
    who = ["--account", account] if account else []
    typed = "".join(f"{line}\n" for line in lines)
    return said(bot(stack, "chat", "--json", "--url", url, *who, typed=typed))


IDLE = {"idle": True}


def test_a_chat_opens_with_the_assistants_message_and_then_idle(stack: Stack, url: str) -> None:
    greeting, idle = chat(stack, url)

    assert greeting["from"] == "assistant"
    assert "automated assistant" in greeting["text"]
    assert greeting["buttons"] == [{"id": "person", "title": "Talk to a person"}]
    assert greeting["offer"] is None
    assert greeting["seq"] == 1
    assert idle == IDLE


def test_every_line_is_answered_before_the_next_is_said(stack: Stack, url: str) -> None:
    shown = chat(stack, url, "one", '{"text": "two"}', "three")

    texts = [line.get("text") for line in shown]
    assert texts == [
        "I am an automated assistant. What can I do?", None,
        "heard: one", None, "heard: two", None, "heard: three", None,
    ]  # fmt: skip
    assert [line["seq"] for line in shown if "seq" in line] == [1, 3, 5, 7]
    assert all(line["from"] != "customer" for line in shown if "from" in line)


def test_a_button_is_pressed_by_its_id(stack: Stack, url: str) -> None:
    shown = chat(stack, url, "one", '{"button": "b3-1"}')

    assert shown[2]["buttons"] == [{"id": "b3-1", "title": "Tell me more"}]
    assert shown[4]["text"] == "heard: /ask_other_options"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("", "message_empty"),
        ("   ", "message_empty"),
        ('{"text": ""}', "message_empty"),
        pytest.param("a" * 10_000, "message_too_long", id="10,000 characters"),
        pytest.param("a" * 200_000, "body_too_large", id="200,000 characters"),
        ('{"button": "nope"}', "button_unknown"),
        ('{"button": ', "malformed_line"),
        ('{"button": 5}', "malformed_line"),
        ('{"press": "cancel"}', "malformed_line"),
        ('{"text": "a", "button": "b"}', "malformed_line"),
        ("{}", "malformed_line"),
        pytest.param('{"a":' * 5000, "malformed_line", id="nested 5,000 deep"),
    ],
)
def test_a_line_that_cannot_be_used_is_told_and_the_chat_goes_on(
    stack: Stack, url: str, line: str, code: str
) -> None:
    shown = chat(stack, url, line, "still there?")

    assert shown[2]["from"] == "system"
    assert set(shown[2]["error"]) == {"code", "message"}
    assert shown[2]["error"]["code"] == code
    assert shown[3] == IDLE
    assert shown[4]["text"] == "heard: still there?"
    assert shown[5] == IDLE


@pytest.mark.parametrize("line", ["/restart", '/accept_offer{"a": 1}', "[1, 2]", '"quoted"', "🙂"])
def test_other_lines_are_plain_text(stack: Stack, url: str, line: str) -> None:
    assert chat(stack, url, line)[2]["text"] == f"heard: {line}"


def test_bytes_that_are_no_text_are_said_as_far_as_they_are(stack: Stack, url: str) -> None:
    shown = chat(stack, url, "caf\udce9")

    assert shown[2]["text"] == "heard: caf�"


def test_in_the_queue_every_line_ends_idle_without_an_answer(stack: Stack, url: str) -> None:
    shown = chat(stack, url, '{"button": "person"}', "are you there?", "hello?")

    assert [line.get("text") for line in shown[2:]] == [
        "A person will be with you.", None, None, None
    ]  # fmt: skip
    assert shown[-1] == IDLE


def test_the_cancel_control_works_without_the_assistant(stack: Stack, url: str) -> None:
    stack.assistant.refuses = True

    shown = chat(stack, url, '{"button": "cancel"}')

    assert shown[2]["text"] == "Your subscription is cancelled."
    assert shown[3] == IDLE


def test_without_an_account_one_is_a_visitor(stack: Stack, url: str) -> None:
    chat(stack, url, "hello", account=None)

    assert stack.assistant.turns[0]["context"]["account"] is None


def test_the_end_of_the_input_closes_the_conversation(stack: Stack, url: str) -> None:
    chat(stack, url, "hello")

    conversation = stack.assistant.turns[0]["conversation"]
    assert stack.switchboard.views.updates(conversation, after=0).holder.value == "closed"


def test_each_chat_is_a_new_conversation_unless_resumed(stack: Stack, url: str) -> None:
    process = talking(stack, url)
    read_until_idle(process)
    say(process, "first")
    read_until_idle(process)
    process.kill()
    process.communicate()

    shown = said(bot(stack, "chat", "--json", "--account", "A-1001", "--resume", "--url", url))

    assert [line.get("text") for line in shown][1] == "heard: first"
    assert chat(stack, url)[0]["seq"] == 1


def test_a_gateway_that_restarts_in_the_middle_is_not_noticed(stack: Stack) -> None:
    with served(stack) as url:
        port = int(url.rsplit(":", 1)[1])
        process = talking(stack, url)
        read_until_idle(process)
        say(process, "before")
        assert read_until_idle(process)[0]["text"] == "heard: before"
    say(process, "in between")
    stack.build()
    with served(stack, port=port):
        assert [line["text"] for line in read_until_idle(process)] == ["heard: in between"]
        output, _ = process.communicate(timeout=20)

    assert process.returncode == 0
    assert output == b""
    heard = [turn["text"] for turn in stack.assistant.turns]
    assert heard == ["before", "in between"]


def test_a_gateway_that_is_not_running_is_told(stack: Stack) -> None:
    done = bot(stack, "chat", "--json", "--account", "A-1001", "--url", NOBODY_LISTENS)

    assert done.returncode == 1
    assert done.stdout == b""
    assert done.stderr.decode().count("\n") == 1
    assert NOBODY_LISTENS in done.stderr.decode()


def test_an_unknown_account_is_told(stack: Stack, url: str) -> None:
    done = bot(stack, "chat", "--json", "--account", "X-9", "--url", url)

    assert done.returncode == 1
    assert "There is no account 'X-9'" in done.stderr.decode()


def test_a_website_that_is_no_gateway_is_told(stack: Stack) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    Thread(target=server.serve_forever, daemon=True).start()
    done = bot(stack, "chat", "--json", "--url", f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    server.server_close()

    assert done.returncode == 1
    assert "Something else than the gateway" in done.stderr.decode()


def test_people_see_words_and_press_numbers(stack: Stack, url: str) -> None:
    done = bot(stack, "chat", "--account", "A-1001", "--url", url, typed="one\n1\n9\n:cancel\n")

    shown = done.stdout.decode()
    assert done.returncode == 0
    assert ":cancel cancels at once" in shown
    assert "1 Talk to a person" in shown
    assert "heard: one" in shown
    assert "heard: /ask_other_options" in shown
    assert "heard: 9" in shown
    assert "Your subscription is cancelled." in shown
    assert f"Receipt: {url}/receipts/r-unguessable" in shown
    assert "\033" not in shown


def test_ctrl_c_ends_a_chat_quietly(stack: Stack, url: str) -> None:
    process = talking(stack, url)
    read_until_idle(process)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=10)

    assert process.returncode == 130
    assert b"Traceback" not in errors


def test_a_token_opens_a_conversation_as_that_account(stack: Stack, url: str) -> None:
    done = bot(stack, "token", "A-1002")
    token = done.stdout.decode().strip()

    assert done.returncode == 0
    assert stack.identities.read(token, now=stack.clock.now()).account == "A-1002"


def test_production_signs_no_identities(stack: Stack) -> None:
    production = {
        "DESK_MODE": "production",
        "DESK_SMTP_HOST": "mail.example",
        "DESK_PUBLIC_URL": "https://help.example",
    }
    for command in (["token", "A-1001"], ["chat", "--account", "A-1001"]):
        done = bot(stack, *command, **production)

        assert done.returncode == 1
        assert done.stdout == b""
        assert "only the website signs identities" in done.stderr.decode()


def talking(stack: Stack, url: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "chat", "--json", "--account", "A-1001", "--url", url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=environment(stack),
    )


def say(process: subprocess.Popen[bytes], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{line}\n".encode())
    process.stdin.flush()


def read_until_idle(process: subprocess.Popen[bytes]) -> list[dict[str, Any]]:
    assert process.stdout is not None
    shown = []
    for raw in process.stdout:
        line = json.loads(raw)
        if line == IDLE:
            return shown
        shown.append(line)
    raise AssertionError("the chat ended")
