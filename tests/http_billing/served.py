"""The reference server on a socket, and the desk's adapter in front of it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
import uvicorn

from bot.integrations.http_billing import HttpBilling
from bot.integrations.http_billing_client import HttpBillingClient
from bot.retention.account import AccountHistory
from bot.retention.capabilities import Capabilities
from bot.retention.commands import Command
from bot.storage import billing_tables as t
from bot.storage.billing_journal import SqlBillingJournal
from bot.storage.demo_store import SqlDemoAccounts
from bot.storage.embedded_billing import EmbeddedBilling
from bot.storage.engine import writing
from tests.factories import NOW
from tests.http_billing.reference_server import Books, make_app

TOKEN = "the token of larder"
_STARTS_WITHIN_SECONDS = 20


@dataclass
class ReferenceServer:
    """A running reference server; its clock shows `now` plus what it is ahead of the desk's."""

    url: str
    engine: Any
    now: datetime = NOW
    ahead: timedelta = timedelta()

    @property
    def books(self) -> EmbeddedBilling:
        return EmbeddedBilling(self.engine)

    def begin_anew(self) -> None:
        """Put the demo company back to how it was at NOW, with no key used."""
        with writing(self.engine) as connection:
            connection.execute(sa.delete(t.billing_commands))
        SqlDemoAccounts(self.engine).reset(now=NOW)
        self.now, self.ahead = NOW, timedelta()

    def carried_out(self) -> int:
        """Count the commands that the books have seen through."""
        query = sa.select(sa.func.count()).select_from(t.billing_commands)
        with writing(self.engine) as connection:
            return int(connection.execute(query).scalar_one())


@contextmanager
def served(engine: Any) -> Iterator[ReferenceServer]:
    listening = socket.create_server(("127.0.0.1", 0))
    running = ReferenceServer(f"http://127.0.0.1:{listening.getsockname()[1]}", engine)
    books = Books(EmbeddedBilling(engine), TOKEN, lambda: running.now + running.ahead)
    config = uvicorn.Config(make_app(books), log_config=None, lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        until = time.monotonic() + _STARTS_WITHIN_SECONDS
        while not server.started:
            assert time.monotonic() < until, "the reference server did not start"
            time.sleep(0.01)
        yield running
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


def http_billing(
    url: str,
    engine: Any,
    *,
    token: str = TOKEN,
    timeout_seconds: float = 5,
    patience_seconds: float = 12,
) -> HttpBilling:
    client = HttpBillingClient(
        url,
        token=token,
        timeout_seconds=timeout_seconds,
        patience_seconds=patience_seconds,
        sleep=lambda _seconds: None,
    )
    return HttpBilling(client, SqlBillingJournal(engine))


@dataclass
class OnItsClock:
    """The adapter; before every call the server's clock is set to the `now` of the call.

    What the shop does by itself, the server's own books do.
    """

    billing: HttpBilling
    server: ReferenceServer

    @property
    def capabilities(self) -> Capabilities:
        return self.billing.capabilities

    def history(self, account: str, *, now: datetime) -> AccountHistory:
        self.server.now = now
        return self.billing.history(account, now=now)

    def account_of_email(self, email: str) -> str | None:
        return self.billing.account_of_email(email)

    def catalogue(self) -> Any:
        return self.billing.catalogue()

    def execute(self, account: str, command: Command, *, key: str, now: datetime) -> AccountHistory:
        self.server.now = now
        return self.billing.execute(account, command, key=key, now=now)

    def receive_goods(self, account: str, order: str, *, now: datetime) -> AccountHistory:
        self.server.books.receive_goods(account, order, now=now)
        return self.history(account, now=now)

    def shop_items(self) -> Any:
        return self.server.books.shop_items()
