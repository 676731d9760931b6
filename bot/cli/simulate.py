"""Simulate customers who talk to the real assistant, and judge every conversation by the rules."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from typing import Any

from bot import settings
from bot.cli.simulate_words import report_lines
from bot.errors import InvalidInput
from bot.simulator.sums import added_up
from bot.simulator.team import Team
from bot.supervisor.training import ensure_model

_EVERY_SECONDS = 5.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--conversations", type=int, default=900, help="how many (900)")
    parser.add_argument(
        "--seed", type=int, default=0, help="the first one's seed; each has its own"
    )
    parser.add_argument("--only", type=int, metavar="SEED", help="replay one, and show the chat")
    parser.add_argument("--chats", action="store_true", help="show every chat, not only bad ones")
    parser.add_argument("--json", action="store_true", help="the report as JSON")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)


def run(arguments: argparse.Namespace) -> int:
    if arguments.conversations < 1:
        raise InvalidInput("Simulate at least one conversation.")
    first, count = arguments.seed, arguments.conversations
    if arguments.only is not None:
        first, count = arguments.only, 1
    ours = settings.load()
    model = ensure_model(ours, say=_tell)
    team = Team(
        ours,
        model=model,
        seeds=range(first, first + count),
        processes=min(arguments.processes, count),
        all_chats=arguments.chats or arguments.only is not None,
    )
    begun, rows = time.monotonic(), []
    for result in _with_progress(team, count):
        rows.append(result["row"])
        if result["chat"]:
            print("\n".join(result["chat"]), end="\n\n", file=_chats_to(arguments))
    report = added_up(rows) | _speed(count, time.monotonic() - begun, team)
    print(json.dumps(report) if arguments.json else "\n".join(report_lines(report)))
    return 1 if report["violations"] else 0


def _with_progress(team: Team, count: int) -> Iterator[dict[str, Any]]:
    done = broken = 0
    told = time.monotonic()
    for result in team.results():
        done, broken = done + 1, broken + bool(result["row"]["broken"])
        yield result
        if time.monotonic() - told > _EVERY_SECONDS or done == count:
            told = time.monotonic()
            _tell(f"{done:>6,} of {count:,} conversations, {broken} with a broken rule")


def _speed(count: int, seconds: float, team: Team) -> dict[str, Any]:
    """`seconds` hold everything; the speed is counted from when the workers were ready."""
    working = max(seconds - team.seconds_to_begin, 0.001)
    return {
        "seconds": round(seconds, 1),
        "seconds_to_begin": round(team.seconds_to_begin, 1),
        "conversations_per_second": round(count / working, 2),
        "processes": team.processes,
    }


def _chats_to(arguments: argparse.Namespace) -> Any:
    """Standard output holds the report alone where a program reads it."""
    return sys.stderr if arguments.json else sys.stdout


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
