"""List every setting with its kind, its default and what it means."""

from __future__ import annotations

import argparse
import sys

from bot import settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take no arguments."""


def run(arguments: argparse.Namespace) -> int:
    sys.stdout.write(settings.describe())
    return 0
