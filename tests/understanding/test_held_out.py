"""Messages that were never trained on are understood well enough.

`held_out.jsonl` was written apart from the training data and is not read while that grows, only
scored. `looked_at.jsonl` holds such sets of old; their mistakes have been read since. The floors
lie a little under what was measured; they are raised with the engine, and lowered only where
harder messages were added to `looked_at.jsonl`.
"""

import json
from collections import Counter
from datetime import date
from functools import lru_cache

import pytest

from bot.settings import ROOT
from bot.understanding.parsed import LEAVING
from tests.understanding.engines import engine

KINDS = (
    "duration", "date", "money", "plan", "order_number", "subscription", "competitor",
)  # fmt: skip
SETS = ("held_out", "looked_at")
FLOORS = {
    "intents": {"held_out": 0.96, "looked_at": 0.975},
    "wishes heard": {"held_out": 0.98, "looked_at": 0.99},
    "wishes not overheard": {"held_out": 0.97, "looked_at": 0.985},
    "reasons": {"held_out": 0.895, "looked_at": 0.89},
    "reasons, each": {"held_out": 0.85, "looked_at": 0.86},
    "entities": {"held_out": 0.95, "looked_at": 0.99},
    "hardship": {"held_out": 0.97, "looked_at": 0.98},
    "hardship not overheard": {"held_out": 0.945, "looked_at": 0.98},
}


@lru_cache(maxsize=2)
def messages(name):
    """Rows of (what is right, what was understood)."""
    path = ROOT / f"tests/understanding/{name}.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(rows) >= 400
    return [
        (row, engine().parse(row["text"], today=date.fromisoformat(row["today"]))) for row in rows
    ]


def f1(pairs):
    """F1 over all (right, said) sets."""
    both = sum(len(right & said) for right, said in pairs)
    return 2 * both / sum(len(right) + len(said) for right, said in pairs)


@pytest.mark.parametrize("name", SETS)
def test_intents_are_right(name):
    right = [row["intent"] == understood.intent for row, understood in messages(name)]
    assert sum(right) / len(right) >= FLOORS["intents"][name]


@pytest.mark.parametrize("name", SETS)
def test_a_wish_to_leave_is_heard_and_not_overheard(name):
    wished = [(row["intent"] in LEAVING, said.intent in LEAVING) for row, said in messages(name)]
    hits = sum(right and said for right, said in wished)
    assert hits / sum(right for right, _ in wished) >= FLOORS["wishes heard"][name]
    assert hits / sum(said for _, said in wished) >= FLOORS["wishes not overheard"][name]


@pytest.mark.parametrize("name", SETS)
def test_reasons_are_named(name):
    pairs = [(set(row["reasons"]), set(said.reasons)) for row, said in messages(name)]
    assert f1(pairs) >= FLOORS["reasons"][name]
    seen = Counter(reason for right, _ in pairs for reason in right)
    each = [
        f1([(right & {reason}, said & {reason}) for right, said in pairs])
        for reason in sorted(seen)
    ]
    assert sum(each) / len(each) >= FLOORS["reasons, each"][name]


@pytest.mark.parametrize("name", SETS)
def test_entities_have_the_right_values(name):
    pairs = [
        (
            {(entity["entity"], str(entity["value"])) for entity in row["entities"]},
            {(e.entity, str(e.value)) for e in said.entities if e.entity in KINDS},
        )
        for row, said in messages(name)
    ]
    assert f1(pairs) >= FLOORS["entities"][name]


@pytest.mark.parametrize("name", SETS)
def test_hardship_is_heard_and_nothing_else_taken_for_it(name):
    known = [(row, said) for row, said in messages(name) if "hardship" in row]
    hard = [said.signals.hardship for row, said in known if row["hardship"]]
    assert len(hard) >= 35
    assert sum(hard) / len(hard) >= FLOORS["hardship"][name]
    heard = [row["hardship"] for row, said in known if said.signals.hardship]
    assert sum(heard) / len(heard) >= FLOORS["hardship not overheard"][name]


@pytest.mark.parametrize("name", SETS)
def test_nobody_who_stays_is_heard_to_insist(name):
    staying = {"affirm", "greet", "thank", "keep_subscription", "ask_plan", "request_pause"}
    others = [said for row, said in messages(name) if row["intent"] in staying]
    assert len(others) > 20
    # Counted, not shown: who mends this must not read the held-out set.
    assert sum(said.signals.insisting for said in others) <= (name == "held_out")
