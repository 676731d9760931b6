"""Check a receipt file offline: whether it is word for word what the desk sealed."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot import bootstrap, settings
from bot.errors import InvalidInput
from bot.integrations.receipt_seal import check_seal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    verify = commands.add_parser("verify", help="say whether a receipt file is genuine")
    verify.add_argument("file", type=Path, help="the file saved from a receipt's page")
    verify.add_argument("--key", help="the sender's key; without it, this installation's own")
    commands.add_parser("key", help="print the key by which others check our receipts")


def run(arguments: argparse.Namespace) -> int:
    if arguments.what == "key":
        print(_own_key())
        return 0
    receipt = check_seal(_text(arguments.file), key=arguments.key or _own_key())
    print("This receipt is genuine and unchanged.", file=sys.stderr)
    print(receipt["title"])
    for label, value in receipt["lines"]:
        print(f"{label}: {value}")
    return 0


def _own_key() -> str:
    return bootstrap.receipt_seal(settings.load()).public_key


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise InvalidInput(f"{path} cannot be read. Name the file you saved.") from None
