"""Nothing of a ticket goes to this machine or its cloud in production, whatever an address says.

Security case 26.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

import pytest
import requests

from bot.bootstrap_tickets import places
from bot.errors import SetupError, Unavailable
from bot.integrations.outside_lines import is_of_this_machine, outside_session
from bot.integrations.ticket_webhook import PLACE, TicketWebhook
from bot.settings import from_environment
from bot.use_cases.ticket_ports import OPEN, Delivery
from tests.gateway.fakes import FakeClock
from tests.setup.test_settings import PRODUCTION

SECRET = "a secret of at least thirty-two characters"
NAME = "tickets.partner.example"


@dataclass
class Door:
    """Something that listens on this machine; `heard` is all that anybody sent to it."""

    port: int
    calls: int = 0
    heard: bytes = b""
    changed: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def door() -> Iterator[Door]:
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(20)
    door = Door(listening.getsockname()[1])

    def take() -> None:
        try:
            taken, _ = listening.accept()
        except OSError:
            return
        door.calls += 1
        with taken:
            taken.settimeout(5)
            try:
                door.heard += taken.recv(4096)
            except OSError:
                door.heard += b""
        door.changed.set()

    thread = threading.Thread(target=take)
    thread.start()
    yield door
    listening.close()
    thread.join(10)


@pytest.fixture
def answers_of_dns(monkeypatch: pytest.MonkeyPatch, door: Door) -> list[str]:
    """Have the name of a partner mean these addresses: whoever owns a name decides that."""
    means, asked = ["127.0.0.1"], socket.getaddrinfo

    def told(host: Any, port: Any, *more: Any, **named: Any) -> Any:
        if host != NAME:
            return asked(host, port, *more, **named)
        return [found for address in means for found in asked(address, port, *more, **named)]

    monkeypatch.setattr(socket, "getaddrinfo", told)
    return means


def a_delivery() -> Delivery:
    return Delivery(
        id=1,
        conversation="c-1",
        key="T-1@webhook",
        outside=PLACE,
        ticket="T-1",
        kind=OPEN,
        reference=None,
        text="what a customer said",
        reason="requested",
        contact="maya@home.example",
        account="A-1001",
        summary={},
        tries=1,
        created_at=datetime(2026, 11, 29, tzinfo=timezone.utc),
    )


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.1", "0.0.0.0", "169.254.169.254", "224.0.0.1", "::1", "::",
        "fe80::1", "fe80::1%eth0", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "2002:7f00:1::",
        "fd00:ec2::254", "100.100.100.200",
    ],
)  # fmt: skip
def test_26_an_address_of_this_machine_or_its_cloud_is_known(address: str) -> None:
    assert is_of_this_machine(address)


@pytest.mark.parametrize("address", ["10.1.2.3", "192.168.1.5", "93.184.215.14", "2606:2800::1"])
def test_26_other_machines_stay_reachable(address: str) -> None:
    assert not is_of_this_machine(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://tickets.example/in", "https://localhost/in", "https://desk.localhost./in",
        "https://127.0.0.1:8080/in", "https://[::1]/in", "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:127.0.0.1]/in", "file:///etc/passwd", "gopher://tickets.example/",
    ],
)  # fmt: skip
def test_26_production_does_not_start_with_such_an_address(url: str) -> None:
    given = {"DESK_TICKET_WEBHOOK_URL": url, "DESK_TICKET_WEBHOOK_SECRET": SECRET}
    with pytest.raises(SetupError):
        places(from_environment({**PRODUCTION, **given}))


def test_26_production_starts_with_an_address_of_a_partner() -> None:
    given = {"DESK_TICKET_WEBHOOK_URL": f"https://{NAME}/in", "DESK_TICKET_WEBHOOK_SECRET": SECRET}
    assert PLACE in places(from_environment({**PRODUCTION, **given}))


@pytest.mark.parametrize("host", [NAME, "2130706433", "0x7f000001", "127.1"])
def test_26_a_name_that_comes_to_mean_this_machine_gets_nothing(
    door: Door, answers_of_dns: list[str], host: str
) -> None:
    try:
        webhook = TicketWebhook(
            f"https://{host}:{door.port}/in", SECRET, FakeClock(), outside_only=True
        )
    except SetupError:
        return
    with pytest.raises(Unavailable):
        webhook.send(a_delivery())
    # Whoever listened was connected to, if at all, and heard not even a greeting.
    if door.changed.wait(10):
        assert door.heard == b""


def test_26_without_the_look_the_door_would_hear(door: Door, answers_of_dns: list[str]) -> None:
    webhook = TicketWebhook(f"https://{NAME}:{door.port}/in", SECRET, FakeClock())
    with pytest.raises(Unavailable):
        webhook.send(a_delivery())
    assert door.changed.wait(10)
    assert door.heard != b""


def test_26_no_line_without_tls_is_opened_at_all() -> None:
    with pytest.raises(requests.exceptions.InvalidSchema):
        outside_session().get("http://tickets.example/")
