"""Start the gateway alone; `python -m bot run` starts it with everything it needs."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from bot import settings
from bot.gateway.main import run_gateway
from bot.integrations.assistant_note import AssistantNote


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, help="listen here instead of at DESK_PORT")
    parser.add_argument(
        "--assistant-note",
        type=Path,
        help="the file that names the assistant, instead of DESK_ASSISTANT_URL",
    )


def run(arguments: argparse.Namespace) -> int:
    using = settings.load()
    note = AssistantNote(arguments.assistant_note) if arguments.assistant_note else None
    run_gateway(using if arguments.port is None else replace(using, port=arguments.port), note=note)
    return 0
