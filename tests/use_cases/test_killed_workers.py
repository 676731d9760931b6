"""A worker killed by force loses nothing: its turn is taken up, and done once."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.integrations.clock import SystemClock
from bot.use_cases.switchboard import Limits
from tests.switchboards import Line

ROOT = Path(__file__).resolve().parents[2]


def kill_a_worker(database_url: str, conversation: str, moment: str) -> None:
    """Start a worker on the conversation's turn and kill it `before` or `after` the move."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.use_cases.killed_worker", database_url, conversation, moment],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert worker.stdout is not None
        said = iter(worker.stdout.readline, "")
        assert any(line.strip() == "taken" for line in said), "the worker never took the turn"
    finally:
        worker.kill()
        worker.communicate()


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_killed_workers_turn_is_done_once_by_another(
    engine: Any, database_url: str, moment: str
) -> None:
    line = Line(engine, SystemClock(), Limits(lease=timedelta(seconds=1)))
    here = line.open().conversation
    line.post(here, "hello")
    kill_a_worker(database_url, here, moment)
    killed_at = time.monotonic()
    while not line.run(here):
        assert time.monotonic() - killed_at < 5, "nobody could take the turn up"
        time.sleep(0.05)
    assert line.transcript(here)[1:] == ["customer: hello", "assistant: I heard: hello"]
    assert line.rows(f"SELECT count(*) FROM moves WHERE message_id = '{here}:2'") == [(1,)]
