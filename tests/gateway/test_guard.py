"""A wording that breaks an exit rule reaches nobody: the real gateway on a domain gone wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from bot import bootstrap
from bot.gateway.app import create_app
from bot.gateway.main import real_parts
from bot.integrations.clock import SystemClock
from bot.settings import from_environment
from tests.gateway.stack import IDENTITY_KEY, TOKEN_KEY

pytestmark = pytest.mark.slow

CONFIRMS = "Until then nothing changes."
WELCOMES = "A person is one click away."
SAFE = "didn't pass our own check"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """Return what opens Maya's conversation with a desk in whose words one sentence is another."""
    with ExitStack() as closing:

        def open_with(sentence: str, instead: str) -> Any:
            words = bootstrap.DOMAIN_FILE.read_text(encoding="utf-8")
            assert words.count(sentence) >= 1
            domain = tmp_path / "domain.yml"
            domain.write_text(words.replace(sentence, instead), encoding="utf-8")
            monkeypatch.setattr(bootstrap, "DOMAIN_FILE", domain)
            keys = {"DESK_IDENTITY_KEY": IDENTITY_KEY, "DESK_TOKEN_KEY": TOKEN_KEY}
            settings = from_environment({"DESK_STATE_FOLDER": str(tmp_path), **keys})
            bootstrap.prepare(settings)
            parts = real_parts(settings)
            closing.callback(bootstrap.database(settings.database_url).dispose)
            web = TestClient(create_app(parts), base_url="http://127.0.0.1:8080")
            return Maya(closing.enter_context(web), parts)

        yield open_with


class Maya:
    def __init__(self, web: TestClient, parts: Any) -> None:
        self.web, self.parts = web, parts
        identity = parts.identities.sign("A-1001", jti=uuid4().hex, now=SystemClock().now())
        opened = web.post("/api/conversations", json={"identity": identity}).json()
        self._path = f"/api/conversations/{opened['conversation']}"
        self._headers = {"authorization": f"Bearer {opened['token']}"}
        self.greeting: dict[str, Any] = opened["messages"][0]

    def cancels(self) -> dict[str, Any]:
        body = {"client_message_id": uuid4().hex, "button_id": "cancel"}
        self.web.post(f"{self._path}/messages", json=body, headers=self._headers)
        while True:
            found = self.web.get(
                f"{self._path}/updates", params={"after": 2, "wait": 5}, headers=self._headers
            ).json()
            if found["messages"]:
                answer: dict[str, Any] = found["messages"][0]
                return answer

    def subscription(self) -> Any:
        now = SystemClock().now()
        return self.parts.switchboard.billing.history("A-1001", now=now).subscriptions[0]

    def held_back(self, rule: str) -> float | None:
        return self.parts.metrics.registry.get_sample_value(
            "desk_guard_violations_total", {"rule": rule}
        )


@pytest.mark.parametrize(
    ("instead", "rule"),
    [
        ("Hurry, this is your last chance to stay.", "pressure"),
        ("Come back today for $1.00.", "R12"),
        ("If you leave, you get nothing back.", "R4"),
        ("I'm human too, you know.", "R11"),
    ],
)
def test_a_broken_confirmation_is_replaced_and_the_exit_still_works(desk, instead, rule):
    maya = desk(CONFIRMS, instead)
    answer = maya.cancels()
    assert SAFE in answer["text"]
    assert instead not in answer["text"]
    assert {button["id"] for button in answer["buttons"]} == {"cancel", "person"}
    assert answer["receipt"], "what is done keeps its proof"
    assert maya.subscription().is_leaving
    assert maya.held_back(rule) == 1


def test_a_broken_greeting_is_replaced_by_one_that_says_who_talks(desk):
    maya = desk(WELCOMES, "Offers end tonight only.")
    assert SAFE in maya.greeting["text"]
    assert "automated assistant" in maya.greeting["text"]
    assert maya.held_back("pressure") == 1


def test_the_words_as_they_are_hold_nothing_back(desk):
    maya = desk(CONFIRMS, CONFIRMS)
    assert SAFE not in maya.greeting["text"] + maya.cancels()["text"]
    for rule in ("R2", "R3", "R4", "R11", "R12", "pressure", "hardship"):
        assert maya.held_back(rule) == 0, "counted from the start, so that the first is seen"
