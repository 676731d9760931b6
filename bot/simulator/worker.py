"""One worker of the simulator: simulates the seeds it is given, and writes a line for each."""

from __future__ import annotations

import argparse
import json
import logging
import sys
import tempfile
import traceback
import warnings
from datetime import date
from pathlib import Path
from typing import Any

import structlog

from bot import settings
from bot.logs import configure_logs
from bot.simulator.desk import DeskMaker
from bot.simulator.judge import broken_rules
from bot.simulator.simulate import simulate
from bot.simulator.sums import row_of
from bot.simulator.transcript import Conversation, written
from bot.simulator.verdict import Broken, Case

log = structlog.get_logger()

# A file system in memory, where there is one: nothing here has to survive anything.
IN_MEMORY = Path("/dev/shm")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bot.simulator.worker", description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--seeds", type=int, nargs=3, metavar=("FIRST", "END", "STEP"))
    parser.add_argument("--chats", action="store_true", help="write every chat, not only bad ones")
    asked = parser.parse_args()
    be_quiet()
    folder = IN_MEMORY if IN_MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=folder, prefix="simulated-desk-") as made:
        maker = DeskMaker(settings.load(), model=asked.model, folder=Path(made))
        write_line({"ready": True})
        for seed in range(*asked.seeds):
            write_line(_result(seed, maker, chats=asked.chats))
        maker.close()
    return 0


def _result(seed: int, maker: DeskMaker, *, chats: bool) -> dict[str, Any]:
    try:
        conversation = simulate(seed, maker)
        broken = broken_rules(Case(conversation, _profile(conversation, maker)))
    except Exception:
        # A fault must not hide those behind it; it is told as what it is, with its seed.
        log.exception("conversation_failed", seed=seed)
        return {"seed": seed, "crashed": traceback.format_exc()}
    chat = list(written(conversation)) if broken or chats else []
    return {"row": row_of(conversation, broken), "chat": [*chat, *map(_told, broken)]}


def _profile(conversation: Conversation, maker: DeskMaker) -> Any:
    jurisdiction = conversation.before["customer"]["jurisdiction"]
    began: date = conversation.exchanges[0].at.date()
    return maker.profiles.of(jurisdiction, began)


def _told(broken: Broken) -> str:
    return f"  {broken.rule} is broken at message {broken.at}: {broken.what}."


def write_line(line: dict[str, Any]) -> None:
    """Write one result to standard output, at once."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def be_quiet() -> None:
    """Standard output is for results, standard error for what a person must see."""
    configure_logs("ERROR")
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")


if __name__ == "__main__":
    sys.exit(main())
