"""Make the data ready, start assistant, actions and gateway, and watch over them until Ctrl-C."""

from __future__ import annotations

import argparse
import logging
import sys

import structlog

from bot import settings
from bot.bootstrap import prepare
from bot.orphans import stop_with_parent
from bot.supervisor.desk import run_desk


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--stop-with-parent",
        action="store_true",
        help="also stop when the process that started this one is gone",
    )


def run(arguments: argparse.Namespace) -> int:
    def say(sentence: str) -> None:
        print(sentence, file=sys.stderr, flush=True)

    # The console is for people; the parts' own logs are in files.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    if arguments.stop_with_parent:
        stop_with_parent()
    run_desk(settings.load(), prepare=prepare, say=say)
    return 0
