"""Put the demo accounts back to how they began; open conversations are closed."""

from __future__ import annotations

import argparse

from bot import bootstrap, bootstrap_base, settings
from bot.errors import Refused, SetupError
from bot.integrations.clock import SystemClock
from bot.use_cases.load_demo_accounts import reset_demo_accounts
from bot.use_cases.reset_conversations import reset_conversations


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--reset",
        action="store_true",
        help="restore accounts, orders, invoices and concessions, and empty the queue",
    )


def run(arguments: argparse.Namespace) -> int:
    if not arguments.reset:
        raise SetupError("Nothing was asked for. Use: python -m bot demo --reset")
    using = settings.load()
    if using.in_production:
        raise Refused("The demo accounts are put back only in development mode.")
    bootstrap.prepare(using)
    clock = SystemClock()
    unit_of_work = bootstrap_base.unit_of_work(using)

    def close_conversations() -> None:
        reset_conversations(unit_of_work=unit_of_work, clock=clock)

    numbers = reset_demo_accounts(
        demo=bootstrap.demo_accounts(using), clock=clock, before=(close_conversations,)
    )
    print(f"{len(numbers)} demo accounts are back to how they began.")
    return 0
