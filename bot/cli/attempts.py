"""Show an account's save attempts with their decisions, oldest first."""

from __future__ import annotations

import argparse
import json
from typing import Any

from bot import bootstrap, settings
from bot.integrations.clock import SystemClock
from bot.use_cases.show_attempts import show_attempts


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--account", required=True, help="an account number, such as A-1001")
    parser.add_argument("--all", action="store_true", help="also from before the last demo reset")
    parser.add_argument("--json", action="store_true", help="the whole records as JSON")


def run(arguments: argparse.Namespace) -> int:
    loaded = settings.load()
    # A mistyped number must not read as "no attempts".
    bootstrap.billing(loaded).history(arguments.account, now=SystemClock().now())
    attempts = show_attempts(
        arguments.account, everything=arguments.all, views=bootstrap.views(loaded)
    )
    if arguments.json:
        print(json.dumps(attempts, indent=2))
    else:
        print("\n".join(map(_line, attempts)) or "There are no save attempts.")
    return 0


def _line(attempt: dict[str, Any]) -> str:
    offers = ", ".join(f"{offer['kind']} {offer['answer']}" for offer in attempt["offers"])
    return (
        f"{attempt['opened_at']}  {attempt['about']}, {attempt['reason'] or 'no reason'}, "
        f"{attempt['outcome'] or 'open'}; offers: {offers or 'none'}"
    )
