"""What `bench.desk` measured, as JSON by database and as one table for people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.measure import Latencies

GOAL_MS = 300
HEAD = (
    "| from send to seen | messages | p50 (ms) | p95 (ms) | p99 (ms) | never seen "
    "| cores busy: all, the desk |\n| --- | --: | --: | --: | --: | --: | --: |"
)


@dataclass(frozen=True)
class Run:
    """One run on one database; times in milliseconds, `load` as the machine had it meanwhile."""

    sockets: int
    agents: int
    rate: int
    messages: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    unseen: int
    load: Mapping[str, float]

    @classmethod
    def of(
        cls,
        measured: Latencies,
        *,
        unseen: int,
        asked: Mapping[str, Any],
        load: Mapping[str, float],
    ) -> Run:
        """Sum up what was measured; `asked` names at least sockets, agents and rate."""
        p50, p95, p99 = (round(measured.percentile(of) * 1000, 1) for of in (50, 95, 99))
        made = (asked["sockets"], asked["agents"], asked["rate"])
        return cls(*made, len(measured.turns) + unseen, p50, p95, p99, unseen, dict(load))

    @property
    def goal_met(self) -> bool:
        return self.p95_ms <= GOAL_MS and not self.unseen


def write(folder: Path, database: str, run: Run, *, machine: Mapping[str, object]) -> str:
    """Put this run beside those on other databases in `desk.json`, and return the table.

    The table is written to `desk.md` as well.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "desk.json"
    said = json.loads(kept.read_text()) if kept.exists() else {"runs": {}}
    said = {"machine": dict(machine), "runs": {**said["runs"], database: asdict(run)}}
    kept.write_text(json.dumps(said, indent=2) + "\n")
    shown = table({name: Run(**one) for name, one in said["runs"].items()})
    (folder / "desk.md").write_text(shown)
    return shown


def table(runs: Mapping[str, Run]) -> str:
    """Return the Markdown table of the newest run on each database."""
    return "\n".join([HEAD, *(_row(name, runs[name]) for name in sorted(runs))]) + "\n"


def _row(database: str, run: Run) -> str:
    what = f"{database}, {run.sockets} sockets, {run.rate} messages a second"
    busy = f"{run.load['cores_busy']:.1f}, {run.load['cores_busy_with_the_desk']:.1f}"
    cells = (run.messages, run.p50_ms, run.p95_ms, run.p99_ms, run.unseen, busy)
    return f"| {what} | {' | '.join(str(cell) for cell in cells)} |"
