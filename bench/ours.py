"""Our side: the whole desk by its own supervisor, spoken to through the gateway."""

from __future__ import annotations

import json
import shutil
import sys
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.load import Caller, Say
from bot import settings
from bot.model_files import model_path
from bot.setting_rules import with_ports
from bot.settings import ROOT, Settings
from bot.supervisor.ports import pick_free
from bot.supervisor.training import TRAINER

ACCOUNTS = [f"A-10{number:02}" for number in range(1, 16)]
WAIT_SECONDS = 20
COPIED = ("bot", "actions", "data", "tests")
FILES = (
    *("config.yml", "domain.yml", "endpoints.yml", "credentials.yml"),
    *("requirements.txt", "pyproject.toml"),
)
UNLIMITED = 10**6


def unlimited(folder: Path, *, database_url: str = "") -> Settings:
    """Return settings of a desk in `folder`, on free ports and without limits a minute.

    The limits protect a public address; here they would be what is measured.
    `database_url` is empty for an SQLite file in `folder`.
    """
    port, assistant, actions = pick_free(3)
    bare = replace(
        settings.from_environment({}),
        state_folder=folder / "var",
        database_url=database_url or f"sqlite:///{folder / 'var' / 'desk.db'}",
        messages_per_minute=UNLIMITED,
        address_messages_per_minute=UNLIMITED,
        conversations_per_minute=UNLIMITED,
    )
    placed = with_ports(bare, port=port, assistant_port=assistant, actions_port=actions)
    return settings.with_secrets(placed)


def lay_out(folder: Path) -> Path:
    """Put our configuration beside the data in `folder`, and return it."""
    shutil.copy(ROOT / "config.yml", folder)
    return folder


def copy_project(folder: Path) -> Path:
    """Copy what the desk runs on into `folder`: the files of this checkout are not written into."""
    project = folder / "project"
    leave = shutil.ignore_patterns("__pycache__", "node_modules")
    for name in COPIED:
        shutil.copytree(ROOT / name, project / name, ignore=leave)
    for name in FILES:
        shutil.copy(ROOT / name, project / name)
    (project / ".tools").symlink_to(ROOT / ".tools")  # the sentence encoder
    return project


def train_command(at: Settings) -> list[str]:
    """Return the command that trains our model to where the supervisor will look for it."""
    to = model_path(at)
    to.parent.mkdir(parents=True, exist_ok=True)
    return [*TRAINER, str(to)]


def run_command() -> list[str]:
    return [sys.executable, "-m", "bot", "run"]


def is_ready(at: Settings) -> bool:
    return (at.state_folder / "running.json").exists()


def part_pids(at: Settings) -> list[int]:
    """Return the processes of gateway, assistant and actions; the supervisor serves no turn."""
    said = json.loads((at.state_folder / "running.json").read_text())
    return list(said["pids"].values())


class Visitor:
    """One customer in a conversation of their own, through the public API."""

    def __init__(self, port: int, account: str) -> None:
        self._caller = Caller(port)
        _, signed = self._caller.call("POST", "/api/demo/identity", {"account": account})
        asked = {"identity": signed["identity"], "resume": False}
        status, opened = self._caller.call("POST", "/api/conversations", asked)
        if status not in (200, 201):
            raise RuntimeError(f"no conversation was opened: {status} {opened}")
        self.conversation: str = opened["conversation"]
        self._token: str = opened["token"]
        self._path = f"/api/conversations/{self.conversation}"
        # Asked without waiting: nothing new may come after the greeting.
        self._settle(int(opened["last_seq"]), wait=0)

    def say(self, text: str) -> int:
        """Post one message, wait until its turn is done, return how many answers it got."""
        message = {"client_message_id": str(uuid.uuid4()), "text": text}
        status, posted = self._caller.call(
            "POST", f"{self._path}/messages", message, Authorization=f"Bearer {self._token}"
        )
        if status != 200:
            raise RuntimeError(f"a message was refused: {status} {posted}")
        return self._settle(int(posted["message"]["seq"]), wait=WAIT_SECONDS)

    def close(self) -> None:
        self._caller.close()

    def messages(self) -> list[dict[str, Any]]:
        """Return the whole conversation."""
        status, update = self._caller.call(
            "GET", f"{self._path}/updates?after=0", Authorization=f"Bearer {self._token}"
        )
        if status != 200:
            raise RuntimeError(f"updates were refused: {status} {update}")
        return list(update["messages"])

    def _settle(self, after: int, *, wait: int) -> int:
        answers, idle = 0, False
        while not idle:
            status, update = self._caller.call(
                "GET",
                f"{self._path}/updates?after={after}&wait={wait}",
                Authorization=f"Bearer {self._token}",
            )
            if status != 200:
                raise RuntimeError(f"updates were refused: {status} {update}")
            answers += sum(1 for m in update["messages"] if m["from"] != "customer")
            after, idle = max(after, int(update["last_seq"])), bool(update["idle"])
        return answers


def visitors(at: Settings, count: int) -> list[Visitor]:
    return [Visitor(at.port, ACCOUNTS[n % len(ACCOUNTS)]) for n in range(count)]


def conversations(at: Settings, count: int) -> list[Say]:
    return [visitor.say for visitor in visitors(at, count)]
