"""Compare this desk with stock Rasa on the same data, on this machine, in one run.

`python -m bench.speed` trains both, starts both (one after the other), lets 1, 4 and 16
conversations talk at once, and writes bench/results/speed.json and speed.md. Ours goes through the
whole gateway: a message is posted and the answer read as updates until the turn is done. Stock goes
through its REST webhook, with our action server. Everything stays on loopback and is bounded.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from bench import ours, stock
from bench.data import lay_out_data
from bench.load import TURNS_EACH, Caller, Say, one_after_another, talk
from bench.measure import machine, megabytes, running, seconds_to_finish, wait_for
from bench.report import Level, Side, level, write
from bot import settings
from bot.settings import ROOT, Settings
from bot.supervisor.ports import pick_free

LEVELS = (1, 4, 16)
TURNS_IN_ALL = 160
WARM_UP_TURNS = 8
RESULTS = ROOT / "bench" / "results"
TRAIN_WITHIN = 3600.0
READY_WITHIN = 300.0


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.speed", description=__doc__)
    parser.add_argument("--turns", type=int, default=TURNS_IN_ALL, help="turns in each level")
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument(
        "--examples", type=int, default=0, help="examples an intent both learn from; 0: all"
    )
    asked = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary:
        folder = Path(temporary)
        at = replace(ours.unlimited(folder), model_folder=folder / "models")
        for side in ("ours", "stock"):
            (folder / side).mkdir()
            learned = lay_out_data(folder / side, at_most=asked.examples)
        _say(f"Both learn from {learned} examples")
        mine, names = _measure_ours(at, folder, asked.turns)
        other = _measure_stock(at, folder, asked.turns, names)
    measured_on = {**machine(), "examples": learned}
    print(write(asked.results, ours=mine, stock=other, machine=measured_on))
    return 0


def _measure_ours(at: Settings, folder: Path, turns: int) -> tuple[Side, list[str]]:
    """Return our side, and conversations of the same accounts for stock to be used in."""
    environment = settings.as_environment(at)
    log = folder / "ours.log"
    _say("Training ours")
    train_seconds = seconds_to_finish(
        ours.train_command(at),
        log=log,
        within=TRAIN_WITHIN,
        folder=ours.lay_out(folder / "ours"),
        environment={**environment, "PYTHONPATH": str(ROOT)},
    )
    _say("Starting ours")
    with running(ours.run_command(), log=log, folder=ROOT, environment=environment) as process:
        ready = wait_for(lambda: ours.is_ready(at), within=READY_WITHIN, alive=process)
        levels = _talk(lambda count: ours.conversations(at, count), turns)
        memory = megabytes(*ours.part_pids(at))
        # As many as ours had, because stock's trackers must begin empty too.
        names = [v.conversation for v in ours.visitors(at, _conversations_in_all(turns))]
    return Side(round(train_seconds, 1), round(ready, 1), round(memory), levels), names


def _measure_stock(at: Settings, folder: Path, turns: int, names: list[str]) -> Side:
    environment = settings.as_environment(at)
    project, log = folder / "stock", folder / "stock.log"
    stock.lay_out(project, at)
    _say("Training stock Rasa (this takes many minutes)")
    train_seconds = seconds_to_finish(
        stock.train_command(), log=log, within=TRAIN_WITHIN, folder=project, environment=environment
    )
    _say("Starting stock Rasa")
    actions = [sys.executable, "-m", "actions"]
    port = pick_free(1)[0]
    started = time.monotonic()
    with (
        running(actions, log=log, folder=ROOT, environment=environment) as helping,
        running(
            stock.run_command(port), log=log, folder=project, environment=environment
        ) as process,
    ):
        caller = Caller(port)
        wait_for(lambda: stock.is_ready(caller), within=READY_WITHIN, alive=process)
        ready = time.monotonic() - started
        left = iter(names)
        levels = _talk(
            lambda count: [stock.conversation(port, next(left)) for _ in range(count)], turns
        )
        memory = megabytes(process.pid, helping.pid)
    return Side(round(train_seconds, 1), round(ready, 1), round(memory), levels)


def _talk(conversations: Callable[[int], list[Say]], turns: int) -> dict[int, Level]:
    measured = {}
    for count in LEVELS:
        talk(conversations(1), turns=WARM_UP_TURNS)
        each, lane = _lane(turns, count)
        lanes = [one_after_another(conversations(lane)) for _ in range(count)]
        measured[count] = level(talk(lanes, turns=each))
        _say(f"  {count} at once: {measured[count]}")
    return measured


def _lane(turns: int, count: int) -> tuple[int, int]:
    """Return how many turns one of `count` lanes has, and how many conversations that takes."""
    each = max(turns // count, 1)
    return each, -(-each // TURNS_EACH)


def _conversations_in_all(turns: int) -> int:
    return sum(1 + count * _lane(turns, count)[1] for count in LEVELS)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
