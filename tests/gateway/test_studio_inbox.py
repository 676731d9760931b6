"""The inbox over HTTP: what comes first and why, what a decision writes, and who is told what."""

from __future__ import annotations

import subprocess

import pytest
from starlette.testclient import TestClient

from bot.people.role import Role
from bot.storage.people_erasure import SqlPeopleErasure
from tests.gateway.stack import Stack, a_customer
from tests.gateway.staff_browser import StaffBrowser, signed_in
from tests.gateway.trainers_desk import (
    FILES,
    LEAVING,
    SERVICES,
    InboxPage,
    files_of,
    heard,
    with_training_files,
)

UNHEARD = "my cupboard is full, hold it for now"


@pytest.fixture
def tess(stack: Stack) -> StaffBrowser:
    with_training_files(stack)
    return signed_in(stack, Role.TRAINER, email="tess@larder.example", name="Tess")[0]


@pytest.fixture
def theo(stack: Stack) -> StaffBrowser:
    return signed_in(stack, Role.TRAINER, email="theo@larder.example", name="Theo")[0]


def test_what_went_badly_comes_first_with_its_reasons_and_around_it_what_was_said(
    stack: Stack, web: TestClient, tess: StaffBrowser
) -> None:
    heard(a_customer(web, stack), "thanks", UNHEARD, "please pause my boxes")
    page = InboxPage.of(tess)
    assert page.said == UNHEARD
    reasons = (
        "It was not understood",
        "What the customer said next was understood as request_pause",
    )
    assert all(reason in page.text for reason in reasons)
    assert "Two close guesses: request_cancellation 22%, request_pause 20%" in page.text
    assert page.text.index("heard: thanks") < page.text.index(f"heard: {UNHEARD}")
    # The assistant's likeliest guess is checked already, and its change shown.
    assert f"+    - {UNHEARD}" in page.text


def test_one_key_writes_the_line_where_it_belongs_and_one_takes_it_back(
    stack: Stack, web: TestClient, tess: StaffBrowser
) -> None:
    heard(a_customer(web, stack), UNHEARD)
    page = InboxPage.of(tess)
    key = page.key
    done = page.send("write", intent="request_pause")
    assert "Written to services.yml as change 1." in done.told
    line = "    - can i take a break for a month\n"
    assert files_of(stack) == {
        "leaving.yml": LEAVING,
        "services.yml": SERVICES.replace(line, f"{line}    - {UNHEARD}\n"),
    }
    [entry] = stack.studio().journal.entries()
    assert (entry.by, entry.conversation) == ("Tess", key.partition(":")[0])
    assert InboxPage.of(tess).said == ""

    back = done.undo(key)
    assert back.told == "Taken back."
    assert back.said == UNHEARD
    assert files_of(stack) == FILES
    assert "no decision of yours" in back.undo(key).text


def test_in_a_checkout_the_line_is_committed_in_the_trainers_name_if_they_want_it(
    stack: Stack, web: TestClient, tess: StaffBrowser
) -> None:
    def git(*words: str) -> str:
        told = ["git", "-c", "user.name=Desk", "-c", "user.email=desk@larder.example", *words]
        where = stack.folder / "nlu"
        return subprocess.run(told, cwd=where, check=True, capture_output=True, text=True).stdout

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "first")
    heard(a_customer(web, stack), UNHEARD)
    page = InboxPage.of(tess)
    done = page.send("write", intent="request_pause", commit="yes")
    assert "Committed as " in done.told
    assert git("log", "-1", "--format=%an: %s") == "Tess: Add an example of request_pause\n"
    assert git("status", "--porcelain") == ""
    assert "Committed as " in done.undo(page.key).told
    assert files_of(stack) == FILES
    assert git("diff", "HEAD~2", "--stat") == ""
    quiet = InboxPage.of(tess).send("write", intent="request_pause")
    assert "Committed" not in quiet.undo(page.key).told
    assert git("rev-list", "--count", "HEAD") == "3\n"


