"""What was measured, as a table for people and as JSON for later comparison."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bench.measure import Latencies

HEAD = (
    "| {cores} cores, one run, both taught {examples} examples | Save Desk | stock Rasa | ratio |\n"
    "| --- | --: | --: | --: |"
)


@dataclass(frozen=True)
class Level:
    """One number of conversations at once; times in milliseconds."""

    p50_ms: float
    p95_ms: float
    per_second: float
    turns: int
    unanswered: int


@dataclass(frozen=True)
class Side:
    """One side's results; `levels` by the number of conversations at once."""

    train_seconds: float
    ready_seconds: float
    memory_mb: float
    levels: Mapping[int, Level] = field(default_factory=dict)


def level(measured: Latencies) -> Level:
    return Level(
        p50_ms=round(measured.percentile(50) * 1000, 1),
        p95_ms=round(measured.percentile(95) * 1000, 1),
        per_second=round(measured.per_second, 1),
        turns=len(measured.turns),
        unanswered=measured.unanswered,
    )


def table(ours: Side, stock: Side, on: Mapping[str, object]) -> str:
    """Return the Markdown table; a ratio is ours against stock's, so below 1 means less."""
    rows = [
        _row("training, whole process (s)", ours.train_seconds, stock.train_seconds),
        _row("start until ready (s)", ours.ready_seconds, stock.ready_seconds),
        _row("memory, all processes (MB)", ours.memory_mb, stock.memory_mb),
    ]
    for count, mine in ours.levels.items():
        other = stock.levels[count]
        at = f"{count} conversation{'s' if count > 1 else ''}"
        rows += [
            _row(f"{at}: p50 of a turn (ms)", mine.p50_ms, other.p50_ms),
            _row(f"{at}: p95 of a turn (ms)", mine.p95_ms, other.p95_ms),
            _row(f"{at}: turns a second", mine.per_second, other.per_second),
        ]
    return "\n".join([HEAD.format(**on), *rows]) + "\n"


def write(folder: Path, *, ours: Side, stock: Side, machine: Mapping[str, object]) -> str:
    """Write `speed.json` and `speed.md` into `folder` and return the table.

    `machine` says what it was measured on: at least `cores`, and how many `examples` were learned.
    """
    folder.mkdir(parents=True, exist_ok=True)
    said = {"machine": dict(machine), "ours": asdict(ours), "stock": asdict(stock)}
    (folder / "speed.json").write_text(json.dumps(said, indent=2) + "\n")
    shown = table(ours, stock, machine)
    (folder / "speed.md").write_text(shown)
    return shown


def _row(what: str, ours: float, stock: float) -> str:
    ratio = f"{ours / stock:.2f}" if stock else "–"
    return f"| {what} | {_number(ours)} | {_number(stock)} | {ratio} |"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"
