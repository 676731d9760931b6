"""Check-ins are raised, told once on the site or by mail, and switched off in one click."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot import bootstrap
from bot.errors import NotFound
from bot.integrations.off_links import ZONES, SignedOffLinks
from bot.storage.check_in_tables import check_in_switches, check_ins_told
from bot.storage.desk_tables import outbox
from bot.use_cases.make_move import Desk
from bot.use_cases.raise_check_ins import CheckInDesk, Raised, raise_check_ins
from bot.use_cases.send_outbox import send_outbox
from bot.use_cases.switch_check_ins import switch_check_ins_off
from tests.fakes import FakeMail
from tests.use_cases.talk import Talk, a_desk_on

LINKS = SignedOffLinks("a key for tests", "https://larder.example")


@pytest.fixture
def desk(engine: Any) -> Desk:
    return a_desk_on(engine)


def check_in_desk(desk: Desk, *, by_mail: bool = False) -> CheckInDesk:
    return CheckInDesk(
        desk.unit_of_work, desk.billing, desk.terms, LINKS, ZONES, "https://larder.example", by_mail
    )


def raised(desk: Desk, *, by_mail: bool = False, dry_run: bool = False) -> list[Raised]:
    now = desk.clock.now()
    return raise_check_ins(desk=check_in_desk(desk, by_mail=by_mail), now=now, dry_run=dry_run)


def told(found: list[Raised], way: str) -> set[str]:
    return {one.check_in.account for one in found if one.way == way}


def rows(desk: Desk, table: sa.Table) -> list:
    with desk.unit_of_work() as uow:
        return uow.tickets._connection.execute(sa.select(table)).all()  # type: ignore[attr-defined]


def an_occasion(desk: Desk) -> Raised:
    found = [one for one in raised(desk) if one.way == "site"]
    assert found, "the demo company has somebody to tell something"
    return found[0]


def test_a_dry_run_shows_and_stores_nothing(desk):
    first = raised(desk, by_mail=True, dry_run=True)
    assert first
    assert raised(desk, by_mail=True, dry_run=True) == first
    assert rows(desk, check_ins_told) == rows(desk, outbox) == []


def test_what_was_raised_is_told_after_the_greeting_once(desk):
    account = an_occasion(desk).check_in.account
    here = Talk(desk, account, "c-9").open()
    greeting, told_of, *_ = [say.response for say in here.reply.says]
    assert greeting == "utter_welcome"
    assert told_of.startswith("utter_check_in_")
    again = Talk(desk, account, "c-10").open()
    assert [say.response for say in again.reply.says] == ["utter_welcome"]
    assert [row.way for row in rows(desk, check_ins_told)] == ["site"]


def test_nothing_is_told_that_nobody_raised(desk):
    account = raised(desk, dry_run=True)[0].check_in.account
    here = Talk(desk, account, "c-9").open()
    assert [say.response for say in here.reply.says] == ["utter_welcome"]


def test_a_second_round_raises_nothing_anew_for_the_same_account(desk):
    one = an_occasion(desk)
    Talk(desk, one.check_in.account, "c-9").open()
    again = [r for r in raised(desk) if r.check_in.account == one.check_in.account]
    assert all(r.way is None for r in again)


def test_the_exit_works_right_below_it(desk):
    found = [r for r in raised(desk) if r.way and r.check_in.kind.value == "failed_payment"]
    assert found, "the demo company has an account whose payment failed"
    here = Talk(desk, found[0].check_in.account, "c-9").open()
    assert here.says("press_cancel")[0].startswith("utter_left_")


def test_they_are_switched_off_in_the_chat(desk):
    account = an_occasion(desk).check_in.account
    here = Talk(desk, account, "c-9").open()
    assert here.presses("utter_button_check_ins_off") == ["utter_check_ins_off"]
    desk.clock.pass_by(timedelta(days=40))
    mine = [one for one in raised(desk) if one.check_in.account == account]
    assert all(one.why_not == "switched_off" for one in mine)


def test_a_mail_goes_out_once_with_a_link_that_switches_them_off(desk):
    desk.clock._now = desk.clock.now().replace(hour=17)
    sent = told(raised(desk, by_mail=True), "mail")
    assert sent
    assert not told(raised(desk, by_mail=True), "mail")
    assert len(rows(desk, outbox)) == len(sent)
    mail = FakeMail()
    for _ in range(2):
        send_outbox(
            unit_of_work=desk.unit_of_work,
            clock=desk.clock,
            mail=mail,
            wording=bootstrap.wording(),
        )
    assert len(mail.sent) == len(sent)
    for (_, _, text), headers in zip(mail.sent, mail.headers, strict=True):
        link = headers["List-Unsubscribe"].strip("<>")
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert link in text
        assert LINKS.account(link.rpartition("/")[2]) in sent


def test_no_mail_is_sent_in_the_quiet_hours_and_it_is_made_up_for(desk):
    desk.clock._now = desk.clock.now().replace(hour=3)
    assert not told(raised(desk, by_mail=True), "mail")
    desk.clock._now = desk.clock.now().replace(hour=17)
    assert told(raised(desk, by_mail=True), "mail")


def test_who_was_told_by_mail_is_not_told_again_on_the_site(desk):
    desk.clock._now = desk.clock.now().replace(hour=17)
    [account, *_] = sorted(told(raised(desk, by_mail=True), "mail"))
    here = Talk(desk, account, "c-9").open()
    assert [say.response for say in here.reply.says] == ["utter_welcome"]


def test_nobody_is_told_anything_while_a_person_takes_care_of_them(desk):
    account = raised(desk, dry_run=True)[0].check_in.account
    Talk(desk, account, "c-9").open().says("press_person")
    mine = [one for one in raised(desk) if one.check_in.account == account]
    assert {one.why_not for one in mine} == {"with_people"}


def test_a_link_switches_off_one_account_and_no_other_link_does(desk):
    token = LINKS.link("A-1001").rpartition("/")[2]
    for _ in range(2):
        switch_check_ins_off(token, links=LINKS, unit_of_work=desk.unit_of_work, clock=desk.clock)
    assert [(row.account, row.is_on) for row in rows(desk, check_in_switches)] == [
        ("A-1001", False)
    ]
    other = SignedOffLinks("another key", "https://larder.example")
    forged = [
        other.link("A-1001").rpartition("/")[2],
        token[:-1] + ("0" if token[-1] != "0" else "1"),
        LINKS.link("A-1002").rpartition("/")[2].partition(".")[0] + "." + token.partition(".")[2],
        "", ".", "é.é", "QS0xMDAx",
    ]  # fmt: skip
    for bad in forged:
        with pytest.raises(NotFound):
            switch_check_ins_off(bad, links=LINKS, unit_of_work=desk.unit_of_work, clock=desk.clock)


def test_every_check_in_has_its_words_and_its_figures(desk):
    for one in raised(desk, dry_run=True):
        figures = {**one.check_in.figures, "name": "n", "company": "c", "site": "s", "off": "o"}
        subject, text = bootstrap.wording().mail(f"check_in_{one.check_in.kind.value}", figures)
        assert subject
        assert "o" in text
