"""Rasa's check of an action's answer, made once, refuses and accepts what Rasa's own does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

pytestmark = pytest.mark.slow  # imports TensorFlow

SLOT = {"event": "slot", "name": "about", "value": "S-1"}
ANSWERS: list[tuple[Any, bool]] = [
    ({"events": [SLOT], "responses": [{"text": "Hello"}]}, True),
    ({"events": [], "responses": []}, True),
    ({}, True),
    ({"events": [{"event": "slot", "name": "about"}], "responses": []}, False),
    ({"events": [{"event": "no such event"}], "responses": []}, False),
    ({"events": {}, "responses": []}, False),
    ({"events": [], "responses": ["Hello"]}, False),
    ([], False),
]


@pytest.fixture
def remote_action() -> Iterator[Any]:
    from rasa.core.actions.action import RemoteAction

    own = RemoteAction._validate_action_result
    yield RemoteAction
    RemoteAction._validate_action_result = own


def accepts(remote_action: Any, answer: Any) -> bool:
    from jsonschema import ValidationError

    try:
        return bool(remote_action("action_greet", None)._validate_action_result(answer))
    except ValidationError:
        return False


@pytest.mark.parametrize(("answer", "valid"), ANSWERS)
def test_the_same_answers_are_accepted_and_refused(remote_action, answer, valid):
    from bot.channels.action_answers import check_answers_with_one_validator

    assert accepts(remote_action, answer) is valid  # Rasa's own check
    check_answers_with_one_validator()
    assert remote_action._validate_action_result.__module__ == "bot.channels.action_answers"
    assert accepts(remote_action, answer) is valid
