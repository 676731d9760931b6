"""Show who waits for a person, longest waiting first."""

from __future__ import annotations

import argparse
import json
from typing import Any

from bot import bootstrap, settings
from bot.use_cases.list_queue import list_queue


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="with summaries, as JSON")


def run(arguments: argparse.Namespace) -> int:
    waiting = list_queue(views=bootstrap.views(settings.load()))
    if arguments.json:
        print(json.dumps(waiting, indent=2))
    else:
        print("\n".join(map(_line, waiting)) or "Nobody waits.")
    return 0


def _line(waiting: dict[str, Any]) -> str:
    left = ", left the chat" if waiting["customer_left"] else ""
    return (
        f"{waiting['waiting_since']}  {waiting['account'] or 'a visitor'}, {waiting['reason']}, "
        f"{waiting['holder']}, conversation {waiting['conversation']}{left}"
    )
