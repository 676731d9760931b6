"""The other side: Rasa as `rasa init` sets it up, on the same data, through its REST webhook."""

from __future__ import annotations

import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

from bench.load import Caller, Say
from bot.settings import Settings


def lay_out(folder: Path, settings: Settings) -> None:
    """Make a Rasa project of the data in `folder` with the configuration of `rasa init`."""
    lay_out_configuration(folder)
    (folder / "credentials.yml").write_text("rest:\n")
    (folder / "endpoints.yml").write_text(
        "action_endpoint:\n"
        f"  url: {settings.actions_url}\n"
        f"  headers:\n    X-Desk-Secret: {settings.shared_secret}\n"
    )


def lay_out_configuration(folder: Path) -> Path:
    """Copy the configuration of `rasa init` into `folder` and return where it is."""
    return Path(shutil.copy(_rasa() / "cli" / "initial_project" / "config.yml", folder))


def train_command() -> list[str]:
    return [sys.executable, "-W", "ignore", "-m", "rasa", "train", "--skip-validation"]


def run_command(port: int) -> list[str]:
    where = ["--interface", "127.0.0.1", "--port", str(port)]
    return [sys.executable, "-W", "ignore", "-m", "rasa", "run", *where]


def is_ready(caller: Caller) -> bool:
    """Rasa listens once its model is loaded."""
    return caller.answers("/webhooks/rest/")


def conversation(port: int, name: str) -> Say:
    """Return how to speak in the conversation `name`; the answer is the webhook's response."""
    caller = Caller(port)

    def say(text: str) -> int:
        status, answers = caller.call(
            "POST", "/webhooks/rest/webhook", {"sender": name, "message": text}
        )
        if status != 200:
            raise RuntimeError(f"the webhook answered {status}")
        return len(answers)

    return say


def _rasa() -> Path:
    found = find_spec("rasa")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent
