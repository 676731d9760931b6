"""A worker process for tests: takes a turn, says so, and works on it until it is killed."""

from __future__ import annotations

import sys
import time
from datetime import timedelta

from bot.integrations.clock import SystemClock
from bot.storage.engine import make_engine
from bot.use_cases.ports import Asked
from bot.use_cases.run_turn import run_turn
from bot.use_cases.switchboard import Limits
from tests.switchboards import Line


def work(database_url: str, conversation: str, moment: str) -> None:
    line = Line(make_engine(database_url), SystemClock(), Limits(lease=timedelta(seconds=1)))

    def stop_here(asked: Asked) -> None:
        print("taken", flush=True)
        time.sleep(60)

    setattr(line.assistant, moment, stop_here)
    run_turn(conversation, switchboard=line.switchboard)


if __name__ == "__main__":
    work(*sys.argv[1:])
