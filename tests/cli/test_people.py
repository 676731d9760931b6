"""Looking after the staff, and reading what they did, on the command line."""

from __future__ import annotations

import json
import socket
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler

from bot import bootstrap_base, bootstrap_staff, settings
from bot.__main__ import main
from bot.errors import SignInNeeded, SignInRefused
from bot.people.audit import AuditEntry
from bot.people.permissions import Permission
from bot.use_cases.accept_invitation import accept_invitation
from bot.use_cases.load_demo_staff import DEMO_PASSWORD, DEMO_STAFF
from bot.use_cases.note_audit import note_audit
from bot.use_cases.reception import Visitor
from bot.use_cases.sign_in import sign_in
from bot.use_cases.staff_session import who_is

ZELDA = ("zelda@larder.example", "--name", "Zelda", "--roles", "agent")
NOOR = ("noor@larder.example", "--name", "Noor", "--roles", "agent,manager")


@pytest.fixture(autouse=True)
def using(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> settings.Settings:
    monkeypatch.setenv("DESK_STATE_FOLDER", str(tmp_path))
    return settings.load()


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(arguments)
    out, err = capsys.readouterr()
    return code, out, err


def listed(capsys: pytest.CaptureFixture[str], email: str) -> dict[str, object]:
    rows = json.loads(said(capsys, "people", "list", "--json")[1])
    found: dict[str, object] = next(row for row in rows if row["email"] == email)
    return found


def test_somebody_is_added_and_signs_in_with_the_link_that_is_printed(using, capsys):
    code, out, _ = said(
        capsys,
        "people",
        "add",
        *NOOR,
        "--level",
        "senior",
        "--skills",
        "billing,vip",
        "--team",
        "care",
        "--capacity",
        "5",
    )
    link = out.splitlines()[-1]
    assert code == 0
    assert link.startswith(f"{using.public_url}/invitations/")
    noor = listed(capsys, "noor@larder.example")
    assert (noor["roles"], noor["level"], noor["skills"]) == (
        ["agent", "manager"],
        "senior",
        ["billing", "vip"],
    )
    assert (noor["team"], noor["capacity"], noor["has_password"]) == ("care", 5, False)

    at = bootstrap_staff.reception(using)
    accept_invitation(link.rpartition("/")[2], "seven red bicycles", at=at)

    assert sign_in("noor@larder.example", "seven red bicycles", Visitor("::1"), at=at).secret
    assert listed(capsys, "noor@larder.example")["has_password"]


class Kept(MessageHandler):
    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Any] = []

    def handle_message(self, message: Any) -> None:
        self.mails.append(message)


