"""Looks at the parts beside the gateway and says in one sentence what is wrong, or None."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import requests

Check = Callable[[], "str | None"]

TIMEOUT_SECONDS = 2.0
# Enough for some hundred thousand messages and their logs, so that there is time to act.
LEAST_FREE_BYTES = 200 * 1024 * 1024


def answers(url: Callable[[], str], *, remedy: str) -> Check:
    """Check that what is at `url` now answers 200; `remedy` says what to do when it does not."""
    session = requests.Session()
    # A proxy set for the machine must not stand between loopback addresses.
    session.trust_env = False

    def check() -> str | None:
        try:
            status = session.get(url(), timeout=TIMEOUT_SECONDS).status_code
        except requests.RequestException:
            return f"No answer. {remedy}"
        return None if status == requests.codes.ok else f"It answers with status {status}. {remedy}"

    return check


def has_model(*folders: Path) -> Check:
    """Check that there is a trained model at all."""

    def check() -> str | None:
        found = any(any(folder.glob("*.tar.gz")) for folder in folders)
        return None if found else "There is no model. Run `python -m bot train`."

    return check


def has_space(folder: Path) -> Check:
    """Check that the disk of `folder` can take what customers are going to say."""

    def check() -> str | None:
        free = shutil.disk_usage(folder).free
        if free >= LEAST_FREE_BYTES:
            return None
        return f"Only {free // 2**20} MiB are free. Make room on the disk of the state folder."

    return check
