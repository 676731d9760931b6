"""What a billing system over HTTP tells is read strictly; what makes no sense decides nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from bot.errors import AccountNotFound, BillingUnavailable, NotPossible, SetupError
from bot.integrations.http_billing_client import HttpBillingClient
from bot.integrations.http_billing_reading import read_account, read_capabilities, read_catalogue
from bot.integrations.typed_json import DoesNotFit
from bot.money import Money
from bot.retention.capabilities import Capability
from bot.retention.commands import GrantCredit
from tests.factories import NOW
from tests.http_billing.served import TOKEN, http_billing

pytestmark = pytest.mark.stack

PROBLEM = "application/problem+json"


@pytest.fixture
def told(server) -> dict[str, Any]:
    """Maya's account as the reference server tells it."""
    client = HttpBillingClient(server.url, token=TOKEN, timeout_seconds=5)
    return client.get("/v1/accounts/A-1001", dict)


def changed(told: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Return a copy with one thing replaced; `path` as in `subscriptions.0.price`."""
    copy = json.loads(json.dumps(told))
    *steps, last = [int(step) if step.isdecimal() else step for step in path.split(".")]
    place = copy
    for step in steps:
        place = place[step]
    place[last] = value
    return copy


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("account", "A-1002", "'A-1001' was asked for"),
        ("as_of", "2026-03-10T09:30:00", "no instant"),
        ("as_of", "0001-01-01T00:00:00+14:00", "no instant"),
        ("as_of", "2026-02-30T00:00:00Z", "no instant"),
        ("currency", "EUR", "credit: is in USD, the account in EUR"),
        ("credit", None, "credit: is 'None', which is not an object"),
        ("credit.currency", "usd", "none such as USD"),
        ("credit.minor", 12.5, "not a whole number"),
        ("credit.minor", True, "not a whole number"),
        ("customer.name", 7, "customer.name: is '7', which is not text"),
        ("invoices", {}, "not a list"),
        ("invoices.0.status", "lost", "none of open, overdue, paid"),
        ("boxes.0.late", "no", "not true or false"),
        ("concessions", [{}], r"concessions\[0\].id: is missing"),
        ("subscriptions.0.status", "gone", "none of trialing"),
        ("subscriptions.0.interval", "week", "none of month, year"),
        ("subscriptions.0.renews_on", None, "does not go with a active one"),
        ("subscriptions.0.renews_on", "2026-02-30", "no day"),
        ("subscriptions.0.renews_on", "20260301", "no day"),
        ("subscriptions.0.status", "canceled", "canceled_at: does not go with"),
        ("subscriptions.0.price.minor", -1, "price: does not go with"),
        ("subscriptions.0.discount", {"percent": 0, "ends_on": "2026-05-01"}, "discount"),
        (
            "subscriptions.0.pause",
            {"starts_on": "2026-05-01", "resumes_on": "2026-05-01"},
            "pause: does not go with",
        ),
    ],
)
def test_nonsense_in_an_account_is_refused_with_its_place(told, path, value, said):
    read_account(told, "A-1001")
    with pytest.raises(DoesNotFit, match=said):
        read_account(changed(told, path, value), "A-1001")


def test_two_subscriptions_of_one_id_are_refused(told):
    twice = changed(told, "subscriptions", told["subscriptions"] * 2)
    with pytest.raises(DoesNotFit, match="the same id"):
        read_account(twice, "A-1001")


def test_lists_may_come_in_any_order(told):
    turned = {k: v[::-1] if k in ("invoices", "boxes") else v for k, v in told.items()}
    assert turned != told, "the premise"
    assert read_account(turned, "A-1001") == read_account(told, "A-1001")


def test_what_the_contract_does_not_name_is_passed_over(told):
    more = changed({**told, "loyalty": "gold"}, "subscriptions.0.colour", "green")
    assert read_account(more, "A-1001") == read_account(told, "A-1001")


@pytest.mark.parametrize(
    "as_of",
    [
        "2026-03-10T09:30:00Z",
        "2026-03-10t11:30:00.000000000+02:00",
        "2026-03-10 05:00:00.0-04:30",
    ],
)
def test_an_instant_may_be_told_in_any_offset_and_as_finely_as_systems_do(told, as_of):
    assert read_account(changed(told, "as_of", as_of), "A-1001").as_of == NOW


def test_a_whole_number_may_be_written_as_some_systems_do(told):
    written = changed(told, "subscriptions.0.price.minor", 8900.0)
    [subscription] = read_account(written, "A-1001").history.subscriptions
    assert (subscription.price.minor, type(subscription.price.minor)) == (8900, int)


def test_fractions_of_a_second_are_kept(told):
    read = read_account(changed(told, "as_of", "2026-03-10T09:30:00.5Z"), "A-1001")
    assert read.as_of - NOW == timedelta(milliseconds=500)


def test_capabilities_of_a_later_contract_are_passed_over():
    told = read_capabilities({"system": "ledger", "capabilities": ["pause", "teleport"]})
    assert (told.system, told.declared) == ("ledger", frozenset({Capability.PAUSE}))


def test_a_catalogue_with_another_rhythm_is_refused(told):
    weekly = changed({"plans": told["catalogue"]}, "plans.0.interval", "week")
    with pytest.raises(DoesNotFit, match=r"plans\[0\].interval"):
        read_catalogue(weekly)


# Other answers than those of the contract


@dataclass
class Says:
    """An HTTP server that gives every request one answer."""

    status: int
    body: bytes
    kind: str = "application/json"
    asked: int = 0


@contextmanager
def saying(answer: Says) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer.asked += 1
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(answer.body)))
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(answer.body)

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Stay quiet."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    thread = Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.server_address[1]}"
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()


def problem(code: str, status: int) -> Says:
    body = {"type": f"urn:save-desk:billing:{code}", "title": "No", "detail": "that is why"}
    return Says(status, json.dumps(body).encode(), PROBLEM)


@pytest.mark.parametrize(
    ("answer", "said", "times"),
    [
        (Says(200, b"<html>Welcome</html>"), "no JSON", 3),
        (Says(200, b"[]"), "another shape", 3),
        (Says(200, b"{}"), "makes no sense: as_of: is missing", 3),
        (Says(204, b""), "no JSON", 3),
        (Says(201, b"{}"), "status 201, which the contract does not know", 1),
        (Says(302, b""), "sends us elsewhere .* check DESK_BILLING_URL", 1),
        (Says(401, b"{}"), "refuses the key .* check DESK_BILLING_TOKEN", 1),
        (Says(404, b'{"error": "no route"}'), "a refusal that the contract does not know", 1),
        (problem("out-of-paper", 409), "a refusal that the contract does not know", 1),
        (problem("not-possible", 409), "refused to be read: that is why", 1),
        (problem("in-progress", 409), "still at work", 3),
        (problem("invalid-request", 400), "does not understand the desk: that is why", 1),
        (Says(429, b"{}"), "status 429", 3),
        (Says(500, b"oops"), "status 500", 3),
    ],
)
def test_an_answer_that_is_not_of_the_contract_is_unavailable_and_says_why(
    journal, answer, said, times
):
    with saying(answer) as url, pytest.raises(BillingUnavailable, match=said):
        http_billing(url, journal).history("A-1001", now=NOW)
    assert answer.asked == times


def test_an_account_is_unknown_only_where_the_contract_says_so(journal):
    with saying(problem("account-not-found", 404)) as url, pytest.raises(AccountNotFound):
        http_billing(url, journal).history("A-1001", now=NOW)


@pytest.mark.parametrize("account", ["", "..", "A/1", "A-1?x=1", "A 1", "Ä-1", "A" * 65])
def test_what_cannot_be_a_number_is_asked_of_nobody(journal, account):
    with pytest.raises(AccountNotFound):
        http_billing("http://127.0.0.1:9", journal).history(account, now=NOW)


def test_without_an_address_or_a_token_it_is_refused_at_the_start():
    for url, token in (("", "t"), ("https://billing.example", "")):
        with pytest.raises(SetupError, match="DESK_BILLING_URL and DESK_BILLING_TOKEN"):
            HttpBillingClient(url, token=token, timeout_seconds=1)


def test_a_wrong_token_is_told_as_such_and_nothing_was_changed(server, journal):
    with pytest.raises(BillingUnavailable, match="check DESK_BILLING_TOKEN") as raised:
        http_billing(server.url, journal, token="another").execute(
            "A-1001", GrantCredit(Money(100)), key="k", now=NOW
        )
    assert not raised.value.may_have_happened


def test_capabilities_are_kept_while_the_system_is_down_and_unknown_before(server, journal, line):
    billing = http_billing(line.url, journal)
    line.cut()
    with pytest.raises(BillingUnavailable):
        _ = billing.capabilities
    line.mend()
    heard = billing.capabilities
    assert heard.declared == frozenset(Capability)
    line.cut()
    billing._declared = (-1000.0, heard)
    assert billing.capabilities == heard


def test_a_key_of_any_letters_is_one_key(billing):
    told = [
        billing.execute("A-1001", GrantCredit(Money(100)), key=key, now=NOW).credit.minor
        for key in ("ä 1", "ä 1", "%C3%A4%201", "c:1/é", "c:1/é")
    ]
    assert told == [100, 100, 200, 300, 300]


def test_a_refusal_has_the_reason_that_the_system_gave(billing):
    with pytest.raises(NotPossible, match=r"refused it: .*more than nothing"):
        billing.execute("A-1001", GrantCredit(Money(0)), key="k", now=NOW)
