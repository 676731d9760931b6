"""The benchmark's arithmetic: percentiles by nearest rank, ratios ours against stock's."""

from __future__ import annotations

import json
import threading

import pytest

from bench.load import TALK, TURNS_EACH, one_after_another, talk
from bench.measure import Latencies
from bench.report import Side, level, table, write

TURNS = Latencies(turns=tuple(n / 1000 for n in range(1, 101)), elapsed=4.0, unanswered=1)


@pytest.mark.parametrize(("percent", "milliseconds"), [(1, 1), (50, 50), (95, 95), (100, 100)])
def test_a_percentile_is_the_nearest_rank(percent, milliseconds):
    assert TURNS.percentile(percent) == milliseconds / 1000


def test_one_turn_is_every_percentile():
    assert Latencies((0.2,), 1.0, 0).percentile(50) == 0.2


def test_a_level_is_in_milliseconds_and_turns_a_second():
    measured = level(TURNS)
    assert (measured.p50_ms, measured.p95_ms, measured.per_second) == (50.0, 95.0, 25.0)
    assert (measured.turns, measured.unanswered) == (100, 1)


def test_the_table_shows_both_sides_and_their_ratio(tmp_path):
    ours = Side(10.0, 20.0, 700, {1: level(TURNS)})
    stock = Side(200.0, 40.0, 1400, {1: level(Latencies((0.2,), 0.2, 0))})
    on = {"cores": 2, "examples": 40}
    shown = write(tmp_path, ours=ours, stock=stock, machine=on)
    assert "| training, whole process (s) | 10.0 | 200 | 0.05 |" in shown
    assert "| 1 conversation: p50 of a turn (ms) | 50.0 | 200 | 0.25 |" in shown
    assert shown == table(ours, stock, on) == (tmp_path / "speed.md").read_text()
    assert json.loads((tmp_path / "speed.json").read_text())["ours"]["memory_mb"] == 700


def test_conversations_talk_at_the_same_time_and_each_in_order():
    heard: list[list[str]] = [[], []]
    met = threading.Barrier(2, timeout=5)  # breaks unless both are in a turn at once

    def conversation(number: int):
        def say(text: str) -> int:
            met.wait()
            heard[number].append(text)
            return 1 - number

        return say

    measured = talk([conversation(0), conversation(1)], turns=3)
    assert heard == [list(TALK[0:3]), list(TALK[1:4])]
    assert len(measured.turns) == 6
    assert measured.unanswered == 3


def test_a_lane_takes_a_new_conversation_after_a_few_turns():
    heard: list[str] = []
    first, second = (lambda text, n=name: heard.append(n) or 1 for name in ("first", "second"))
    lane = one_after_another([first, second])
    assert [lane("hello") for _ in range(TURNS_EACH + 1)] == [1] * (TURNS_EACH + 1)
    assert heard == ["first"] * TURNS_EACH + ["second"]
