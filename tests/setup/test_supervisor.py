"""The supervisor over real processes: ready, restarted, stopped, and nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from bot.settings import ROOT
from tests.setup.supervised import a_part, all_gone, family, hear, start, until

pytestmark = pytest.mark.alone
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends orphans for us")


@pytest.fixture
def started(tmp_path: Path) -> Iterator[list[subprocess.Popen[str]]]:
    """Collects supervisors that a test starts; what a failing test leaves is ended here."""
    supervisors: list[subprocess.Popen[str]] = []
    yield supervisors
    for supervisor in supervisors:
        with supervisor:
            for process in family(supervisor) if supervisor.poll() is None else ():
                process.kill()
            supervisor.kill()


def test_ready_is_said_once_every_part_answers(tmp_path, started):
    started.append(start(tmp_path, a_part("quick"), a_part("late", "slow")))
    assert hear(started[0], "ready") == ["ready"]
    assert len(family(started[0])) == 2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_signal_leaves_no_process_behind(tmp_path, started, number):
    started.append(start(tmp_path, a_part("one"), a_part("two", "has-helper")))
    hear(started[0], "ready")
    running = family(started[0])
    assert len(running) == 3  # two parts, and the helper that one of them started
    started[0].send_signal(number)
    assert started[0].wait(10) == 0
    assert all_gone(running)


def test_a_part_that_ignores_being_asked_is_ended(tmp_path, started):
    started.append(start(tmp_path, a_part("stubborn", "stubborn")))
    hear(started[0], "ready")
    running = family(started[0])
    started[0].send_signal(signal.SIGTERM)
    assert started[0].wait(10) == 0
    assert all_gone(running)


def test_a_second_ctrl_c_does_not_wait_for_the_stubborn(tmp_path, started):
    started.append(start(tmp_path, a_part("stubborn", "stubborn")))
    hear(started[0], "ready")
    started[0].send_signal(signal.SIGINT)
    time.sleep(0.5)  # two of the same signal at once would reach a process as one
    started[0].send_signal(signal.SIGINT)
    assert started[0].wait(3.4) == 0


@linux_only
def test_even_a_killed_supervisor_leaves_no_part_behind(tmp_path, started):
    started.append(start(tmp_path, a_part("one"), a_part("two", "stubborn")))
    hear(started[0], "ready")
    running = family(started[0])
    assert len(running) == 2
    started[0].kill()
    assert all_gone(running)


@linux_only
def test_a_supervisor_started_by_make_ends_with_make(tmp_path):
    described = a_part("one")
    script = (
        "import subprocess, sys;"
        "p = subprocess.Popen([sys.executable, '-m', 'tests.setup.supervised', *sys.argv[1:]],"
        " stdout=subprocess.PIPE, text=True); print(p.stdout.readline(), flush=True); p.wait()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path), described],
        cwd=ROOT,
        env={**os.environ, "WITH_PARENT": "1"},
        stdout=subprocess.PIPE,
        text=True,
    ) as make:
        hear(make, "ready")
        running = family(make)
        assert len(running) == 2
        make.kill()
        assert all_gone(running)


def test_a_part_that_dies_is_started_again_and_that_is_said(tmp_path, started):
    started.append(start(tmp_path, a_part("one"), a_part("two")))
    hear(started[0], "ready")
    before = {process.pid for process in family(started[0])}
    assert len(before) == 2
    psutil.Process(max(before)).kill()
    said = hear(started[0], "starting it again in 1 s")
    assert "was ended by SIGKILL" in said[-1]
    assert until(lambda: len({p.pid for p in family(started[0])}) == 2)
    assert len({process.pid for process in family(started[0])} & before) == 1


def test_a_part_that_cannot_start_is_given_up_with_its_last_words(tmp_path, started):
    started.append(start(tmp_path, a_part("well"), a_part("broken", "breaks")))
    said = hear(started[0], "there is no model here")
    assert "The broken does not start: it stopped with exit code 1 3 times" in "\n".join(said)
    assert started[0].wait(10) == 1


def test_what_a_speaking_part_says_is_shown_and_kept(tmp_path, started):
    described = a_part("gateway", "speaks")
    started.append(start(tmp_path, described))
    said = hear(started[0], "ready")
    port = described.split(",")[1]
    assert f"gateway: listening on {port}" in said
    assert f"listening on {port}" in (tmp_path / "gateway.log").read_text()
