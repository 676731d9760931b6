"""The Stripe that the tests talk to: localstripe as a process, and the desk's billing before it."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import requests

import set_up
from bot.errors import NotPossible
from bot.integrations.stripe_billing import StripeBilling
from bot.integrations.stripe_client import StripeClient, flatten
from bot.retention.account import AccountHistory
from bot.retention.capabilities import Capabilities
from bot.retention.commands import Command
from bot.storage.billing_journal import SqlBillingJournal
from tests.needs import missing
from tests.stripe.loaded import load_demo_company

KEY = "sk_test_larder"
WITH_A_CLOCK = Path(__file__).with_name("localstripe_with_a_clock.py")
# localstripe as it comes, but not in the folder that everybody's localstripe shares.
AS_IT_COMES = (
    "import sys, localstripe.resources as r; r.Store.dump_to_disk = lambda self: None; "
    "from localstripe import server; "
    "server.web.run_app(server.app, host='127.0.0.1', port=int(sys.argv[1]), print=None)"
)
_STARTS_WITHIN_SECONDS = 20


@dataclass
class StripeServer:
    """A running localstripe; `ask` speaks Stripe's interface, `configure` what the tests add."""

    url: str
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.session.trust_env = False
        self.session.headers["Authorization"] = f"Bearer {KEY}"

    def ask(self, path: str, params: dict[str, Any]) -> dict[str, Any]:
        response = self.session.post(self.url + path, data=list(flatten(params)), timeout=10)
        assert response.ok, f"{path}: {response.text}"
        return dict(response.json())

    def get(self, path: str, **params: Any) -> dict[str, Any]:
        response = self.session.get(self.url + path, params=params, timeout=10)
        assert response.ok, f"{path}: {response.text}"
        return dict(response.json())

    def configure(self, what: str, **given: Any) -> None:
        response = self.session.post(f"{self.url}/_config/{what}", json=given, timeout=30)
        assert response.ok, f"{what}: {response.text}"

    def count(self, kind: str) -> int:
        """Say how many objects of that kind there are."""
        return int(self.get("/_config/count").get(kind, 0))


@contextmanager
def served(*command: str, log: Path) -> Iterator[StripeServer]:
    """Run localstripe in its own environment on a free port."""
    try:
        python = set_up.ensure_localstripe()
    except (set_up.Stop, OSError) as problem:
        missing(f"localstripe cannot be had: {problem}")
    port = free_port()
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(python), *command, str(port)], stdout=out, stderr=out, cwd=log.parent
        )
    try:
        server = StripeServer(f"http://127.0.0.1:{port}")
        _wait(server, process, log)
        yield server
    finally:
        process.terminate()
        process.wait(10)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(server: StripeServer, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _STARTS_WITHIN_SECONDS
    while True:
        try:
            server.get("/v1/plans")
            return
        except requests.ConnectionError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, "localstripe did not start"
            time.sleep(0.05)


def stripe_billing(
    url: str, engine: Any, *, timeout_seconds: float = 5, patience_seconds: float = 12
) -> StripeBilling:
    client = StripeClient(
        url,
        key=KEY,
        timeout_seconds=timeout_seconds,
        patience_seconds=patience_seconds,
        sleep=lambda _seconds: None,
    )
    return StripeBilling(client, SqlBillingJournal(engine))


@dataclass
class UnderTheDemosNames:
    """A billing system whose accounts and contracts are called as in the demo company.

    Before every call the server's clock is moved to the `now` of the call, so that the contract's
    tests let time pass as they do elsewhere; it never goes back.
    """

    billing: StripeBilling
    server: StripeServer
    ids: dict[str, str]
    _reached: datetime | None = None

    @property
    def capabilities(self) -> Capabilities:
        return self.billing.capabilities

    def history(self, account: str, *, now: datetime) -> AccountHistory:
        self._move_to(now)
        return self._told(self.billing.history(self.ids.get(account, account), now=now))

    def account_of_email(self, email: str) -> str | None:
        found = self.billing.account_of_email(email)
        return self._name(found) if found else None

    def catalogue(self) -> Any:
        return self.billing.catalogue()

    def execute(self, account: str, command: Command, *, key: str, now: datetime) -> AccountHistory:
        self._move_to(now)
        about = getattr(command, "subscription", None)
        asked = replace(command, subscription=self.ids.get(about, about)) if about else command
        try:
            told = self.billing.execute(self.ids.get(account, account), asked, key=key, now=now)
        except NotPossible as error:
            text = str(error)
            for name, stripe_id in self.ids.items():
                text = text.replace(stripe_id, name)
            raise NotPossible(text) from error
        return self._told(told)

    def _move_to(self, now: datetime) -> None:
        if self._reached is None or now > self._reached:
            self.server.configure("clock", now=int(now.timestamp()))
            self._reached = now

    def _told(self, history: AccountHistory) -> AccountHistory:
        return replace(
            history,
            account=self._name(history.account),
            subscriptions=tuple(
                sorted(
                    (replace(s, id=self._name(s.id)) for s in history.subscriptions),
                    key=lambda s: s.id,
                )
            ),
            invoices=self._renamed(history.invoices),
            concessions=self._renamed(history.concessions),
            plan_changes=self._renamed(history.plan_changes),
        )

    def _renamed(self, told: Any) -> Any:
        return tuple(replace(one, subscription=self._name(one.subscription)) for one in told)

    def _name(self, stripe_id: str | None) -> Any:
        names = {stripe_id: name for name, stripe_id in self.ids.items()}
        return names.get(stripe_id or "", stripe_id)


def with_demo_company(
    server: StripeServer,
    engine: Any,
    *,
    url: str | None = None,
    only: str | None = None,
    **client: Any,
) -> UnderTheDemosNames:
    """Load the demo company, or one account of it, and return its billing.

    `url` may lead there through something.
    """
    ids = load_demo_company(server.ask, server.configure, only=only)
    return UnderTheDemosNames(stripe_billing(url or server.url, engine, **client), server, ids)
