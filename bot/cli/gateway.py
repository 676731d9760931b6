"""Start the gateway alone; `python -m bot run` starts it with everything it needs."""

from __future__ import annotations

import argparse
from dataclasses import replace

from bot import settings
from bot.gateway.main import run_gateway


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, help="listen here instead of at DESK_PORT")


def run(arguments: argparse.Namespace) -> int:
    using = settings.load()
    run_gateway(using if arguments.port is None else replace(using, port=arguments.port))
    return 0
