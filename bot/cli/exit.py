"""Prove the exit: explore every reachable state of the dialogue, and check the rules in each."""

from __future__ import annotations

import argparse
import gc
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import date

from bot import bootstrap, bootstrap_proof, settings
from bot.cli.exit_words import violation_lines
from bot.errors import InvalidInput
from bot.integrations.clock import SystemClock
from bot.integrations.proof_note import ProofNote
from bot.orphans import stop_with_parent
from bot.retention.proof.place import Beginning
from bot.retention.proof.rules import NUMBERS
from bot.use_cases.prove_exit import Proved, prove, shortest


def add_arguments(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    proof = commands.add_parser("prove", help="check the exit rules in every reachable state")
    proof.add_argument("--date", type=_day, help="a day such as 2027-04-01; without it, today")
    proof.add_argument("--account", help="only beginnings whose title holds this, such as A-1001")
    proof.add_argument("--deepest", type=int, help="only the first so many moves, and one more")
    proof.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    proof.add_argument(
        "--unless-proved",
        action="store_true",
        help="not again where these very files were proved here this week",
    )


def run(arguments: argparse.Namespace) -> int:
    on = arguments.date or SystemClock().now().date()
    note = ProofNote(settings.ROOT, settings.load().state_folder)
    # Taken before the walk: what is changed meanwhile was not walked.
    digest = note.digest(on)
    if arguments.unless_proved and note.stands(digest, arguments.deepest):
        print("These very files were proved here this week; nothing is walked again.")
        return 0
    beginnings = bootstrap_proof.proof_beginnings(settings.load(), on=on)
    titles = [
        beginning.title
        for beginning in sorted(beginnings, key=_width, reverse=True)
        if not arguments.account or arguments.account in beginning.title
    ]
    if not titles:
        raise InvalidInput(f"No beginning holds {arguments.account!r} in its title.")
    begun, proved = time.monotonic(), []
    for one in _proved(titles, on, arguments.deepest, arguments.processes):
        proved.append(one)
        print(_progress(one, len(proved), len(titles)), file=sys.stderr, flush=True)
    broken, word = shortest(proved), bootstrap.wording().render
    for violation in broken:
        print("\n".join(violation_lines(violation, word)), end="\n\n")
    states, moves = sum(one.states for one in proved), sum(one.transitions for one in proved)
    print(f"{states:,} states and {moves:,} transitions, as of {on}: {_seconds(begun)}.")
    print(f"Rules checked in each: {', '.join(NUMBERS)}.")
    print(f"Broken: {', '.join(violation.rule for violation in broken) or 'none'}.")
    if not (broken or arguments.account):
        note.write(digest, arguments.deepest)
    return 1 if broken else 0


def _width(beginning: Beginning) -> int:
    """The widest walks are begun first, so that no process is left alone with one."""
    return len(beginning.ledger.history(beginning.now).subscriptions)


def _proved(titles: list[str], on: date, deepest: int | None, processes: int) -> Iterator[Proved]:
    """Yield what every beginning came to, in the order in which they come to an end."""
    if processes <= 1 or len(titles) == 1:
        yield from (_prove(title, on, deepest) for title in titles)
        return
    with ProcessPoolExecutor(max_workers=processes, initializer=_begin) as pool:
        running = [pool.submit(_prove, title, on, deepest) for title in titles]
        yield from (done.result() for done in as_completed(running))


def _begin() -> None:
    """Make a process ready to prove."""
    # Who is killed cannot tell its helpers to end; they would wait for ever.
    stop_with_parent()
    # Places hold no cycles, and looking for some among so many takes an eighth of the time.
    gc.disable()


def _prove(title: str, on: date, deepest: int | None) -> Proved:
    """Prove one beginning, in whichever process: its books are made there."""
    beginnings = bootstrap_proof.proof_beginnings(settings.load(), on=on)
    beginning = next(beginning for beginning in beginnings if beginning.title == title)
    return prove(beginning, deepest=deepest)


def _progress(one: Proved, done: int, of: int) -> str:
    verdict = "" if not one.violations else f"  BROKEN: {', '.join(v.rule for v in one.violations)}"
    counts = f"{one.states:>7,} states {one.transitions:>9,} transitions"
    return f"{done:>3} of {of} {counts}  {one.title}{verdict}"


def _seconds(begun: float) -> str:
    return f"{time.monotonic() - begun:.0f} seconds"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"{text} is no day. Write it as 2027-04-01.") from None
