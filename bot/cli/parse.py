"""Show what the current model understands: one text a line in, one JSON object a line out."""

from __future__ import annotations

import argparse
import json
import sys

from bot import settings
from bot.integrations.model_files import newest_model, parse_lines
from bot.model_files import model_path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="everything understood, as JSON")


def run(arguments: argparse.Namespace) -> int:
    # Not every terminal or pipe is UTF-8 by itself, and what customers type is.
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    using = settings.load()
    current = model_path(using)
    if not current.exists():
        current = newest_model(using.model_folder)
        print(f"The data has changed since {current.name} was trained.", file=sys.stderr)
    lines = (line.rstrip("\r\n") for line in sys.stdin)
    for parsed in parse_lines(lines, current):
        if arguments.json:
            print(json.dumps(parsed, ensure_ascii=False), flush=True)
            continue
        found = ", ".join(f"{e['entity']}={e['value']}" for e in parsed["entities"])
        print(f"{parsed['intent']} {parsed['confidence']:.2f}  {found}", flush=True)
    return 0
