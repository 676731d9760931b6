"""Hand-written messages that were never trained on are understood well enough.

The floors lie a little under what was measured; they are raised, never lowered, with the engine.
"""

import json
from functools import lru_cache

from bot.settings import ROOT
from bot.understanding.parsed import LEAVING
from tests.understanding.engines import parse

KINDS = (
    "duration", "date", "money", "plan", "order_number", "subscription", "competitor",
)  # fmt: skip


@lru_cache(maxsize=1)
def held_out():
    """Rows of (what is right, what was understood)."""
    path = ROOT / "tests/understanding/held_out.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(rows) >= 400
    return [(row, parse(row["text"])) for row in rows]


def f1(pairs):
    """F1 over all (right, said) sets."""
    both = sum(len(right & said) for right, said in pairs)
    return 2 * both / sum(len(right) + len(said) for right, said in pairs)


def test_intents_are_right():
    right = [row["intent"] == understood.intent for row, understood in held_out()]
    assert sum(right) / len(right) >= 0.90


def test_a_wish_to_leave_is_heard_and_not_overheard():
    wished = [(row["intent"] in LEAVING, said.intent in LEAVING) for row, said in held_out()]
    hits = sum(right and said for right, said in wished)
    assert hits / sum(right for right, _ in wished) >= 0.93
    assert hits / sum(said for _, said in wished) >= 0.95


def test_reasons_are_named():
    assert f1([(set(row["reasons"]), set(said.reasons)) for row, said in held_out()]) >= 0.85


def test_entities_have_the_right_values():
    pairs = [
        (
            {(entity["entity"], entity["value"]) for entity in row["entities"]},
            {(e.entity, e.value) for e in said.entities if e.entity in KINDS},
        )
        for row, said in held_out()
    ]
    assert f1(pairs) >= 0.96


def test_hardship_is_heard():
    hard = [said for row, said in held_out() if row["intent"] == "express_hardship"]
    assert len(hard) > 10
    assert sum(said.signals.hardship for said in hard) / len(hard) >= 0.97


def test_nobody_who_stays_is_heard_to_insist():
    staying = {"affirm", "greet", "thank", "keep_subscription", "ask_plan", "request_pause"}
    others = [said for row, said in held_out() if row["intent"] in staying]
    assert len(others) > 40
    assert [said.text for said in others if said.signals.insisting] == []
