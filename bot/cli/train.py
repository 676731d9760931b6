"""Train a model, if there is none for the current data."""

from __future__ import annotations

import argparse
import sys

from bot import settings
from bot.supervisor.training import ensure_model


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--anew", action="store_true", help="even if there is one already")


def run(arguments: argparse.Namespace) -> int:
    def say(sentence: str) -> None:
        print(sentence, file=sys.stderr, flush=True)

    print(ensure_model(settings.load(), say=say, anew=arguments.anew))
    return 0
