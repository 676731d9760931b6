"""The channel as it runs: a real Rasa agent behind it, the gateway's own client before it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from bot.errors import AssistantUnavailable
from bot.integrations.assistant_client import HttpAssistant
from bot.retention.say import Button
from bot.use_cases.ports import Asked
from tests.sanic_server import Served, serving

pytestmark = pytest.mark.slow

SECRET = "known to both"
DOMAIN = {
    "version": "3.1",
    "intents": ["greet", "accept_offer", "complain", "out_of_scope"],
    "entities": ["offer"],
    "actions": ["action_that_nobody_serves"],
    "responses": {
        "utter_greet": [
            {
                "text": "Hello!",
                "buttons": [
                    {"title": "utter_button_accept", "payload": '/accept_offer{"offer": "o1"}'},
                    {"title": "Home box", "payload": "/greet"},
                ],
                "custom": {
                    "offer": {"id": "o1", "title": "utter_offer_title", "choices": []},
                    "figures": {"saving": "$30"},
                    "receipt": None,
                },
            }
        ],
        "utter_offer_title": [{"text": "Save {saving}"}],
        "utter_accepted": [{"text": "Accepted."}],
        "utter_out_of_scope": [{"text": "That I cannot do."}],
        "utter_button_accept": [{"text": "Accept"}],
    },
    "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": True},
}
RULES = {
    "version": "3.1",
    "rules": [
        {"rule": intent, "steps": [{"intent": intent}, {"action": action}]}
        for intent, action in {
            "greet": "utter_greet",
            "accept_offer": "utter_accepted",
            "out_of_scope": "utter_out_of_scope",
            "complain": "action_that_nobody_serves",
        }.items()
    ],
}
NLU = {
    "version": "3.1",
    "nlu": [
        {"intent": "greet", "examples": "- hello\n- cancel\n"},
        {"intent": "accept_offer", "examples": "- accept\n- deal\n"},
        {"intent": "complain", "examples": "- awful\n- terrible\n"},
        {"intent": "out_of_scope", "examples": "- weather\n- joke\n"},
    ],
}
CONFIG = {
    "recipe": "default.v1",
    "assistant_id": "tests",
    "language": "en",
    "pipeline": [{"name": "KeywordIntentClassifier"}],
    "policies": [{"name": "RulePolicy"}],
}


def train(folder: Path) -> str:
    from rasa.model_training import train as rasa_train

    for name, document in {"domain": DOMAIN, "rules": RULES, "nlu": NLU, "config": CONFIG}.items():
        (folder / f"{name}.yml").write_text(yaml.safe_dump(document))
    trained = rasa_train(
        domain=str(folder / "domain.yml"),
        config=str(folder / "config.yml"),
        training_files=[str(folder / "rules.yml"), str(folder / "nlu.yml")],
        output=str(folder / "models"),
    )
    return str(trained.model)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The channel on a Sanic application, as `rasa run` builds it, in a thread."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    model = train(tmp_path_factory.mktemp("assistant"))

    def prepare(app: Any) -> None:
        from rasa.core.agent import Agent
        from rasa.core.channels.channel import register
        from rasa.utils.endpoints import EndpointConfig

        from bot.channels.desk import DeskInput

        nowhere = EndpointConfig("http://127.0.0.1:9/webhook")
        app.ctx.agent = Agent.load(model, action_endpoint=nowhere)
        register([DeskInput.from_credentials({"secret": SECRET})], app, route="/webhooks/")

    with serving("desk_channel_test", prepare) as served:
        yield served


@pytest.fixture
def assistant(served: Served) -> HttpAssistant:
    return HttpAssistant(served.url, secret=SECRET, timeout_seconds=20)


def asked(text: str, intent: str | None = None, *, conversation: str = "c1", **but: Any) -> Asked:
    plain = Asked(conversation, f"{conversation}:2", text, intent, (), "A-1001", "offer", ())
    return replace(plain, **but)


def test_a_response_comes_whole_with_button_titles_in_words(assistant: HttpAssistant) -> None:
    answer = assistant.answer(asked("hello there"))
    [message] = answer.messages
    assert message.text == "Hello!"
    assert message.offer == {"id": "o1", "title": "Save $30", "choices": []}
    assert message.receipt is None
    assert message.buttons == (
        Button("Accept", "accept_offer", (("offer", "o1"),)),
        Button("Home box", "greet"),
    )
    assert (answer.understood.intent, answer.understood.confidence) == ("greet", 1.0)
    assert answer.understood.model


def test_a_button_is_the_intent_it_was_offered_with(
    assistant: HttpAssistant, served: Served
) -> None:
    pressed = asked("Home box", "accept_offer", conversation="c2", entities=(("offer", "o1"),))
    answer = assistant.answer(pressed)
    assert [m.text for m in answer.messages] == ["Accepted."]
    assert answer.understood.intent == "accept_offer"
    tracker = served.run(served.app.ctx.agent.tracker_store.retrieve("c2"))
    heard = tracker.latest_message
    assert (heard.text, heard.message_id) == ("Home box", "c2:2")
    assert heard.metadata["awaiting"] == "offer"
    assert heard.metadata["account"] == "A-1001"


COMMANDS = ["/accept_offer", '/accept_offer{"offer": "o9"}', " /accept_offer@0.5", "//accept_offer"]


@pytest.mark.parametrize("typed", COMMANDS)
def test_a_typed_command_is_never_obeyed(
    assistant: HttpAssistant, served: Served, typed: str
) -> None:
    answer = assistant.answer(asked(typed, conversation="c3"))
    assert [m.text for m in answer.messages] == ["That I cannot do."]
    assert answer.understood.intent == "out_of_scope"


def test_rasa_itself_would_obey_the_command(served: Served) -> None:
    """The premise of the test above."""
    from rasa.core.channels.channel import UserMessage

    message = UserMessage('/accept_offer{"offer": "o9"}', sender_id="premise")
    served.run(served.app.ctx.agent.handle_message(message))
    assert [m["text"] for m in message.output_channel.messages] == ["Accepted."]


def test_restart_is_not_obeyed_and_the_conversation_goes_on(
    assistant: HttpAssistant, served: Served
) -> None:
    assistant.answer(asked("hello", conversation="c4"))
    assistant.answer(asked("/restart", conversation="c4"))
    tracker = served.run(served.app.ctx.agent.tracker_store.retrieve("c4"))
    said = [event.text for event in tracker.events if type(event).__name__ == "UserUttered"]
    assert said == ["hello", "restart"]


def test_words_behind_a_slash_are_understood_as_words(assistant: HttpAssistant) -> None:
    answer = assistant.answer(asked("/cancel", conversation="c5"))
    assert answer.understood.intent == "greet", "the intent trained for the word `cancel`"


@pytest.mark.parametrize("text", ["/", "🙂", "<script>alert(1)</script> hello", "hola", "x" * 2000])
def test_odd_texts_never_break_the_channel(served: Served, text: str) -> None:
    turn = {"conversation": "c6", "message_id": "c6:2", "text": text}
    answer = post(served, json=turn)
    assert answer.status_code in {200, 503}, "503: this small assistant has no answer to it"


def test_an_action_server_that_is_down_is_no_answer(assistant: HttpAssistant) -> None:
    with pytest.raises(AssistantUnavailable, match="503"):
        assistant.answer(asked("this is awful", conversation="c7"))


def post(served: Served, **options: Any) -> requests.Response:
    options.setdefault("headers", {"X-Desk-Secret": SECRET})
    return requests.post(f"{served.url}/webhooks/desk/turn", timeout=20, **options)


@pytest.mark.parametrize(
    "headers", [{}, {"X-Desk-Secret": "wrong"}, {"X-Desk-Secret": "é".encode()}]
)
def test_without_the_secret_nothing_is_heard(served: Served, headers: dict[str, Any]) -> None:
    turn = {"conversation": "c8", "message_id": "c8:2", "text": "hello"}
    assert post(served, json=turn, headers=headers).status_code == 403
    assert served.run(served.app.ctx.agent.tracker_store.retrieve("c8")) is None


def test_malformed_and_oversized_turns_are_refused(served: Served) -> None:
    assert post(served, data=b"{").status_code == 400
    assert post(served, data=b"[" * 60_000).status_code == 400
    assert post(served, json={"conversation": "c9", "text": "hello"}).status_code == 400
    assert post(served, data=b"x" * 70_000).status_code == 413


def test_health_says_whether_a_model_is_loaded(served: Served, assistant: HttpAssistant) -> None:
    assert assistant.is_ready()
    assert requests.get(f"{served.url}/webhooks/desk/health", timeout=5).json() == {"ready": True}


def test_an_assistant_that_is_down_or_distrusts_us_is_unavailable(served: Served) -> None:
    nobody = HttpAssistant("http://127.0.0.1:9", secret=SECRET, timeout_seconds=1)
    assert not nobody.is_ready()
    for wrong in (nobody, HttpAssistant(served.url, secret="wrong", timeout_seconds=5)):
        with pytest.raises(AssistantUnavailable):
            wrong.answer(asked("hello"))


def test_the_channel_needs_a_secret() -> None:
    from rasa.shared.exceptions import InvalidConfigException

    from bot.channels.desk import DeskInput

    for credentials in (None, {}, {"secret": ""}, {"secret": "${DESK_SHARED_SECRET}"}):
        with pytest.raises(InvalidConfigException):
            DeskInput.from_credentials(credentials)
