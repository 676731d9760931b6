"""The whole desk, really running: supervisor, assistant, actions and gateway on free ports."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from bot.__main__ import main

ROOT = Path(__file__).resolve().parents[2]
# The first start in a fresh clone trains a model; on two busy cores that takes its time.
READY_SECONDS = 300
ANSWER_SECONDS = 60


@dataclass(frozen=True)
class RunningDesk:
    """A desk under test; `environment` makes every command of ours speak to this one."""

    url: str
    folder: Path
    environment: dict[str, str]

    def command(self, *arguments: str) -> str:
        """Run `python -m bot …` against this desk, within this process, and return what it says."""
        said = io.StringIO()
        with mock.patch.dict(os.environ, self.environment), contextlib.redirect_stdout(said):
            assert main(arguments) == 0, arguments
        return said.getvalue()

    def account(self, number: str) -> dict[str, Any]:
        return json.loads(self.command("account", number, "--json"))

    def attempts(self, number: str) -> list[dict[str, Any]]:
        return json.loads(self.command("attempts", "--account", number, "--json"))

    def queue(self) -> list[dict[str, Any]]:
        return json.loads(self.command("queue", "--json"))

    def reset(self) -> None:
        self.command("demo", "--reset")

    @property
    def note(self) -> Path:
        """What the desk says about itself while it runs."""
        return self.folder / "running.json"

    def pids(self) -> dict[str, int]:
        return json.loads(self.note.read_text())["pids"]

    def kill(self, part: str) -> None:
        """Kill one process as a crash would, with no chance to tidy up."""
        os.kill(self.pids()[part], signal.SIGKILL)

    def freeze(self, part: str) -> None:
        os.kill(self.pids()[part], signal.SIGSTOP)


@contextmanager
def running_desk(folder: Path, *, project: Path = ROOT, **settings: str) -> Iterator[RunningDesk]:
    """Start a desk with its state in `folder`, wait until it is ready, and stop all of it after.

    `project` is where its program and its training data are.
    """
    environment = {
        **os.environ,
        "DESK_PORT": "0",
        "DESK_ASSISTANT_PORT": "0",
        "DESK_ACTIONS_PORT": "0",
        "DESK_STATE_FOLDER": str(folder),
        "RASA_TELEMETRY_ENABLED": "false",
        **settings,
    }
    output = (folder / "run.txt").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run", "--stop-with-parent"],
        cwd=project,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        url = _wait_until_ready(process, folder)
        port = url.rsplit(":", 1)[1]
        yield RunningDesk(url, folder, {**environment, "DESK_PORT": port, "DESK_PUBLIC_URL": url})
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        output.close()


def _wait_until_ready(process: subprocess.Popen[bytes], folder: Path) -> str:
    deadline = time.monotonic() + READY_SECONDS
    note = folder / "running.json"
    while not note.exists():
        said = (folder / "run.txt").read_text()
        assert process.poll() is None, f"the desk did not start:\n{said}"
        assert time.monotonic() < deadline, f"the desk was not ready in time:\n{said}"
        time.sleep(0.2)
    url: str = json.loads(note.read_text())["url"]
    return url


@dataclass
class Chat:
    """A customer in the terminal chat (`python -m bot chat --json`), a real process."""

    desk: RunningDesk
    account: str | None
    options: Sequence[str] = ()
    turns: list[list[dict[str, Any]]] = field(default_factory=list)

    def __enter__(self) -> Chat:
        who = ["--account", self.account] if self.account else []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot", "chat", *who, "--json", *self.options],
            cwd=ROOT,
            env=self.desk.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        self.heard()
        return self

    def __exit__(self, *exc: object) -> None:
        assert self._process.stdin
        assert self._process.stdout
        assert self._process.stderr
        if self._process.poll() is None:
            self._process.stdin.close()
            self.exit_code = self._process.wait(timeout=ANSWER_SECONDS)
        self._process.stdout.close()
        self._process.stderr.close()

    def says(self, text: str) -> str:
        """Type a line and return all that was answered to it, as one text."""
        return self._send(text)

    def presses(self, title: str) -> str:
        """Press the newest button with this title."""
        return self._send(json.dumps({"button": self.button(title)}))

    def button(self, title: str) -> str:
        """Return the id of the newest button with this title."""
        for turn in reversed(self.turns):
            for message in reversed(turn):
                for button in message.get("buttons", ()):
                    if button["title"] == title:
                        return str(button["id"])
        raise AssertionError(f"no button {title!r} in {self.turns[-1]}")

    def sends(self, line: str) -> None:
        """Type a line without waiting for the answer."""
        assert self._process.stdin
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def heard(self) -> str:
        """Read until the assistant waits, and return what was said."""
        assert self._process.stdout
        turn: list[dict[str, Any]] = []
        for line in self._process.stdout:
            message = json.loads(line)
            if message.get("idle"):
                self.turns.append(turn)
                return "\n".join(_words(message) for message in turn)
            turn.append(message)
        assert self._process.stderr
        raise AssertionError(f"the chat ended: {self._process.stderr.read()}")

    @property
    def offer(self) -> dict[str, Any] | None:
        return next((m["offer"] for m in self.turns[-1] if m.get("offer")), None)

    @property
    def heard_first(self) -> str:
        return "\n".join(_words(message) for message in self.turns[0])

    @property
    def turn_text(self) -> str:
        return "\n".join(_words(message) for message in self.turns[-1])

    @property
    def titles(self) -> list[str]:
        return [b["title"] for m in self.turns[-1] for b in m.get("buttons", ())]

    def _send(self, line: str) -> str:
        self.sends(line)
        return self.heard()


def _words(message: dict[str, Any]) -> str:
    return str(message.get("text") or message.get("error", {}).get("message", ""))