def test_an_invitation_is_sent_by_mail_and_not_printed(using, capsys, monkeypatch):
    kept = Kept()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    monkeypatch.setenv("DESK_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("DESK_SMTP_PORT", str(port))
    try:
        code, out, _ = said(capsys, "people", "add", *NOOR, "--mail")
    finally:
        server.stop()

    [mail] = kept.mails
    text = mail.get_payload(decode=True).decode()
    assert (code, mail["To"], mail["Subject"]) == (0, "noor@larder.example", "Join Larder")
    assert "invitations/" not in out
    secret = text.split("/invitations/")[1].split()[0]
    assert (
        accept_invitation(secret, "seven red bicycles", at=bootstrap_staff.reception(using)).name
        == "Noor"
    )


def test_without_a_mail_server_nobody_is_added_whom_no_mail_can_reach(capsys):
    code, _, err = said(capsys, "people", "add", *NOOR, "--mail")
    assert (code, err) == (1, "No mail server is set. Set DESK_SMTP_HOST, or leave out --mail.\n")
    assert "noor@" not in said(capsys, "people", "list")[1]


def test_what_somebody_works_as_can_be_changed_in_parts(capsys):
    said(capsys, "people", "add", *NOOR, "--team", "care")
    assert said(capsys, "people", "roles", "noor@larder.example", "trainer")[1] == (
        "Noor works as trainer from now on.\n"
    )
    said(capsys, "people", "change", "noor@larder.example", "--team", "", "--level", "lead")
    noor = listed(capsys, "noor@larder.example")
    assert (noor["roles"], noor["team"], noor["level"], noor["name"]) == (
        ["trainer"],
        "",
        "lead",
        "Noor",
    )


def test_somebody_is_disabled_and_enabled_again(capsys):
    said(capsys, "people", "add", *NOOR)
    said(capsys, "people", "disable", "noor@larder.example")
    assert listed(capsys, "noor@larder.example")["disabled_at"]
    assert "disabled since" in said(capsys, "people", "list")[1]
    said(capsys, "people", "enable", "noor@larder.example")
    assert listed(capsys, "noor@larder.example")["disabled_at"] is None


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("add", "noor", "--name", "N", "--roles", "agent"), "no e-mail address"),
        (("add", "n@l.example", "--name", "N", "--roles", "king"), "'king' is no role"),
        (("roles", "who@larder.example", "agent"), "Nobody of the staff"),
        (("invite", "who@larder.example"), "Nobody of the staff"),
        (("change", "kim@larder.example", "--capacity", "0"), "from 1 to 50"),
        (("change", "kim@larder.example", "--skills", "two words"), "is no skill"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_one_sentence(capsys, arguments, told):
    code, out, err = said(capsys, "people", *arguments)
    assert (code, out) == (1, "")
    assert told in err
    assert err.count("\n") == 1


def test_in_development_the_demos_people_are_there_with_their_password(using, capsys):
    assert {demo.email for demo in DEMO_STAFF} <= {
        row["email"] for row in json.loads(said(capsys, "people", "list", "--json")[1])
    }
    at = bootstrap_staff.reception(using)
    for demo in DEMO_STAFF:
        assert sign_in(demo.email, DEMO_PASSWORD, Visitor("::1"), at=at).secret


def test_the_demos_people_are_told_in_the_documentation():
    told = (settings.ROOT / "bot/docs/demo-accounts.md").read_text()
    assert DEMO_PASSWORD in told
    assert [demo.email for demo in DEMO_STAFF if demo.email not in told] == []


def test_34_the_audit_tells_who_did_what_and_whether_it_is_whole(using, capsys):
    said(capsys, "people", "add", *NOOR)
    noor = str(listed(capsys, "noor@larder.example")["id"])
    note_audit(
        AuditEntry("conversation_seen", noor, "c1"),
        AuditEntry("conversation_seen", noor, "c2"),
        unit_of_work=bootstrap_base.unit_of_work(using),
        clock=bootstrap_staff.reception(using).clock,
    )
    lines = said(capsys, "audit")[1].splitlines()
    assert [line.split("  ")[-2] if "seen" in line else "" for line in lines[-2:]] == [
        "conversation_seen",
        "conversation_seen",
    ]
    assert "noor@larder.example  conversation_seen  conversation c2" in lines[-1]
    mine = said(capsys, "audit", "show", "--person", "noor@larder.example")[1].splitlines()
    assert len(mine) == 2
    one = json.loads(said(capsys, "audit", "--conversation", "c1", "--json")[1])
    assert [entry["payload"]["conversation"] for entry in one] == ["c1"]
    assert len(said(capsys, "audit", "--last", "1")[1].splitlines()) == 1
    code, out, _ = said(capsys, "audit", "verify")
    assert (code, out.splitlines()[0]) == (0, "4 entries are whole and in order. The newest link:")


def test_an_erased_person_leaves_a_number_and_an_audit_that_holds(using, capsys):
    link = said(capsys, "people", "add", *ZELDA, "--skills", "billing", "--team", "care")[1]
    zelda = str(listed(capsys, "zelda@larder.example")["id"])
    at = bootstrap_staff.reception(using)
    accept_invitation(link.splitlines()[-1].rsplit("/", 1)[1], "nine quiet otters", at=at)
    session = sign_in("zelda@larder.example", "nine quiet otters", Visitor("::1"), at=at)
    with pytest.raises(SignInRefused):
        sign_in("zelda@larder.example", "wrong", Visitor("::1"), at=at)
    code, _, err = said(capsys, "people", "erase", "zelda@larder.example")
    assert (code, "--yes" in err) == (1, True)
    code, out, _ = said(capsys, "people", "erase", "zelda@larder.example", "--yes")
    assert (code, zelda in out) == (0, True)
    left = listed(capsys, f"{zelda}@erased.invalid")
    assert (left["name"], left["has_password"], left["skills"]) == ("A former colleague", False, [])
    with pytest.raises(SignInNeeded):
        who_is(session.secret, Permission.OWN_ACCOUNT, at=at)
    assert said(capsys, "people", "erase", "zelda@larder.example", "--yes")[0] == 1
    assert said(capsys, "audit", "verify")[0] == 0
    with sqlite3.connect(using.state_folder / "desk.db") as connection:
        assert [row for row in connection.iterdump() if "zelda" in row.lower()] == []
    connection.close()


def test_34_an_audit_that_was_tampered_with_is_found(using, capsys):
    said(capsys, "people", "add", *NOOR)
    engine = bootstrap_base.database(using.database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_update")
        connection.exec_driver_sql(
            "UPDATE audit SET person = 'p2', payload = '{}' WHERE number = 1"
        )
    code, _, err = said(capsys, "audit", "verify")
    assert (code, err) == (1, "The audit was tampered with. Entry 1 (person_added) was changed.\n")
