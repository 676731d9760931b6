"""Say which parts are running and how they are; the exit code is 0 when all are ready."""

from __future__ import annotations

import argparse
import json

from bot import settings
from bot.supervisor.running import ask_all


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    answers = ask_all(settings.load())
    if arguments.json:
        said = {name: {"status": a.status, "says": a.body} for name, a in answers.items()}
        print(json.dumps(said))
    else:
        for name, answer in answers.items():
            how = "ready" if answer.ready else f"not ready ({answer.status})"
            print(f"{name:<10} {how if answer.status else 'not running'}")
    return 0 if all(answer.ready for answer in answers.values()) else 1
