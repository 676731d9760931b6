"""Simulate policies: who would be offered what under a candidate, what it costs, whom it keeps."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import date, datetime, time, timezone
from pathlib import Path

from bot import bootstrap, settings
from bot.cli.simulation_words import simulation_lines
from bot.errors import InvalidInput
from bot.integrations.clock import SystemClock
from bot.use_cases.simulate_policies import simulate_generated, simulate_recorded

_MOST = 1_000_000
_TOLD_EVERY = 10  # hundredths


def add_arguments(parser: argparse.ArgumentParser) -> None:
    attempts = parser.add_mutually_exclusive_group(required=True)
    attempts.add_argument(
        "--from", dest="begin", type=_day, help="replay what was recorded since a day"
    )
    attempts.add_argument("--generated", type=int, metavar="N", help="replay N made-up attempts")
    parser.add_argument(
        "--candidate", type=Path, required=True, help="a folder like data/retention to compare"
    )
    parser.add_argument("--seed", type=int, default=1, help="which made-up attempts; 1 if not said")
    parser.add_argument("--json", action="store_true", help="the whole comparison as JSON")


def run(arguments: argparse.Namespace) -> int:
    using, now = settings.load(), SystemClock().now()
    bootstrap.prepare(using)  # plans are the billing system's
    current = bootstrap.rules(using)
    candidate = bootstrap.rules(using, policy_folder=arguments.candidate)
    if arguments.begin is not None:
        begin = datetime.combine(arguments.begin, time(), timezone.utc)
        found = simulate_recorded(
            bootstrap.past_cases(using),
            begin=begin,
            current=current,
            candidate=candidate,
            now=now,
            on_case=_progress(),
        )
    else:
        if not 1 <= arguments.generated <= _MOST:
            raise InvalidInput(f"Generate 1 to {_MOST:,} attempts.")
        found = simulate_generated(
            arguments.generated,
            seed=arguments.seed,
            current=current,
            candidate=candidate,
            now=datetime.combine(now.date(), time(), timezone.utc),  # the same all day long
            on_case=_progress(),
        )
    if arguments.json:
        print(json.dumps(found, indent=2))
    else:
        print("\n".join(simulation_lines(found)))
    return 0


def _progress() -> Callable[[int, int], None]:
    told = 0

    def on_case(done: int, of: int) -> None:
        nonlocal told
        percent = 100 * done // of
        if percent >= told + _TOLD_EVERY or done == of:
            told = percent
            print(f"{done:,} of {of:,} attempts replayed", file=sys.stderr, flush=True)

    return on_case


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"{text} is no day. Write it as 2027-04-01.") from None
