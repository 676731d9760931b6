"""Runs a real supervisor over small stand-in parts, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from bot.errors import SetupError
from bot.orphans import stop_with_parent
from bot.settings import ROOT
from bot.supervisor.child import Part
from bot.supervisor.ports import pick_free
from bot.supervisor.supervisor import Supervisor

A_PART = Path(__file__).with_name("a_part.py")
WAIT_SECONDS = 20.0


def a_part(name: str, *habits: str) -> str:
    """Describe a part on a free port, as an argument of this module."""
    return ",".join([name, str(pick_free(1)[0]), *habits])


def start(log_folder: Path, *described: str) -> subprocess.Popen[str]:
    """Start a supervisor over the parts `described`; it says on stdout what it says."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.setup.supervised", str(log_folder), *described],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def hear(supervisor: subprocess.Popen[str], wanted: str) -> list[str]:
    """Return what was said up to the first line that contains `wanted`."""
    heard: list[str] = []
    assert supervisor.stdout is not None
    for line in supervisor.stdout:
        heard.append(line.rstrip())
        if wanted in line:
            return heard
    raise AssertionError(f"{wanted!r} was never said, only {heard}")


def family(supervisor: subprocess.Popen[str]) -> list[psutil.Process]:
    return psutil.Process(supervisor.pid).children(recursive=True)


def all_gone(processes: list[psutil.Process]) -> bool:
    _, alive = psutil.wait_procs(processes, timeout=WAIT_SECONDS)
    return not alive


def until(question: Callable[[], bool]) -> bool:
    """Return whether the answer became yes in time."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not question() and time.monotonic() < deadline:
        time.sleep(0.05)
    return question()


def main() -> int:
    def say(sentence: str) -> None:
        print(sentence, flush=True)

    if os.environ.get("WITH_PARENT"):
        stop_with_parent()
    folder, *described = sys.argv[1:]
    parts = []
    for name, port, *habits in (each.split(",") for each in described):
        command = [sys.executable, str(A_PART), port, *habits]
        parts.append(Part(name, command, f"http://127.0.0.1:{port}/", speaks="speaks" in habits))
    supervisor = Supervisor(
        parts, environment=os.environ, log_folder=Path(folder), folder=ROOT, say=say
    )
    try:
        supervisor.run(lambda: say("ready"))
    except SetupError as error:
        say(str(error))
        return 1
    say("stopped")
    return 0


if __name__ == "__main__":
    sys.exit(main())
