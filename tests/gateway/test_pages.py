"""Pages, scripts, receipts, the demo's log-in, health and numbers."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bot.gateway import pages
from bot.gateway.receipts import ReceiptPaper
from bot.integrations.receipt_seal import check_seal
from bot.retention import receipts
from tests.gateway.stack import Stack, a_customer, in_process

RECEIPT = {
    "id": "r" * 32,
    "account": "A-1001",
    "conversation": None,
    "kind": "cancellation",
    "at": "2026-11-23T10:00:00Z",
    "lines": [["contract", "Family <script>alert(1)</script>"], ["last_charge", "$89.00"]],
}


@pytest.fixture
def with_receipt(stack: Stack) -> Stack:
    with stack.unit_of_work() as uow:
        uow.receipts.put(RECEIPT)
        uow.commit()
    return stack


def test_a_receipt_is_a_page_that_executes_nothing(with_receipt: Stack, web: TestClient) -> None:
    page = web.get(f"/receipts/{RECEIPT['id']}")

    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert "Family &lt;script&gt;" in page.text
    assert "<script" not in page.text
    assert "$89.00" in page.text
    assert page.headers["cache-control"] == "no-store"


def test_a_receipt_is_plain_text_when_asked(with_receipt: Stack, web: TestClient) -> None:
    text = web.get(f"/receipts/{RECEIPT['id']}?format=text")

    assert text.headers["content-type"].startswith("text/plain")
    lines = text.text.splitlines()
    assert lines[0] == "Cancellation confirmed"
    assert "Last charge: $89.00" in lines
    assert lines[-1].startswith("If you change your mind: ")


def test_a_receipt_is_a_sealed_file_when_asked(with_receipt: Stack, web: TestClient) -> None:
    file = web.get(f"/receipts/{RECEIPT['id']}?format=file")

    assert file.headers["content-disposition"] == 'attachment; filename="receipt-2026-11-23.json"'
    assert file.headers["cache-control"] == "no-store"
    sealed = file.json()
    receipt = check_seal(file.text, key=sealed["seal"]["key"])
    assert receipt["title"] == "Cancellation confirmed"
    assert ["Last charge", "$89.00"] in receipt["lines"]


def test_every_kind_of_receipt_and_every_line_has_words() -> None:
    """A new kind or line cannot be forgotten: receipts tell which there are."""
    words = ReceiptPaper.read().words
    assert {"queued", "order_canceled"} <= receipts.KINDS
    assert {"contract", "agreed", "refund_due"} <= receipts.LABELS
    assert set(words["titles"]) >= receipts.KINDS
    assert set(words["labels"]) >= receipts.LABELS


def test_an_unknown_receipt_is_not_found(with_receipt: Stack, web: TestClient) -> None:
    for guess in ("r" * 31, "R" * 32, "%00", "..%2f..%2fetc%2fpasswd", "1"):
        assert web.get(f"/receipts/{guess}").status_code == 404


@pytest.mark.parametrize("path", sorted(pages.PAGES))
def test_the_built_pages_are_served(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, path: str
) -> None:
    (tmp_path / pages.PAGES[path]).write_text("<!doctype html><title>here</title>")
    monkeypatch.setattr(pages, "DIST", tmp_path)
    with in_process(stack) as web:
        page = web.get(path)

    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-cache"


def test_pages_that_are_not_built_say_how_to_build_them(
    web: TestClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(pages, "DIST", tmp_path)

    answer = web.get("/")

    assert answer.status_code == 503
    assert "make" in answer.json()["error"]["message"]


@pytest.mark.parametrize("path", ["/assets/../index.html", "/assets/%2e%2e/%2e%2e/settings.py"])
def test_files_beside_the_assets_are_not_served(web: TestClient, path: str) -> None:
    assert web.get(path).status_code == 404


def test_one_can_become_a_demo_customer(web: TestClient, stack: Stack) -> None:
    customers = web.get("/api/demo/customers").json()
    identity = web.post("/api/demo/identity", json={"account": customers[0]["account"]}).json()
    opened = web.post("/api/conversations", json=identity)

    assert customers[0] == {
        "account": "A-1001",
        "name": "Maya",
        "line": "Family plan, 14 months, Colorado",
    }
    assert opened.json()["account"] == "A-1001"


def test_nobody_can_become_another_account_by_the_demo(web: TestClient) -> None:
    answer = web.post("/api/demo/identity", json={"account": "B-9"})

    assert answer.json()["error"]["code"] == "account_not_found"


def test_the_gateway_is_ready_when_every_part_is(stack: Stack) -> None:
    stack.checks.update(database=lambda: None, assistant=lambda: None)
    stack.build()
    with TestClient(stack.app, client=("127.0.0.1", 1)) as web:
        ready = web.get("/health/ready")

    assert ready.status_code == 200
    assert ready.json() == {
        "ready": True,
        "parts": {"database": {"ready": True}, "assistant": {"ready": True}},
    }


def test_a_part_that_is_not_well_is_named(stack: Stack) -> None:
    def broken() -> str | None:
        raise OSError("no route")

    stack.checks.update(
        database=broken, assistant=lambda: "No answer. Start it.", disk=lambda: None
    )
    stack.build()
    with TestClient(stack.app, client=("127.0.0.1", 1)) as web:
        ready, live = web.get("/health/ready"), web.get("/health/live")

    assert live.status_code == 200
    assert ready.status_code == 503
    parts = ready.json()["parts"]
    assert parts["assistant"] == {"ready": False, "problem": "No answer. Start it."}
    assert parts["database"] == {"ready": False, "problem": "The check failed with OSError."}
    assert parts["disk"] == {"ready": True}


def test_the_numbers_count_requests_and_turns(stack: Stack) -> None:
    with TestClient(stack.app, client=("127.0.0.1", 1), base_url="http://127.0.0.1") as web:
        maya = a_customer(web, stack)
        maya.say("hello")
        maya.until_idle()
        numbers = web.get("/metrics").text

    assert 'desk_requests_total{route="post_a_message",status="200"} 1.0' in numbers
    assert 'desk_turns_total{result="answered"} 1.0' in numbers
    assert "desk_turn_seconds_bucket" in numbers
    assert maya.conversation not in numbers


def test_31_logs_hold_ids_and_no_words(
    web: TestClient, stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    maya = a_customer(web, stack)
    maya.say("my sister died")
    maya.until_idle()

    logged = capsys.readouterr()
    assert maya.conversation in logged.err
    assert "sister" not in logged.out + logged.err
    assert maya.token not in logged.out + logged.err
