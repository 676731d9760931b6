"""The helpdesk that the tests talk to: django-helpdesk as a process, in its own environment."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

import set_up
from tests.needs import missing
from tests.stripe.served import free_port

SITE = Path(__file__).with_name("helpdesk_site.py")
PASSWORD = "a long password"
OURS, KIM, ADA = "save-desk", "kim", "ada"
NUMBERS = {OURS: 1, KIM: 2, ADA: 3}
_STARTS_WITHIN_SECONDS = 60


@dataclass
class Helpdesk:
    """A running django-helpdesk, as its staff use it over its interface."""

    url: str
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.session.trust_env = False

    def tickets(self) -> list[dict[str, Any]]:
        listed = self._ask("GET", "tickets/?page_size=1000")
        return list(listed["results"])

    def ticket(self, number: str | int) -> dict[str, Any]:
        return dict(self._ask("GET", f"tickets/{number}/"))

    def answer(
        self, number: str | int, text: str, *, by: str = KIM, public: bool = True, **more: Any
    ) -> None:
        body = {"ticket": number, "user": NUMBERS[by], "comment": text, "public": public, **more}
        self._ask("POST", "followups/", body, by=by)

    def _ask(self, method: str, path: str, body: Any = None, *, by: str = OURS) -> Any:
        response = self.session.request(
            method, f"{self.url}/api/{path}", json=body, auth=(by, PASSWORD), timeout=20
        )
        assert response.ok, f"{path}: {response.text[:500]}"
        return response.json()


@contextmanager
def served(folder: Path) -> Iterator[Helpdesk]:
    """Run django-helpdesk on a free port."""
    try:
        python = set_up.ensure_helpdesk()
    except (set_up.Stop, OSError) as problem:
        missing(f"django-helpdesk cannot be had: {problem}")
    port, log = free_port(), folder / "helpdesk.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(python), str(SITE), str(folder), str(port)], stdout=out, stderr=out, cwd=folder
        )
    try:
        helpdesk = Helpdesk(f"http://127.0.0.1:{port}/helpdesk")
        _wait(helpdesk, process, log)
        yield helpdesk
    finally:
        process.terminate()
        process.wait(10)
        helpdesk.session.close()


def _wait(helpdesk: Helpdesk, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _STARTS_WITHIN_SECONDS
    while True:
        try:
            helpdesk.tickets()
            return
        except requests.ConnectionError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, "django-helpdesk did not start"
            time.sleep(0.1)
