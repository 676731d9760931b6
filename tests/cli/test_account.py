"""The command line shows accounts and puts the demo back."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from bot.__main__ import main
from bot.bootstrap import billing, prepare
from bot.integrations.clock import SystemClock
from bot.money import Money
from bot.retention.commands import CancelOrder, GrantCredit
from bot.settings import Settings, load

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def settings(tmp_path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("DESK_STATE_FOLDER", str(tmp_path))
    using = load()
    prepare(using)
    return using


@pytest.fixture
def run(settings: Settings, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_account_shows_what_the_billing_system_has_as_json(run):
    code, out, err = run("account", "A-1010", "--json")
    shown = json.loads(out)
    assert (code, err) == (0, "")
    assert (shown["account"], shown["orders"][0]["status"]) == ("A-1010", "paid")


@pytest.mark.parametrize(
    ("account", "lines"),
    [
        ("A-1003", ["A-1003  Priya <priya@larder.example>  US-CA", "discount: percent 20"]),
        ("A-1007", ["solo, paused, $39.00 a month", "pause: starts on"]),
        ("A-1011", ["O-5002  Cast iron pan, delivered, $79.00"]),
        ("A-1014", ["cancels on 20"]),
        ("A-1009", ["overdue"]),
    ],
)
def test_account_can_be_read_by_people(run, account, lines):
    code, out, _err = run("account", account)
    assert code == 0
    assert [line for line in lines if line not in out] == []


def test_an_unknown_account_is_one_clear_sentence(run):
    code, out, err = run("account", "A-9", "--json")
    assert (code, out) == (1, "")
    assert err == "There is no account 'A-9'. Check the account number.\n"


def test_demo_reset_puts_the_accounts_back(run, settings):
    now = SystemClock().now()
    billing(settings).execute("A-1010", CancelOrder("O-5001"), key="a", now=now)
    billing(settings).execute("A-1001", GrantCredit(Money(100)), key="b", now=now)
    assert json.loads(run("account", "A-1010", "--json")[1])["orders"][0]["status"] == "canceled"
    code, out, _err = run("demo", "--reset")
    assert code == 0
    assert out.endswith("16 demo accounts are back to how they began.\n")
    assert json.loads(run("account", "A-1010", "--json")[1])["orders"][0]["status"] == "paid"
    assert json.loads(run("account", "A-1001", "--json")[1])["credit_minor"] == 0


def test_demo_alone_says_what_to_type(run):
    code, _out, err = run("demo")
    assert code == 1
    assert "demo --reset" in err
