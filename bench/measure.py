"""Clocks and scales: how long a process takes, how much memory a family of processes holds."""

from __future__ import annotations

import os
import platform
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

MEGABYTE = 1024 * 1024
STOP_SECONDS = 15


@dataclass(frozen=True)
class Latencies:
    """Seconds that single turns took, and the seconds in which all of them were done."""

    turns: tuple[float, ...]
    elapsed: float
    unanswered: int

    @property
    def per_second(self) -> float:
        return len(self.turns) / self.elapsed

    def percentile(self, percent: int) -> float:
        """Return the smallest turn that `percent` of all turns do not exceed (nearest rank)."""
        rank = -(-percent * len(self.turns) // 100)
        return sorted(self.turns)[max(rank, 1) - 1]


def seconds_to_finish(
    command: Sequence[str],
    *,
    log: Path,
    within: float,
    folder: Path,
    environment: Mapping[str, str],
) -> float:
    """Run `command` to its end and return the seconds of the whole process.

    Raises:
        RuntimeError: it failed; the message ends with its last words.
        subprocess.TimeoutExpired: it was not done `within` so many seconds, and was ended.
    """
    started = time.monotonic()
    with running(command, log=log, folder=folder, environment=environment) as process:
        process.wait(timeout=within)
    if process.returncode:
        raise RuntimeError(f"{command} failed:\n{log.read_text()[-2000:]}")
    return time.monotonic() - started


@contextmanager
def running(
    command: Sequence[str], *, log: Path, folder: Path, environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `command` while the block lasts; nothing of its family is left afterwards."""
    with log.open("ab") as words:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=words,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        family = _family(process.pid)
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        for member in family:
            if member.is_running():
                member.kill()
        process.wait()


def wait_for(ready: Callable[[], bool], *, within: float, alive: subprocess.Popen[bytes]) -> float:
    """Return the seconds until `ready` said yes.

    Raises:
        RuntimeError: the process ended, or was not ready `within` so many seconds.
    """
    started = time.monotonic()
    while time.monotonic() - started < within:
        if alive.poll() is not None:
            raise RuntimeError(f"process ended with {alive.returncode} before it was ready")
        if ready():
            return time.monotonic() - started
        time.sleep(0.05)
    raise RuntimeError(f"not ready within {within:.0f} seconds")


def megabytes(*pids: int) -> float:
    """Return the resident memory of these processes and all they started."""
    return float(sum(m.memory_info().rss for pid in pids for m in _family(pid))) / MEGABYTE


def machine() -> dict[str, object]:
    """Return what the numbers were measured on."""
    model = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 1024**3),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def _family(pid: int) -> list[psutil.Process]:
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []
