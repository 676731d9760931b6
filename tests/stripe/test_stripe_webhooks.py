"""Stripe's webhooks: believed only with its signature, and each taken once."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot.errors import IdentityRefused, InvalidInput
from bot.gateway.app import create_app
from bot.integrations.stripe_webhooks import TOLERANCE, StripeWebhooks
from bot.storage.billing_journal import SqlBillingEvents
from bot.use_cases.take_billing_event import EventDesk, take_billing_event
from tests.billing_contract import Customer, cancels
from tests.factories import NOW
from tests.gateway.conftest import assistant, stack  # noqa: F401  fixtures
from tests.stripe.served import StripeServer, UnderTheDemosNames

SECRET = "whsec_of_the_tests"
BODY = json.dumps(
    {"id": "evt_1", "type": "invoice.paid", "data": {"object": {"customer": "cus_1"}}}
).encode()


def signed(body: bytes, *, at: datetime = NOW, secret: str = SECRET) -> str:
    sent = int(at.timestamp())
    found = hmac.new(secret.encode(), b"%d.%s" % (sent, body), hashlib.sha256).hexdigest()
    return f"t={sent},v1={found}"


@pytest.fixture
def webhooks() -> StripeWebhooks:
    return StripeWebhooks(SECRET)


def test_a_signed_event_is_read(webhooks):
    event = webhooks.read(BODY, signed(BODY), now=NOW)
    assert (event.id, event.kind, event.account) == ("evt_1", "invoice.paid", "cus_1")


def test_an_event_about_a_customer_names_that_customer(webhooks):
    about = {"object": "customer", "id": "cus_2"}
    body = json.dumps({"id": "e", "type": "customer.updated", "data": {"object": about}}).encode()
    assert webhooks.read(body, signed(body), now=NOW).account == "cus_2"


def test_while_a_secret_is_rolled_one_of_two_signatures_is_enough(webhooks):
    old, new = signed(BODY, secret="whsec_before"), signed(BODY)
    both = f"{old},{new.partition(',')[2]}"
    assert webhooks.read(BODY, both, now=NOW).id == "evt_1"


@pytest.mark.parametrize(
    ("seconds", "believed"), [(0, True), (300, True), (301, False), (-300, True), (-301, False)]
)
def test_an_event_is_believed_for_five_minutes(webhooks, seconds, believed):
    assert timedelta(seconds=300) == TOLERANCE
    now = NOW + timedelta(seconds=seconds)
    if believed:
        assert webhooks.read(BODY, signed(BODY), now=now)
    else:
        with pytest.raises(IdentityRefused, match="another time"):
            webhooks.read(BODY, signed(BODY), now=now)


TIME = f"t={int(NOW.timestamp())}"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t=,v1=",
        TIME,
        f"{TIME},v0={signed(BODY).partition('v1=')[2]}",
        f"{TIME},{signed(BODY)}",
        f"{TIME},v1={'0' * 64}",
        f"{TIME},v1=ü",
        "t=²,v1=00",
        f"t=-1,v1={'0' * 64}",
        f"t={'9' * 400},v1=00",
        signed(BODY, secret="whsec_other"),
        signed(BODY + b" "),
        signed(BODY, at=NOW + timedelta(seconds=1)).replace(
            str(int(NOW.timestamp()) + 1), str(int(NOW.timestamp()))
        ),
    ],
)
def test_27_without_the_signature_nothing_is_believed(webhooks, header):
    with pytest.raises(IdentityRefused):
        webhooks.read(BODY, header, now=NOW)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b"\xff", b'{"id": "e", "type": "t", "data": {"object": []}}']
)
def test_what_is_signed_and_no_event_is_refused(webhooks, body):
    with pytest.raises(InvalidInput):
        webhooks.read(body, signed(body), now=NOW)


def test_an_event_is_taken_once_by_whichever_gateway(journal):
    first, second = SqlBillingEvents(journal), SqlBillingEvents(journal)
    assert first.take("evt_a", now=NOW)
    assert not second.take("evt_a", now=NOW)
    assert first.take("evt_b", now=NOW + timedelta(days=31))
    assert second.take("evt_a", now=NOW + timedelta(days=31)), "Stripe repeats for three days"


# What localstripe itself signs and sends


@pytest.fixture
def mailbox() -> Iterator[tuple[str, Queue[tuple[bytes, str]]]]:
    """Somewhere webhooks can be sent to, and what came."""
    came: Queue[tuple[bytes, str]] = Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            came.put((body, self.headers["Stripe-Signature"]))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Stay quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/", came
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.slow
def test_what_localstripe_sends_about_a_cancellation_is_believed(
    server: StripeServer, billing: UnderTheDemosNames, webhooks: StripeWebhooks, mailbox: Any
):
    url, came = mailbox
    server.configure(
        "webhooks/tests", url=url, secret=SECRET, events=["customer.subscription.deleted"]
    )
    Customer(billing, "A-1001").does(cancels(at_once=True))
    # It sends a second later, so that events of the tests before may still be on their way.
    about = ""
    while about != billing.ids["A-1001"]:
        body, signature = came.get(timeout=10)
        about = json.loads(body)["data"]["object"]["customer"]
    event = webhooks.read(body, signature, now=NOW)
    assert (event.kind, event.account) == ("customer.subscription.deleted", billing.ids["A-1001"])


# The gateway's door


@pytest.mark.slow
def test_the_door_takes_signed_events_once_and_tries_what_waits(
    stack: Any,  # noqa: F811
    billing: UnderTheDemosNames,
):
    maya = Customer(billing, "A-1001")
    with stack.unit_of_work() as uow:
        command = {
            "command": "CancelSubscription",
            "subscription": "S-1001",
            "at_once": False,
            "requested_at": NOW.isoformat(),
            "refund_last_charge": False,
            "revoke": [],
        }
        uow.cancellations.put("c:1", "A-1001", command, requested_at=NOW)
        uow.commit()
    desk = EventDesk(SqlBillingEvents(stack.engine), stack.unit_of_work, billing, Standing())
    webhooks = StripeWebhooks(SECRET)

    def take(body: bytes, signature: str) -> bool:
        return take_billing_event(webhooks.read(body, signature, now=NOW), desk=desk)

    with TestClient(create_app(replace(stack.parts, take_stripe_event=take))) as web:
        headers = {"stripe-signature": signed(BODY)}
        assert web.post("/hooks/stripe", content=BODY).status_code == 401
        assert maya.subscription().cancels_on is None
        assert web.post("/hooks/stripe", content=BODY, headers=headers).json() == {"taken": True}
        assert maya.subscription().cancels_on is not None
        assert web.post("/hooks/stripe", content=BODY, headers=headers).json() == {"taken": False}
        large = web.post("/hooks/stripe", content=b"x" * 70_000, headers=headers)
        assert large.status_code == 413


def test_without_a_secret_there_is_no_such_door(stack: Any):  # noqa: F811
    with TestClient(create_app(stack.parts)) as web:
        answer = web.post("/hooks/stripe", content=BODY, headers={"stripe-signature": signed(BODY)})
    assert answer.status_code == 404


class Standing:
    def now(self) -> datetime:
        return NOW.astimezone(timezone.utc)
