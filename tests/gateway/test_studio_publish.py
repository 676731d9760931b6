"""The trainers' page of versions: what it shows, whom it obeys, and what it asks of the desk."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sa

from bot.bootstrap_publishing import publishing
from bot.model_files import content_hash
from bot.people.role import Level, Role
from bot.publishing.comparison import (
    Check,
    Comparison,
    OfIntent,
    Read,
    Reading,
    as_document,
)
from bot.publishing.history import Kind, Line
from bot.settings import ROOT
from bot.storage.people_tables import audit
from tests.gateway.stack import Stack
from tests.gateway.staff_browser import StaffBrowser, signed_in

HERE = "/studio/publish"
NOW = datetime(2026, 11, 29, 12, tzinfo=timezone.utc)
GREEN = OfIntent("ask_plan", 40, 30, 38)
YELLOW = OfIntent("ask_plan", 400, 380, 378)
RED = OfIntent("ask_plan", 40, 38, 30)
CHANGED = Read("<b>enough</b>", Reading("thank"), Reading("complain", ("unused",)))


class Versions:
    """A history of two versions, a comparison of the data as it is, and a desk that listens."""

    def __init__(self, stack: Stack) -> None:
        self.at = publishing(stack.settings)
        self._stack = stack
        for number in (1, 2):
            line = Line(Kind.PUBLISHED, number, f"m{number}.tar.gz", "d", "p", "Kim <Lee>", NOW)
            self.at.versions.add(line)

    def compared(self, of: OfIntent, *checks: Check) -> None:
        candidate = f"{content_hash(ROOT)}.tar.gz"
        found = Comparison(candidate, "m2.tar.gz", 2, (of,), (CHANGED,), checks)
        self.at.comparison.write_text(json.dumps(as_document(found)))

    def wish(self) -> dict[str, Any] | None:
        taken = self.at.wishes.take()
        return taken[1] if taken else None

    def audited(self) -> list[tuple[str, dict[str, Any]]]:
        with self._stack.engine.connect() as connection:
            rows = connection.execute(sa.select(audit).order_by(audit.c.number)).all()
        return [
            (row.kind, {key: value for key, value in row.payload.items() if value is not None})
            for row in rows
            if row.kind.startswith("publishing")
        ]


@pytest.fixture
def versions(stack: Stack) -> Versions:
    made = Versions(stack)
    made.at.wishes.attend()
    return made


def a_trainer(stack: Stack) -> StaffBrowser:
    return signed_in(stack, Role.TRAINER)[0]


def test_without_a_history_there_is_nothing_to_press(stack: Stack) -> None:
    tess = a_trainer(stack)
    page = tess.get(HERE)
    assert page.status_code == 200
    assert "Nothing is live yet." in page.text
    assert "<button" not in page.text
    assert "There is nothing to publish" not in page.text
    assert tess.send(f"{HERE}/compare").status_code == 409


def test_a_green_candidate_is_shown_and_published(stack: Stack, versions: Versions) -> None:
    versions.compared(GREEN, Check("The exit rules", True, "fine"))
    tess, person = signed_in(stack, Role.TRAINER)
    page = tess.get(HERE).text
    assert "Version 2 is live" in page
    assert "38 of 40 test messages are understood, before 30." in page
    assert "The exit rules: passed" in page
    assert "&lt;b&gt;enough&lt;/b&gt;" in page
    assert "complain (unused)" in page
    assert "Kim &lt;Lee&gt;" in page
    assert " style=" not in page
    sent = tess.send(HERE, reason="--despite of a green one")
    assert sent.status_code == 303
    assert re.fullmatch(HERE + r"\?asked=\d+", sent.headers["location"])
    wish = {"do": "work", "what": "publish", "by": person.name, "given": {}}
    assert versions.wish() == wish
    assert versions.audited() == [
        ("publishing_begun", {"person": person.id, "what": "publish", "with_doubts": False})
    ]


def test_a_red_one_is_published_by_nobody(stack: Stack, versions: Versions) -> None:
    versions.compared(RED)
    lead, _ = signed_in(stack, Role.TRAINER, level=Level.LEAD, email="lead@larder.example")
    assert "ask_plan got worse" in lead.get(HERE).text
    assert "Mend what is named above" in lead.get(HERE).text
    sent = lead.send(HERE, reason="I like it")
    assert sent.status_code == 409
    assert "It is red." in sent.text
    assert (versions.wish(), versions.audited()) == (None, [])


def test_a_yellow_one_takes_a_lead_and_their_reason(stack: Stack, versions: Versions) -> None:
    versions.compared(YELLOW)
    tess = a_trainer(stack)
    assert "A lead can publish it" in tess.get(HERE).text
    assert tess.send(HERE, reason="I like it").status_code == 403
    lead, _ = signed_in(stack, Role.TRAINER, level=Level.LEAD, email="lead@larder.example")
    assert "Publish all the same" in lead.get(HERE).text
    assert lead.send(HERE, reason="  ").status_code == 409
    assert versions.wish() is None
    assert lead.send(HERE, reason="The two were mislabelled").status_code == 303
    wish = versions.wish()
    assert wish is not None
    assert wish["given"] == {"despite": "The two were mislabelled"}
    assert versions.audited()[0][1]["with_doubts"] is True


def test_a_doubted_label_asks_for_a_lead_and_a_noted_one_for_nobody(
    stack: Stack, versions: Versions
) -> None:
    noted = Check("The training data", True, "fine", (), ("a.yml:7: label: <old>",))
    versions.compared(GREEN, noted)
    tess = a_trainer(stack)
    page = tess.get(HERE).text
    assert "1 to look at some day" in page
    assert "a.yml:7: label: &lt;old&gt;" in page
    assert "A lead can publish it" not in page
    versions.compared(GREEN, replace(noted, doubted=("a.yml:9: label: new",)))
    page = tess.get(HERE).text
    assert "The training data: a.yml:9: label: new" in page
    assert "A lead can publish it" in page


def test_what_was_compared_before_an_edit_is_compared_again(
    stack: Stack, versions: Versions
) -> None:
    versions.compared(GREEN)
    versions.at.versions.add(Line(Kind.PUBLISHED, 3, "m3.tar.gz", "d", "p", "Kim", NOW))
    tess = a_trainer(stack)
    assert "Only compare" in tess.get(HERE).text
    assert tess.send(f"{HERE}/compare").status_code == 303
    wish = versions.wish()
    assert wish is not None
    assert wish["what"] == "compare"


def test_one_press_trains_compares_and_publishes_what_nothing_speaks_against(
    stack: Stack, versions: Versions
) -> None:
    tess = a_trainer(stack)
    assert "Publish, if nothing speaks against it" in tess.get(HERE).text
    assert tess.send(HERE, reason="nobody asked for one").status_code == 303
    wish = versions.wish()
    assert wish is not None
    assert (wish["what"], wish["given"]) == ("publish", {})


def test_what_is_live_already_is_not_published_again(stack: Stack, versions: Versions) -> None:
    model = f"{content_hash(ROOT)}.tar.gz"
    versions.at.versions.add(Line(Kind.PUBLISHED, 3, model, "d", "p", "Kim", NOW))
    sent = a_trainer(stack).send(HERE)
    assert sent.status_code == 409
    assert "has learned all that is in the training data" in sent.text
    assert versions.wish() is None


def test_one_press_returns_to_an_earlier_version(stack: Stack, versions: Versions) -> None:
    tess = a_trainer(stack)
    assert "Return to version 1" in tess.get(HERE).text
    assert "Return to version 2" not in tess.get(HERE).text
    # Who needs it is in a hurry: it stands above everything else.
    before, _heading, _below = tess.get(HERE).text.partition("<h2")
    assert before.count("Return to version 1") == 1
    assert tess.send(f"{HERE}/return", version="1", reason="").status_code == 303
    wish = versions.wish()
    assert wish is not None
    assert wish["given"] == {"reason": "", "version": "1"}
    for nonsense in ("", "-1", "1; rm", "²", "9" * 20):
        assert tess.send(f"{HERE}/return", version=nonsense).status_code == 422


def test_work_under_way_is_followed_and_can_be_cancelled(stack: Stack, versions: Versions) -> None:
    versions.compared(GREEN)
    tess = a_trainer(stack)
    begun = datetime.now(timezone.utc) - timedelta(seconds=83)
    with versions.at.job.begun("compare", by="Kim", at=begun.isoformat()) as job:
        job.step("Reading", "50 of 100")
        page = tess.get(HERE).text
        assert "Under way: compare" in page
        assert "50 of 100" in page
        assert 'hx-trigger="every 1s"' in page
        assert re.search(r'aria-label="Since it was begun">1:2\d<', page)
        assert tess.send(HERE).status_code == 409
        cancelled = tess.send(f"{HERE}/cancel")
        assert (cancelled.status_code, cancelled.headers["location"]) == (303, HERE)
        assert versions.wish() == {"do": "cancel"}
        job.end("It is green.", went_well=True)
    page = tess.get(HERE).text
    assert "Last work: compare" in page
    assert 'aria-label="It took">0:00<' in page
    assert "hx-trigger" not in page


def test_the_page_waits_for_what_was_asked_for_until_it_begins(
    stack: Stack, versions: Versions
) -> None:
    versions.compared(GREEN)
    tess = a_trainer(stack)
    there = tess.send(HERE).headers["location"]
    page = tess.get(there).text
    assert "It begins in a moment." in page
    assert f'hx-get="{there}" hx-trigger="every 1s"' in page
    assert "<button" not in page.partition('id="publishing"')[2]
    with versions.at.job.begun("publish", by="Kim", at=datetime.now(timezone.utc).isoformat()):
        assert "Under way: publish" in tess.get(there).text
    assert "It begins in a moment." not in tess.get(f"{HERE}?asked=1").text
    for nonsense in ("", "-1", "1; rm", "²", "9" * 20):
        assert tess.get(f"{HERE}?asked={nonsense}").status_code == 200


def test_a_form_of_another_website_asks_for_nothing(stack: Stack, versions: Versions) -> None:
    versions.compared(GREEN)
    tess = a_trainer(stack)
    for action in ("", "/compare", "/return", "/cancel"):
        assert tess.send(HERE + action, origin="https://evil.example").status_code == 403
        assert tess.send(HERE + action, csrf_token="guessed").status_code == 403
    assert versions.wish() is None
