"""Show the tickets left for agents, oldest first."""

from __future__ import annotations

import argparse
import json
from typing import Any

from bot import bootstrap, settings
from bot.use_cases.list_tickets import list_tickets


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="with summaries, as JSON")


def run(arguments: argparse.Namespace) -> int:
    tickets = list_tickets(views=bootstrap.views(settings.load()))
    if arguments.json:
        print(json.dumps(tickets, indent=2))
    else:
        print("\n".join(map(_line, tickets)) or "There are no tickets.")
    return 0


def _line(ticket: dict[str, Any]) -> str:
    return (
        f"{ticket['id']}  {ticket['created_at']}, {ticket['status']}, "
        f"{ticket['account'] or 'a visitor'}, {ticket['reason']}, to {ticket['contact']}"
    )