def test_what_an_editor_or_git_brings_counts_at_once_and_stays(
    stack: Stack, web: TestClient, tess: StaffBrowser
) -> None:
    heard(a_customer(web, stack), UNHEARD)
    page = InboxPage.of(tess)
    assert "freeze_plan" not in page.answer.text
    brought = "nlu:\n- intent: freeze_plan\n  examples: |\n    - put it on ice   # by hand\n"
    (stack.folder / "nlu" / "brought.yml").write_text(brought)
    (stack.folder / "nlu" / "leaving.yml").write_text("# new\n" + LEAVING)
    assert "freeze_plan" in InboxPage.of(tess).answer.text
    assert "Written to brought.yml" in page.send("write", intent="freeze_plan").told
    assert files_of(stack) == {
        "brought.yml": f"{brought}    - {UNHEARD}\n",
        "leaving.yml": "# new\n" + LEAVING,
        "services.yml": SERVICES,
    }


def test_of_two_who_decide_the_first_wins_the_second_is_told_and_both_see_it_on_top(
    stack: Stack, web: TestClient, tess: StaffBrowser, theo: StaffBrowser
) -> None:
    maya = a_customer(web, stack)
    heard(maya, UNHEARD)
    hers, his = InboxPage.of(tess), InboxPage.of(theo)
    hers.send("write", intent="request_pause")
    written = files_of(stack)
    told = his.send("write", intent="skip_delivery").told
    assert "Tess was first and said request_pause. You disagree" in told
    assert files_of(stack) == written

    heard(maya, "my cupboard is so full, hold it for now")
    for trainer in (tess, theo):
        page = InboxPage.of(trainer)
        assert page.said == UNHEARD
        assert "Tess says request_pause; Theo says skip_delivery" in page.text
        assert "same of 0 of 1 messages" in page.text
    settled = InboxPage.of(theo).send("mark", intent="request_pause")
    assert "You agree" in settled.told
    assert "same of 1 of 1 messages" in settled.text
    assert settled.said == "my cupboard is so full, hold it for now"


def test_who_was_first_may_think_again_and_the_line_moves(
    stack: Stack, web: TestClient, tess: StaffBrowser, theo: StaffBrowser
) -> None:
    heard(a_customer(web, stack), UNHEARD)
    his = InboxPage.of(theo)
    InboxPage.of(tess).send("write", intent="request_pause")
    his.send("mark", intent="skip_delivery")
    InboxPage.of(tess).send("write", intent="skip_delivery")
    box = "    - leave out the next box\n"
    assert files_of(stack)["services.yml"] == SERVICES.replace(box, f"{box}    - {UNHEARD}\n")


def test_what_is_personal_is_not_shown_and_cannot_be_written(
    stack: Stack, web: TestClient, tess: StaffBrowser
) -> None:
    heard(a_customer(web, stack), "mail me at maya@home.example about a rest")
    page = InboxPage.of(tess)
    assert page.said == "mail me at […] about a rest"
    assert "maya@home" not in page.answer.text
    # Nobody writes masks: somebody else's address is what would be learned.
    assert "+    - mail me at alex@example.com about a rest" in page.text
    refused = page.send("write", intent="request_pause", text="mail me at maya@firm.com")
    assert refused.answer.status_code == 422
    assert "This was not written" in refused.text
    assert "personal data" in refused.text
    assert files_of(stack) == FILES
    assert stack.studio().journal.entries() == []


def test_the_customers_own_name_stands_nowhere_on_the_page(
    stack: Stack, web: TestClient, tess: StaffBrowser
) -> None:
    spoken = "it's maya, hold my boxes at 22 Elm Street, Jonas Weber"
    maya = a_customer(web, stack)
    greeted = {"says": [{"response": "utter_greet_known", "figures": {"name": "Maya Roe"}}]}
    with stack.unit_of_work() as uow:
        uow.moves.add(maya.conversation, "m-1", greeted, now=stack.clock.now())
        uow.commit()
    heard(maya, spoken, "please pause my boxes")
    for page in (InboxPage.of(tess), InboxPage.of(tess).send("check", intent="request_pause")):
        assert "heard: it's […], hold my boxes at […], Jonas Weber" in page.text
        assert "maya" not in page.answer.text.lower()
        assert "Elm Street" not in page.answer.text


