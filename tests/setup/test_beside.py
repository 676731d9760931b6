"""Work beside this process comes to what it comes to in turn, and keeps nobody waiting in vain."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from bot.beside import begin, cores
from bot.settings import ROOT

pytestmark = pytest.mark.skipif(cores() < 2, reason="there is one core, and nothing beside it")


def test_the_result_comes_from_another_process():
    mine = os.getpid()
    fetch = begin(lambda: (os.getpid(), "done"))
    theirs, said = fetch()
    assert said == "done"
    assert theirs != mine


def test_more_than_a_pipe_holds_is_fetched_whole():
    assert begin(lambda: b"x" * 3_000_000)() == b"x" * 3_000_000


def test_what_the_work_raises_is_raised_where_the_result_is_asked_for():
    fetch = begin(lambda: int("none"))
    with pytest.raises(ValueError, match="none"):
        fetch()


def test_work_may_begin_work_of_its_own():
    assert begin(lambda: begin(lambda: 2)() + 1)() == 3


def test_a_process_that_dies_is_noticed():
    fetch = begin(lambda: os._exit(9))
    with pytest.raises(RuntimeError, match="before its work was done"):
        fetch()


def test_on_one_core_the_work_is_done_when_it_is_asked_for(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0})
    assert begin(os.getpid)() == os.getpid()


def test_a_process_ends_although_nobody_fetched_the_result():
    """More waits to be fetched than a pipe holds, and half an hour of work besides."""
    program = (
        "import time; from bot.beside import begin;"
        "begin(lambda: b'x' * 3_000_000); begin(lambda: time.sleep(1800))"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, timeout=600)


def test_work_ends_with_the_process_that_wanted_it_however_that_ends():
    program = (
        "import os, time; from bot.beside import begin;"
        "begin(lambda: (print(os.getpid(), flush=True), time.sleep(1800)));"
        "time.sleep(1800)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline().strip() != str(parent.pid)
        parent.kill()
        # The pipe ends once nobody is left who could write into it.
        assert parent.communicate(timeout=60)[0] == ""
