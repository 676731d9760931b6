"""Measure how well messages are understood, beside stock Rasa where public data is given.

`python -m bench.understanding` cross-validates on our own data and asks the held-out messages.
`--public FOLDER` adds public sets: there ours (words alone, and with the encoder) and stock
Rasa learn the set's own examples, each in a process of its own on one core, in this run.
`--only-public` leaves our own data out, `--sets NAME …` all public sets but these.
Results go to bench/results/understanding.{md,json,svg}.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.measure import machine
from bench.understanding import report, rows
from bench.understanding.measures import Guess
from bench.understanding.ours import cross_validated, on_held_out, stress
from bot.encoder_files import find_encoder
from bot.settings import ROOT
from bot.understanding.engine import Engine

SIDES = ("words", "encoder", "stock")
RESULTS = ROOT / "bench" / "results"
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "RASA_TELEMETRY_ENABLED": "false",
    # What Rasa learned in an earlier run is learned again.
    "RASA_MAX_CACHE_SIZE": "0",
}


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.understanding", description=__doc__)
    parser.add_argument("--public", type=Path, help="the folder with the public sets")
    parser.add_argument("--only-public", action="store_true", help="leave our own data out")
    parser.add_argument(
        "--sets", nargs="+", choices=rows.PUBLIC.values(), default=[*rows.PUBLIC.values()]
    )
    parser.add_argument("--held-out", type=Path, help="other held-out messages than the tests'")
    parser.add_argument("--results", type=Path, default=RESULTS)
    asked = parser.parse_args(argv)
    document: dict[str, Any] = {"machine": machine()}
    tables = [] if asked.only_public else _measure_own(asked, document)
    report.write(asked.results, tables, document)
    # Stock Rasa learns a set for minutes: what is known is written after each of them.
    for table in _measure_public(asked, document) if asked.public else ():
        report.write(asked.results, [*tables, table], document)
    print((asked.results / "understanding.md").read_text(encoding="utf-8"))
    return 0


def _measure_own(asked: argparse.Namespace, document: dict[str, Any]) -> list[str]:
    folds = cross_validated(_say)
    _say("Fitting on everything")
    started = time.perf_counter()
    engine = Engine.fit(rows.our_examples(), lexicon=rows.our_lexicon(), encoder=find_encoder())
    fitted = time.perf_counter() - started
    held_out = on_held_out(rows.held_out(asked.held_out or rows.HELD_OUT), engine)
    columns = {
        name: {
            **report.intent_figures(of.guesses, of.strangers()),
            **of.summary(),
            **report.percentiles(of.seconds),
        }
        for name, of in {"cross-validated": folds, "held out": held_out}.items()
    }
    columns["held out"]["fit on everything (s)"] = fitted
    document["own"] = {**columns, "examples": len(folds.guesses), "held_out": len(held_out.guesses)}
    tables = [report.own_table(columns), report.confusion_table(folds.guesses)]
    asked.results.mkdir(parents=True, exist_ok=True)
    report.draw_confusions(folds.guesses, asked.results / "understanding.svg")
    if asked.public:
        _say("Wishes to leave other companies")
        document["wants_to_leave"] = stress(rows.wants_to_leave(asked.public), engine)
        tables.append(report.own_table({"wishes to leave others": document["wants_to_leave"]}))
    return tables


def _measure_public(asked: argparse.Namespace, document: dict[str, Any]) -> Iterator[str]:
    """Yield the table of all sets measured so far, after each."""
    measured: list[dict[str, Any]] = []
    document["public"] = measured
    for one in rows.public_sets(asked.public, asked.sets):
        figures = {side: _side(one, side) for side in SIDES}
        measured.append({"name": one.name, "examples": len(one.train), **figures})
        yield report.public_table(measured)


def _side(one: rows.PublicSet, side: str) -> dict[str, float]:
    _say(f"{one.name}: {side} learns {len(one.train)} examples and answers {len(one.test)}")
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary:
        given, result = Path(temporary) / "in.json", Path(temporary) / "out.json"
        given.write_text(json.dumps({"train": one.train, "test": one.test}), encoding="utf-8")
        command = [sys.executable, "-W", "ignore", "-m", "bench.understanding.sides", side]
        started = time.perf_counter()
        done = subprocess.run(
            [*_on_one_core(), *command, str(given), str(result)],
            cwd=ROOT,
            env={**os.environ, **ONE_THREAD},
            capture_output=True,
            text=True,
            check=False,
        )
        whole = time.perf_counter() - started
        if done.returncode:
            raise RuntimeError(f"{side} failed on {one.name}:\n{done.stderr[-2000:]}")
        answered = json.loads(result.read_text(encoding="utf-8"))
    guesses = [
        Guess(right, said, confidence)
        for (_text, right), (said, confidence) in zip(one.test, answered["guesses"], strict=True)
    ]
    return {
        **report.intent_figures(guesses, guesses),
        "fit (s)": answered["fit_seconds"],
        "training, whole process (s)": whole - sum(answered["times"]) - answered["load_seconds"],
        "load (s)": answered["load_seconds"],
        **report.percentiles(answered["times"]),
        "memory (MB)": answered["memory_mb"],
    }


def _on_one_core() -> list[str]:
    return ["taskset", "--cpu-list", "0"] if sys.platform == "linux" else []


def _say(line: str) -> None:
    print(f"{line} …", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
