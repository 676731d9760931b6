"""`queue`, `tickets` and `attempts` print what waits and what was tried."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main
from bot.storage.demo_store import SqlDemoAccounts
from bot.storage.engine import make_engine
from bot.use_cases.load_demo_accounts import load_demo_accounts
from tests.switchboards import Line


@pytest.fixture
def line(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    """A desk on the database that the command line finds by its settings."""
    monkeypatch.setenv("DESK_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("DESK_STATE_FOLDER", str(tmp_path))
    return Line(make_engine(sqlite_url))


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main(arguments) == 0
    said = capsys.readouterr().out
    return json.loads(said[said.index("[") :]) if "--json" in arguments else said


def test_the_queue_is_listed(line: Line, capsys: pytest.CaptureFixture[str]) -> None:
    assert "Nobody waits." in printed(capsys, "queue")
    here = line.open("A-1001").conversation
    line.say(here, button="person")
    capsys.readouterr()
    [waiting] = printed(capsys, "queue", "--json")
    assert (waiting["conversation"], waiting["account"], waiting["reason"]) == (
        here,
        "A-1001",
        "requested",
    )
    assert waiting.keys() >= {"waiting_since", "holder", "summary"}
    assert "A-1001, requested, queue" in printed(capsys, "queue")


def test_tickets_are_listed(line: Line, capsys: pytest.CaptureFixture[str]) -> None:
    assert "There are no tickets." in printed(capsys, "tickets")
    here = line.open("A-1001").conversation
    with line.unit_of_work() as uow:
        uow.tickets.leave(
            here,
            ticket="T-1",
            reason="complaint",
            contact="maya@example.org",
            summary={},
            cause="m",
            now=line.clock.now(),
        )
        uow.commit()
    capsys.readouterr()
    [ticket] = printed(capsys, "tickets", "--json")
    assert ticket.keys() == {
        "id", "conversation", "account", "reason", "contact", "created_at", "status", "summary",
    }  # fmt: skip
    assert "to maya@example.org" in printed(capsys, "tickets")


def an_attempt(line: Line) -> dict[str, Any]:
    return {
        "id": "t1",
        "account": "A-1001",
        "conversation": "c1",
        "about": "S-1",
        "reason": "too_expensive",
        "reasons": ["too_expensive"],
        "comment": "",
        "opened_at": line.clock.now().isoformat(),
        "closed_at": None,
        "outcome": None,
        "offers": [{"kind": "downgrade", "policy": "p@1", "shown_at": "", "answer": "none"}],
        "verdicts": [],
    }


def test_attempts_are_listed(line: Line, capsys: pytest.CaptureFixture[str]) -> None:
    load_demo_accounts(demo=SqlDemoAccounts(line.engine), clock=line.clock)
    account = ("--account", "A-1001")
    assert "There are no save attempts." in printed(capsys, "attempts", *account)
    with line.unit_of_work() as uow:
        uow.save_attempts.put(an_attempt(line))
        uow.commit()
    capsys.readouterr()
    assert printed(capsys, "attempts", *account, "--json") == [an_attempt(line)]
    assert "too_expensive, open; offers: downgrade none" in printed(capsys, "attempts", *account)


def test_an_unknown_account_is_no_empty_list(
    line: Line, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["attempts", "--account", "A-9999"]) == 1
    assert "A-9999" in capsys.readouterr().err
