"""The whole desk from one command: it gets ready, mends itself, stops without a trace."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from bot import settings
from bot.settings import ROOT, Settings
from bot.supervisor.probe import ask
from bot.supervisor.running import ask_all
from tests.setup.supervised import all_gone, family, hear, until

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def state(tmp_path_factory) -> dict[str, str]:
    """The environment of a desk with its own data and ports, on the project's model."""
    folder = tmp_path_factory.mktemp("desk")
    ports = ("DESK_PORT", "DESK_ASSISTANT_PORT", "DESK_ACTIONS_PORT")
    return {"DESK_STATE_FOLDER": str(folder), **dict.fromkeys(ports, "0")}


@pytest.fixture(scope="module")
def desk(state) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "bot", "run"]
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **state}, stderr=subprocess.PIPE, text=True
    ) as process:
        process.stdout = process.stderr
        hear(process, "Ctrl-C stops everything")
        yield process
        if process.poll() is None:
            process.kill()


@pytest.fixture
def ours(state) -> Settings:
    return settings.from_environment(state)


def running(ours: Settings) -> dict[str, Any]:
    said: dict[str, Any] = json.loads((ours.state_folder / "running.json").read_text())
    return said


def test_no_part_shares_out_its_sums_among_threads(desk, ours):
    for pid in running(ours)["pids"].values():
        assert psutil.Process(pid).environ()["OPENBLAS_NUM_THREADS"] == "1"


def test_when_ready_is_said_every_part_answers(desk, ours):
    assert {name: answer.ready for name, answer in ask_all(ours).items()} == {
        "gateway": True,
        "assistant": True,
        "actions": True,
    }


def test_only_the_gateway_may_be_reached_from_elsewhere(desk, ours):
    pids = running(ours)["pids"]
    for name in ("assistant", "actions"):
        listening = [
            c for c in psutil.Process(pids[name]).net_connections() if c.status == "LISTEN"
        ]
        assert [c.laddr.ip for c in listening] == ["127.0.0.1"]


@pytest.mark.parametrize(
    "path", ["/status", "/model", "/domain", "/version", "/conversations/c/tracker"]
)
def test_nothing_of_rasas_own_server_is_served(desk, ours, path):
    health = running(ours)["health"]["assistant"]
    assert ask(health).status == 200
    assert ask(health.replace("/health", path)).status == 404


def test_status_says_the_same_in_words_and_for_machines(desk, state):
    command = [sys.executable, "-m", "bot", "status"]
    environment = {**os.environ, **state}
    words = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert words.returncode == 0
    assert words.stdout.count("ready") == 3
    said = subprocess.run([*command, "--json"], cwd=ROOT, env=environment, capture_output=True)
    assert {part["status"] for part in json.loads(said.stdout).values()} == {200}


def test_a_killed_action_server_comes_back(desk, ours):
    psutil.Process(running(ours)["pids"]["actions"]).kill()
    assert until(lambda: not ask_all(ours)["actions"].ready)
    hear(desk, "starting it again")
    assert until(lambda: ask_all(ours)["actions"].ready)


def test_a_second_desk_on_the_same_port_is_one_sentence(desk, state, ours):
    port = running(ours)["url"].rsplit(":", 1)[1]
    environment = {**os.environ, **state, "DESK_PORT": port}
    second = subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert second.returncode == 1
    assert second.stderr.startswith(f"Port {port} is in use by another program")
    assert "Traceback" not in second.stderr


def test_ctrl_c_stops_everything(desk, ours, state):
    parts = family(desk)
    assert len(parts) == 3
    desk.send_signal(signal.SIGINT)
    assert desk.wait(15) == 0
    assert all_gone(parts)
    assert not (Path(state["DESK_STATE_FOLDER"]) / "running.json").exists()
