"""The desk's benchmark: when a message was seen, who writes next, and what is kept of a run."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from bench.desk import _spread
from bench.desk_report import Run, table, write
from bench.feeds import Sightings
from bench.measure import Latencies

LOAD = {"cores_busy": 1.94, "cores_busy_with_the_desk": 0.61}
ASKED = {"sockets": 200, "agents": 20, "rate": 20}
RUN = Run.of(
    Latencies(tuple(n / 1000 for n in range(1, 101)), 5.0, 0), unseen=0, asked=ASKED, load=LOAD
)


def a_frame(sender: str, seq: int, **about: str) -> dict[str, Any]:
    return {"type": "message", **about, "message": {"from": sender, "seq": seq}}


def test_a_message_is_seen_when_it_first_comes_to_the_other_side():
    seen = Sightings()
    customer: Any = SimpleNamespace(live="/api/conversations/c1/live", reads="agent")
    agent: Any = SimpleNamespace(live="/api/desk/live", reads="customer")
    seen.take(a_frame("agent", 2), customer)
    first = seen.at["c1", 2]
    seen.take(a_frame("agent", 2), customer)
    seen.take(a_frame("customer", 3), customer)
    seen.take({"type": "state", "idle": True}, customer)
    seen.take(a_frame("customer", 3, conversation="c1"), agent)
    assert set(seen.at) == {("c1", 2), ("c1", 3)}
    assert seen.at["c1", 2] == first
    assert seen.frames == 5


def test_one_agents_conversations_follow_each_other_as_late_as_they_can():
    pairs: Any = [(agent, number) for agent in ("kim", "ada") for number in range(3)]
    assert [agent for agent, _ in _spread(pairs)] == ["kim", "ada"] * 3
    assert sorted(_spread(pairs)) == sorted(pairs)


def test_the_goal_is_missed_by_slow_messages_and_by_lost_ones():
    assert (RUN.p50_ms, RUN.p95_ms, RUN.p99_ms, RUN.messages) == (50.0, 95.0, 99.0, 100)
    assert RUN.goal_met
    assert not replace(RUN, p95_ms=300.1).goal_met
    assert not replace(RUN, unseen=1).goal_met


def test_runs_on_different_databases_stand_side_by_side(tmp_path):
    write(tmp_path, "sqlite", RUN, machine={"cores": 2})
    shown = write(tmp_path, "postgresql", replace(RUN, p95_ms=42.0), machine={"cores": 2})
    write(tmp_path, "sqlite", RUN, machine={"cores": 2})
    kept = json.loads((tmp_path / "desk.json").read_text())["runs"]
    assert shown == table({name: Run(**one) for name, one in kept.items()})
    assert (
        "| sqlite, 200 sockets, 20 messages a second | 100 | 50.0 | 95.0 | 99.0 | 0 | 1.9, 0.6 |"
        in shown
    )
    assert "| postgresql, 200 sockets" in shown
