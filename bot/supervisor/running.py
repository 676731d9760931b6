"""What is known about the desk that runs in this folder, for `status` and for whoever asks."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path

from bot.setting_rules import reachable_host
from bot.settings import Settings
from bot.supervisor.probe import Answer, ask


def write(
    settings: Settings, *, pids: Mapping[str, int], supervisor: int, assistant_health: str
) -> None:
    """Note the running desk in `state_folder`; replaced whole, so a reader never sees half."""
    said = {
        "url": settings.public_url,
        "supervisor": supervisor,
        "pids": dict(pids),
        "health": {**health_addresses(settings), "assistant": assistant_health},
    }
    aside = _file(settings).with_suffix(".part")
    aside.write_text(json.dumps(said, indent=2))
    aside.replace(_file(settings))


def forget(settings: Settings) -> None:
    with contextlib.suppress(FileNotFoundError):
        _file(settings).unlink()


def health_addresses(settings: Settings) -> dict[str, str]:
    """Return where each part says how it is."""
    host = reachable_host(settings.host)
    return {
        "gateway": f"http://{host}:{settings.port}/health/ready",
        "assistant": f"{settings.assistant_url}/health",
        "actions": f"{settings.actions_url.removesuffix('/webhook')}/health",
    }


def ask_all(settings: Settings) -> dict[str, Answer]:
    """Ask every part how it is: at the addresses of the running desk, else where it would be."""
    try:
        addresses = json.loads(_file(settings).read_text())["health"]
    except (OSError, ValueError, KeyError):
        addresses = health_addresses(settings)
    return {name: ask(address) for name, address in addresses.items()}


def _file(settings: Settings) -> Path:
    return settings.state_folder / "running.json"
