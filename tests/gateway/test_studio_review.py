"""Trying, reading, playing and measuring in the studio: what pages show and what they change."""

from __future__ import annotations

from typing import Any

import pytest

from bot.annotation.rehearsed import Exchange
from bot.errors import Unavailable
from bot.people.role import Role
from bot.storage.audit_repository import SqlAuditBook
from tests.gateway.said_for_weeks import say_for_weeks
from tests.gateway.stack import Stack, a_customer, in_process
from tests.gateway.staff_browser import StaffBrowser, signed_in

SAID = "Maya here, mail maya.k@web.org: too expensive, cancel it"
WRITTEN = "tests/dialogues/declined/says_no.yml"
NO_STEPS = (
    "{",
    "[1]",
    "[{}]",
    '[{"shell": "ls"}]',
    '[{"event": "explode"}]',
    '[{"press": 1}]',
    '[{"customer": "a", "press": "b"}]',
    f"[{', '.join(['{}'] * 41)}]".replace("{}", '{"press": "a"}'),
)
STEPS = '[{"customer": "my flat burnt down, stop the boxes"}]'


@pytest.fixture
def tess(stack: Stack) -> StaffBrowser:
    return signed_in(stack, Role.TRAINER)[0]


@pytest.fixture
def chat(stack: Stack) -> str:
    """A chat with one message in the customer's own words and one press."""
    with in_process(stack) as web:
        customer = a_customer(web, stack)
        customer.say(SAID)
        found = customer.until_idle()
        customer.press(found["messages"][-1]["buttons"][0]["id"])
        customer.until_idle()
    return customer.conversation


def audited(stack: Stack) -> list[str]:
    return [link.kind for link in SqlAuditBook(stack.engine).links()]


def test_a_message_is_explained_with_its_neighbours_and_answered(tess, stack):
    page = tess.send("/studio/try", text="<b>too expensive</b>, please cancel", account="A-1002")
    assert page.status_code == 200
    assert "request_cancellation" in page.text
    assert "<b>too" not in page.text
    assert "no longer in the files" in page.text, "the small engine's examples are nobody's"
    assert "please cancel</td>" in page.text
    answer = tess.send("/studio/try/answer", text=" cancel it ", account="A-1002")
    assert "Duo for $59.00 a month?" in answer.text
    assert "<html" not in answer.text
    account, steps = stack.stage.played[-1]
    assert (account, steps[0].customer) == ("A-1002", "cancel it")
    stack.stage.fails = Unavailable("The rehearsal desk takes too long. Try again.")
    failed = tess.send("/studio/try/answer", text="x", account="")
    assert (failed.status_code, "takes too long" in failed.text) == (503, True)
    assert tess.send("/studio/try", text="  ", account="").status_code == 422


def test_conversations_are_listed_and_read_without_what_is_personal(tess, stack, chat):
    listed = tess.get("/studio/conversations?words=expensive")
    assert f'href="/studio/conversations/{chat}"' in listed.text
    assert "web.org" not in listed.text
    for query in (
        "words=no+such+words",
        "missed=yes",
        "words=%25",
        "before=2020-01-01T00:00%2B00:00",
    ):
        assert chat not in tess.get(f"/studio/conversations?{query}").text, query
    page = tess.get(f"/studio/conversations/{chat}")
    assert "too expensive" in page.text
    assert "web.org" not in page.text
    assert "Pressed: ask_other_options" in page.text
    assert audited(stack).count("studio_conversations_listed") == 5
    assert audited(stack)[-1] == "studio_conversation_viewed"
    assert tess.get("/studio/conversations/c-of-nobody").status_code == 404
    assert tess.get("/studio/conversations?before=yesterday").status_code == 422


def test_a_chat_becomes_a_dialogue_in_somebody_elses_name(tess, stack, chat):
    page = tess.get(f"/studio/try/dialogue?conversation={chat}")
    account, steps = stack.stage.played[-1]
    assert account == "A-1001"
    assert [step.did for step in steps] == [
        SAID.replace("maya.k@web.org", "alex@example.com"),
        "Tell me more",
    ]
    assert "+dialogue: request cancellation ends open" in page.text
    assert audited(stack)[-1] == "studio_conversation_viewed"
    story = tess.get(f"/studio/try/dialogue?conversation={chat}&kind=story")
    assert "+  - story: request cancellation ends open" in story.text


