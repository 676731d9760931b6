"""The page on which an administrator reads what staff did and saw."""

from __future__ import annotations

import re
from typing import Any

from bot.people.audit import AuditEntry
from bot.people.role import Role
from bot.use_cases.invite_person import invite_person
from bot.use_cases.show_audit import AT_A_TIME
from tests.gateway.stack import Stack
from tests.gateway.staff_browser import signed_in


def entries_of(page: Any) -> list[str]:
    """Return each entry of the page as one line of plain words."""
    listed = page.text.partition('aria-label="Entries"')[2].partition("</ol>")[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in listed.split("<li>")[1:]]


def numbers_of(page: Any) -> list[int]:
    return [int(found) for found in re.findall(r"entry (\d+)", page.text)]


def test_an_administrator_reads_who_did_what_newest_first_and_is_noted_too(stack: Stack) -> None:
    _, kim = signed_in(stack, Role.AGENT, name="Kim")
    with stack.reception.unit_of_work() as uow:
        uow.audit.add(
            AuditEntry("conversation_viewed", kim.id, "c-77"), now=stack.reception.clock.now()
        )
        uow.commit()
    ida, me = signed_in(stack, Role.ADMINISTRATOR, name="Ida")

    first = entries_of(ida.get("/audit"))
    assert f"Signed in , Ida ({me.email})" in first[0]
    assert f"Conversation viewed , Kim ({kim.email})" in first[1]
    assert "conversation c-77" in first[1]
    assert re.search(r"\d{1,2} [A-Z][a-z]+ \d{4}, \d\d:\d\d UTC", first[1])

    again = entries_of(ida.get(f"/audit?person={kim.email}"))
    assert len(again) == 2
    assert all("Kim" in one for one in again)
    invite_person(kim.email, by=me.id, at=stack.reception)
    invited, *noted = entries_of(ida.get("/audit"))
    assert f"whom: Kim ({kim.email}), new second factor: no" in invited
    assert "Audit viewed , Ida" in noted[0]
    assert f"whom: Kim ({kim.email})" in noted[0]


def test_only_administrators_get_at_it_and_a_denied_try_is_noted(stack: Stack) -> None:
    others = [signed_in(stack, role)[0] for role in Role if role is not Role.ADMINISTRATOR]
    assert [browser.get("/audit").status_code for browser in others] == [403] * 3
    ida, _ = signed_in(stack, Role.ADMINISTRATOR)
    page = ida.get("/audit")
    assert page.status_code == 200
    assert sum(one.startswith("Denied") for one in entries_of(page)) == 3


def test_older_entries_follow_page_by_page_with_none_left_out_or_shown_twice(stack: Stack) -> None:
    ida, me = signed_in(stack, Role.ADMINISTRATOR)
    with stack.reception.unit_of_work() as uow:
        many = [AuditEntry("beat", me.id) for _ in range(AT_A_TIME)]
        uow.audit.add(*many, now=stack.reception.clock.now())
        uow.commit()
    newest = ida.get("/audit")
    [older] = re.findall(r'href="(/audit\?[^"]*before=\d+)"', newest.text)
    rest = ida.get(older.replace("&amp;", "&"))
    numbers = numbers_of(newest) + numbers_of(rest)
    assert numbers == list(range(AT_A_TIME + 1, 0, -1))
    assert "Older entries" not in rest.text


def test_what_cannot_be_found_is_said_and_odd_numbers_are_passed_over(stack: Stack) -> None:
    ida, _ = signed_in(stack, Role.ADMINISTRATOR)
    for nobody in ("nobody@larder.example", "<b>"):
        page = ida.get(f"/audit?person={nobody}")
        assert page.status_code == 422
        assert 'role="alert"' in page.text
        assert "<b>" not in page.text
    for odd in ("-1", "x", "9" * 30, "²"):
        assert entries_of(ida.get(f"/audit?before={odd}"))
    assert entries_of(ida.get("/audit?before=0")) == []
