"""Raise the check-ins that are due: each is told once, on the site or by mail, and seldom."""

from __future__ import annotations

import argparse
import json
from datetime import date, datetime, time, timezone
from typing import Any

from bot import bootstrap_check_ins, settings
from bot.integrations.clock import SystemClock
from bot.use_cases.raise_check_ins import Raised, raise_check_ins

# The hour that a named day is looked at; a mail is quiet or not by the customer's own clock.
_NOON = time(12)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--date", type=date.fromisoformat, help="as of noon (UTC) of another day")
    parser.add_argument("--dry-run", action="store_true", help="show what would be, do nothing")
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(arguments: argparse.Namespace) -> int:
    day = arguments.date
    now = datetime.combine(day, _NOON, timezone.utc) if day else SystemClock().now()
    desk = bootstrap_check_ins.check_in_desk(settings.load())
    found = raise_check_ins(desk=desk, now=now, dry_run=arguments.dry_run)
    if arguments.json:
        print(json.dumps([_document(one) for one in found], indent=2))
    else:
        print("\n".join(map(_line, found)) or "There is no occasion.")
    return 0


def _document(one: Raised) -> dict[str, Any]:
    return {
        "account": one.check_in.account,
        "kind": one.check_in.kind.value,
        "about": one.check_in.about,
        "key": one.check_in.key,
        "way": one.way,
        "why_not": one.why_not,
    }


def _line(one: Raised) -> str:
    outcome = f"by {one.way}" if one.way else f"not told: {(one.why_not or '').replace('_', ' ')}"
    return f"{one.check_in.account}  {one.check_in.kind.value}, {one.check_in.about}: {outcome}"
