"""The JSON schema of a policy file, by which editors complete and check while it is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.integrations.company_file import load_plans
from bot.integrations.condition_parts import OPERATORS, words_of
from bot.integrations.policy_files import KEYS, NEXT_SMALLER, OFFERS
from bot.retention.account import ConcessionKind
from bot.retention.cancellation import CancellationReason
from bot.retention.facts import KNOWN_FACTS
from bot.retention.policy import ANY_REASON

_TYPES: dict[type, str] = {int: "integer", str: "string", bool: "boolean"}
# Editors read a day as text.
_DAY = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_LISTS = ("one_of", "none_of")


def policy_schema(company: Path) -> dict[str, Any]:
    """Return the schema; `company` is the file that names the plans.

    It is as strict as a schema can be; the reader is stricter still (bounds that exclude each
    other, a name that is not the file's).
    """
    plans = load_plans(company)
    reasons = [ANY_REASON, *(reason.value for reason in CancellationReason)]
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Retention policy",
        "type": "object",
        "additionalProperties": False,
        "required": list(KEYS),
        "properties": {
            "policy": {"type": "string", "pattern": "^[a-z][a-z0-9]*(_[a-z0-9]+)*$"},
            "revision": {"type": "integer", "minimum": 1},
            "describes": {"type": "string", "minLength": 1},
            "reasons": {**_list(reasons), "description": "Which reasons the policy speaks of."},
            "when": {
                "type": "object",
                "minProperties": 1,
                "additionalProperties": False,
                "properties": {fact: _bounds(fact, plans) for fact in KNOWN_FACTS},
            },
            "offer": {"oneOf": [_offer(kind, plans) for kind in OFFERS]},
            "rank": {"type": "integer", "minimum": 0},
            "from": {**_DAY, "description": "The first day on which the policy speaks."},
            "until": {**_DAY, "description": "The first day on which it no longer speaks."},
            "monthly_budget_minor": {
                "type": "integer",
                "minimum": 1,
                "description": "The most its concessions of one calendar month may cost.",
            },
        },
    }


def _bounds(fact: str, plans: tuple[str, ...]) -> dict[str, Any]:
    value = _value(fact, plans)
    return {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": False,
        "properties": {
            operator: (
                {"type": "array", "minItems": 1, "uniqueItems": True, "items": value}
                if operator in _LISTS
                else value
            )
            for operator in OPERATORS[KNOWN_FACTS[fact]]
        },
    }


def _value(fact: str, plans: tuple[str, ...]) -> dict[str, Any]:
    value: dict[str, Any] = {"type": _TYPES[KNOWN_FACTS[fact]]}
    if value["type"] == "integer":
        value["minimum"] = 0
    words = words_of(fact, plans)
    return {"enum": list(words)} if words else value


def _offer(kind: ConcessionKind, plans: tuple[str, ...]) -> dict[str, Any]:
    figures: dict[str, Any] = {
        name: {"type": "integer", "minimum": 1, "maximum": largest}
        for name, largest in OFFERS[kind].items()
    }
    if kind is ConcessionKind.DOWNGRADE:
        figures["to"] = {"enum": [NEXT_SMALLER, *plans]}
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["kind", *figures],
        "properties": {"kind": {"const": kind.value}, **figures},
    }


def _list(words: list[str]) -> dict[str, Any]:
    return {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"enum": words}}