def test_two_wishes_are_two_lines_in_one_change(
    stack: Stack, web: TestClient, tess: StaffBrowser
) -> None:
    heard(a_customer(web, stack), "skip the next one and pause after that")
    page = InboxPage.of(tess)
    key = page.key
    split = page.send("split", intent="skip_delivery")
    assert ">skip the next one</textarea>" in split.answer.text
    assert ">pause after that</textarea>" in split.answer.text
    wishes = {
        "text": "skip the next one", "intent": "skip_delivery",
        "second.text": "pause after that", "second.intent": "request_pause",
    }  # fmt: skip
    done = split.send("write", **wishes)
    assert "change 1" in done.told
    services = files_of(stack)["services.yml"]
    assert "    - skip the next one\n" in services
    assert "    - pause after that\n" in services
    done.undo(key)
    assert files_of(stack) == FILES


def test_reasons_are_marked_on_the_words_that_name_them(
    stack: Stack, web: TestClient, tess: StaffBrowser
) -> None:
    heard(a_customer(web, stack), UNHEARD)
    page = InboxPage.of(tess)
    marked = {"intent": "request_cancellation", "reason": "unused", "words": "cupboard is full"}
    page.send("write", **marked)
    line = 'my [cupboard is full]{"entity": "cancellation_reason", "value": "unused"}, hold it'
    assert line in files_of(stack)["leaving.yml"]


def test_out_of_scope_is_shown_first_and_skipping_is_for_oneself(
    stack: Stack, web: TestClient, tess: StaffBrowser, theo: StaffBrowser
) -> None:
    heard(a_customer(web, stack), UNHEARD)
    shown = InboxPage.of(tess).send("out_of_scope")
    assert files_of(stack) == FILES
    assert f"+    - {UNHEARD}" in shown.text
    shown.send("skip")
    assert InboxPage.of(tess).said == ""
    assert InboxPage.of(theo).said == UNHEARD


def test_alike_messages_are_decided_together_but_those_left_out(
    stack: Stack, web: TestClient, tess: StaffBrowser
) -> None:
    for text in (UNHEARD, "my cupboard is so full, hold it for now", UNHEARD):
        heard(a_customer(web, stack, None), text)
    page = InboxPage.of(tess)
    assert len(page.alike) == 2
    ticked = {"with.1": page.alike["with.1"]}
    done = page.send("write", intent="request_pause", **ticked)
    assert "change 1" in done.told
    assert InboxPage.of(tess).key == page.alike["with.2"]
    again = done.undo(page.key)
    assert len(again.alike) == 2


def test_a_message_that_was_erased_meanwhile_is_told_and_nothing_written(
    stack: Stack, web: TestClient, tess: StaffBrowser
) -> None:
    heard(a_customer(web, stack), UNHEARD)
    page = InboxPage.of(tess)
    SqlPeopleErasure(stack.engine).erase("A-1001", now=stack.clock.now())
    assert page.send("write", intent="request_pause").answer.status_code == 404
    assert files_of(stack) == FILES


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"do": "write", "intent": ""}, "Choose an intent first"),
        ({"do": "write", "intent": "nonsense"}, "no intent 'nonsense'"),
        ({"do": "write", "intent": "request_pause", "file": "../../x.yml"}, "no file"),
        ({"do": "write", "intent": "request_pause", "file": "leaving.yml"}, "leaving.yml"),
        ({"do": "write", "intent": "request_pause", "reason": "no reason"}, "is no reason"),
        ({"do": "dance", "intent": "request_pause"}, "The change"),
    ],
)
def test_what_makes_no_sense_is_said_and_writes_nothing(
    stack: Stack, web: TestClient, tess: StaffBrowser, fields: dict[str, str], said: str
) -> None:
    heard(a_customer(web, stack), UNHEARD)
    answer = InboxPage.of(tess).send(**fields)
    assert said in answer.text
    assert answer.answer.status_code < 500
    assert files_of(stack) == FILES