def test_steps_are_taken_corrected_and_taken_back(tess, stack):
    def played(**fields: str) -> tuple[Any, ...]:
        page = tess.send("/studio/try/dialogue", account="A-1002", steps=STEPS, **fields)
        assert page.status_code == 200, page.text
        return stack.stage.played[-1][1]

    assert [step.did for step in played(say=" and now ")][1:] == ["and now"]
    assert [step.did for step in played(press="Accept", say="")][1:] == ["Accept"]
    assert [step.did for step in played(event="silence")][1:] == ["silence"]
    assert played(place="0", intent="express_hardship")[0].intent == "express_hardship"
    assert len(played(press="")) == 1
    plays = len(stack.stage.played)
    tess.send("/studio/try/dialogue", account="A-1002", steps=STEPS, back="yes")
    assert len(stack.stage.played) == plays, "nothing is left to play"
    for wrong in NO_STEPS:
        answer = tess.send("/studio/try/dialogue", account="A-1002", steps=wrong)
        assert answer.status_code == 422, wrong


def test_a_dialogue_is_written_and_taken_back(tess, stack):
    file = stack.folder / "project" / WRITTEN
    before = file.read_bytes()
    fields = {"account": "A-1001", "steps": STEPS, "file": WRITTEN, "title": "hardship is heard"}
    shown = tess.send("/studio/try/dialogue", kind="test", **fields)
    assert "+dialogue: hardship is heard" in shown.text
    assert file.read_bytes() == before, "showing writes nothing"
    done = tess.send("/studio/try/dialogue/write", kind="test", **fields)
    assert f"Written to {WRITTEN} as dialogue 1" in done.text
    assert b"dialogue: hardship is heard\naccount: A-1001" in file.read_bytes()
    again = tess.send("/studio/try/dialogue/write", kind="test", **fields)
    assert again.status_code == 409
    assert "Nothing is to be done" in again.text
    undone = tess.send("/studio/try/dialogue/undo", number="1")
    assert "taken out" in undone.text
    assert file.read_bytes() == before
    assert tess.send("/studio/try/dialogue/undo", number="one").status_code == 422
    no_git = tess.send("/studio/try/dialogue/write", kind="test", commit="yes", **fields)
    assert "Nothing was committed" in no_git.text
    assert f"Written to {WRITTEN}" in no_git.text


def test_what_cannot_be_written_can_be_played_on(tess, stack):
    story = tess.send("/studio/try/dialogue", account="A-1001", steps=STEPS, kind="story")
    assert story.status_code == 200
    assert "A story needs two messages" in story.text
    stack.stage.answers = lambda step: Exchange(step, refused="button_unknown")
    refused = tess.send("/studio/try/dialogue", account="A-1001", steps='[{"press": "x"}]')
    assert "button unknown" in refused.text
    assert "What would be written" not in refused.text


def test_only_trainers_write_and_only_from_our_pages(stack):
    alan, _ = signed_in(stack, Role.AGENT)
    for path in (
        "/studio/conversations",
        "/studio/try",
        "/studio/coverage",
        "/studio/try/dialogue",
    ):
        assert alan.get(path).status_code == 403
    tess, _ = signed_in(stack, Role.TRAINER)
    for path in ("/studio/try/dialogue/write", "/studio/try/dialogue/undo", "/studio/try"):
        assert tess.send(path, csrf_token="forged").status_code == 403
        assert tess.send(path, origin="https://evil.example").status_code == 403


def test_coverage_tells_what_is_said_tested_and_what_drifts(tess, stack, chat):
    say_for_weeks(stack, chat)
    page = tess.get("/studio/coverage?days=56")
    assert page.status_code == 200
    assert "281 messages" in page.text
    assert "Changed much" in page.text
    assert "Not judged: too little was said before" in page.text
    assert "Not judged: fewer than 100 messages" in page.text
    assert '<rect class="kind-0"' in page.text
    assert "request_data_erasure" in page.text, "what nobody says is named"
    assert tess.get("/studio/coverage?days=0").status_code == 422
    assert tess.get("/studio/coverage?days=x").status_code == 422
