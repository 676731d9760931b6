"""Checks what an action answered with a validator made once, where Rasa makes one for each answer.

Rasa 3.6 hands each answer to `jsonschema.validate`, which first checks the schema itself, every
time: measured at more than half of what the assistant computes in a turn. The schema is Rasa's own
and fixed, and the same answers are refused.
"""

from __future__ import annotations

from typing import Any

from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction


def check_answers_with_one_validator() -> None:
    """Replace the check in this process."""
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    validator = kind(schema)

    def check(_: RemoteAction, answer: dict[str, Any]) -> bool:
        validator.validate(answer)
        return True

    RemoteAction._validate_action_result = check
