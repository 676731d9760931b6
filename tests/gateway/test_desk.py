"""The agents' desk over HTTP: what its page calls, by whom, and what everybody sees of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from bot.conversations.canned import CannedReply
from bot.people.person import Person
from bot.people.role import Role
from bot.storage.audit_repository import SqlAuditBook
from tests.gateway.stack import Customer, Stack, a_customer, code_of
from tests.gateway.staff_browser import StaffBrowser, a_browser, signed_in


@dataclass
class Desk:
    """An agent's page, without the page."""

    browser: StaffBrowser
    person: Person
    token: str

    def get(self, path: str, **query: Any) -> Any:
        return self.browser.web.get(f"/api/desk/{path}", params=query)

    def post(self, path: str, **body: Any) -> Any:
        headers = {"x-csrf-token": self.token, "origin": "http://127.0.0.1:8080"}
        return self.browser.web.post(f"/api/desk/{path}", json=body, headers=headers)

    def at(self, here: str, what: str, **body: Any) -> Any:
        return self.post(f"conversations/{here}/{what}", **body)

    def say(self, here: str, text: str) -> Any:
        return self.at(here, "messages", client_message_id=str(uuid4()), text=text)

    def cases(self) -> dict[str, dict[str, Any]]:
        return {case["conversation"]: case for case in self.get("state").json()["cases"]}


def an_agent(stack: Stack, name: str = "Kim", *roles: Role, **more: Any) -> Desk:
    more = {"email": f"{name.lower()}@larder.example", "name": name, **more}
    browser, person = signed_in(stack, *(roles or (Role.AGENT,)), **more)
    return Desk(browser, person, browser.token())


@pytest.fixture
def kim(web: Any, stack: Stack) -> Iterator[Desk]:
    return an_agent(stack)


@pytest.fixture
def here(maya: Customer) -> str:
    """A conversation that waits for a person."""
    assert maya.press("person").status_code == 200
    return maya.conversation


def test_from_the_queue_to_the_close(kim: Desk, maya: Customer, here: str) -> None:
    waiting = kim.cases()[here]
    assert (waiting["holder"], waiting["account"], waiting["reason"]) == (
        "queue",
        "A-1001",
        "requested",
    )
    assert waiting["due_at"] > waiting["waiting_since"]

    taken = kim.at(here, "claim").json()["case"]
    assert taken["agent"] == {"id": kim.person.id, "name": "Kim"}
    assert (taken["version"], taken["holder"]) == (waiting["version"] + 1, "agent")
    assert taken["held_since"] >= waiting["waiting_since"]
    assert kim.say(here, "Hello Maya").json()["message"]["sender_name"] == "Kim"
    seen = maya.until_idle()
    assert (seen["holder"], seen["agent_name"]) == ("agent", "Kim")
    assert [m["from"] for m in seen["messages"]][-2:] == ["system", "agent"]

    closed = kim.at(here, "close", outcome="solved").json()["case"]
    assert (closed["holder"], closed["outcome"]) == ("closed", "solved")
    assert here not in kim.cases()
    question = maya.until_idle()["messages"][-1]
    assert question["buttons"][0]["title"] == "5 of 5"
    assert maya.press(question["buttons"][0]["id"]).status_code == 200
    assert maya.until_idle()["holder"] == "closed"
    assert code_of(maya.press(question["buttons"][1]["id"])) == "button_expired"


def test_the_second_agent_is_told_who_was_quicker(kim: Desk, stack: Stack, here: str) -> None:
    ada = an_agent(stack, "Ada")
    assert kim.at(here, "claim").status_code == 200
    late = ada.at(here, "claim")
    assert (late.status_code, code_of(late)) == (409, "already_taken")
    assert "Kim took this" in late.json()["error"]["message"]
    assert code_of(ada.say(here, "Hello")) == "not_holder"


def test_next_takes_the_longest_waiting(kim: Desk, stack: Stack, web: Any, here: str) -> None:
    later = a_customer(web, stack, "A-1002")
    later.press("person")
    assert kim.post("next").json()["case"]["conversation"] == here
    assert kim.post("next").json()["case"]["conversation"] == later.conversation
    assert kim.post("next").json() == {"case": None}


def test_what_was_never_handed_to_people_is_as_if_it_were_not(kim: Desk, maya: Customer) -> None:
    for what, body in {
        "claim": {},
        "messages": {"client_message_id": str(uuid4()), "text": "Hi"},
        "notes": {"client_message_id": str(uuid4()), "text": "Hi"},
        "read": {"seq": 1},
        "hand-back": {},
        "close": {"outcome": "solved"},
        "transfer": {"to": {"queue": True}},
    }.items():
        answer = kim.at(maya.conversation, what, **body)
        assert code_of(answer) in {"conversation_not_found", "not_holder"}, what
        assert kim.at("nowhere", what, **body).status_code == 404, what


def test_a_message_that_breaks_a_rule_comes_back_with_what_to_mend(
    kim: Desk, stack: Stack, maya: Customer, here: str
) -> None:
    kim.at(here, "claim")
    before = maya.until_idle()["messages"]
    stack.guard.forbidden = {"free": "R12"}
    answer = kim.say(here, "It is free")
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert error["code"] == "held_back"
    assert error["breaches"][0]["rule"] == "R12"
    assert error["breaches"][0]["advice"] in error["message"]
    assert maya.until_idle()["messages"] == before


def test_6_notes_reach_colleagues_and_never_the_customer(
    kim: Desk, maya: Customer, here: str
) -> None:
    id_ = str(uuid4())
    first = kim.at(here, "notes", client_message_id=id_, text="Third call this week")
    again = kim.at(here, "notes", client_message_id=id_, text="Third call this week")
    assert first.json() == again.json()
    assert first.json()["note"]["author"] == {"id": kim.person.id, "name": "Kim"}
    assert "Third call" not in maya.updates().text
    found = kim.get("search", q="third CALL").json()["found"]
    assert [(one["conversation"], one["hits"][0]["from"]) for one in found] == [(here, "note")]


@pytest.mark.parametrize("words", ["%", "_", "' OR 1=1 --", "50% off_"])
def test_30_searched_words_are_taken_as_they_are_written(
    kim: Desk, maya: Customer, here: str, words: str
) -> None:
    kim.at(here, "claim")
    assert kim.get("search", q=f"{words}x").json()["found"] == []
    kim.say(here, f"Look: {words}x is here")
    [found] = kim.get("search", q=f"{words}x").json()["found"]
    assert found["hits"][0]["text"] == f"Look: {words}x is here"


def test_search_finds_nothing_the_assistant_still_holds(kim: Desk, maya: Customer) -> None:
    maya.say("a very special word")
    assert kim.get("search", q="very special").json()["found"] == []
    assert kim.get("search", q="x").status_code == 422


def test_unread_goes_down_as_it_is_read(kim: Desk, maya: Customer, here: str) -> None:
    kim.at(here, "claim")
    maya.say("one")
    maya.say("two")
    unread = kim.cases()[here]["unread"]
    assert unread == 3  # with the press that asked for a person
    last = maya.until_idle()["last_seq"]
    assert kim.at(here, "read", seq=last).json() == {"unread": 0}
    assert kim.cases()[here]["unread"] == 0


def test_colleagues_see_who_looks_and_who_writes(kim: Desk, stack: Stack, here: str) -> None:
    ada = an_agent(stack, "Ada")
    me = ada.post("beat", status="here", viewing=here, replying=True).json()["me"]
    assert (me["status"], me["id"]) == ("here", ada.person.id)
    assert kim.cases()[here]["viewers"] == [{"id": ada.person.id, "name": "Ada", "replying": True}]
    assert ada.cases()[here]["viewers"] == []
    ada.post("beat", viewing=None)
    assert kim.cases()[here]["viewers"] == []


def test_who_goes_home_leaves_nobody_waiting(kim: Desk, maya: Customer, here: str) -> None:
    kim.at(here, "claim")
    assert kim.post("beat", status="off").json()["me"]["status"] == "off"
    back = kim.cases()[here]
    assert (back["holder"], back["came_back"]) == ("queue", True)
    assert maya.until_idle()["messages"][-1]["text"] == "Kim is gone; you are next."


def test_who_signs_out_where_they_work_leaves_nobody_waiting(
    stack: Stack, kim: Desk, maya: Customer, here: str
) -> None:
    forgotten, elsewhere = a_browser(stack), a_browser(stack)
    stack.clock.ahead = timedelta(minutes=-6)
    forgotten.sign_in("kim@larder.example")
    stack.clock.ahead = timedelta()
    elsewhere.sign_in("kim@larder.example")
    kim.at(here, "claim")
    ada = an_agent(stack, "Ada")
    kim.browser.send("/sign-out")
    assert ada.cases()[here]["holder"] == "agent"
    elsewhere.send("/sign-out")
    assert forgotten.is_in()
    assert ada.cases()[here]["holder"] == "queue"
    assert maya.until_idle()["messages"][-1]["text"] == "Kim is gone; you are next."


def test_a_manager_passes_on_what_an_agent_is_stuck_with(
    kim: Desk, stack: Stack, here: str
) -> None:
    kim.at(here, "claim")
    mo = an_agent(stack, "Mo", Role.MANAGER)
    assert code_of(mo.say(here, "Hello")) == "not_allowed"
    assert mo.at(here, "transfer", to={"queue": True}).json()["case"]["holder"] == "queue"
    assert code_of(kim.say(here, "Hello")) == "not_holder"


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("messages", {"client_message_id": "1", "text": "Hi"}),
        ("messages", {"client_message_id": str(uuid4())}),
        ("close", {"outcome": "handed_back"}),
        ("close", {"outcome": "bored"}),
        ("transfer", {"to": {}}),
        ("transfer", {"to": {"team": "a", "queue": True}}),
        ("read", {"seq": -1}),
        ("claim", {"unknown": 1}),
    ],
    ids=lambda one: str(one)[:24] if isinstance(one, str) else "body",
)
def test_what_is_not_understood_is_refused(
    kim: Desk, here: str, what: str, body: dict[str, Any]
) -> None:
    assert kim.at(here, what, **body).status_code == 422


def test_a_request_without_the_sessions_token_changes_nothing(kim: Desk, here: str) -> None:
    kim.token = "guessed"
    assert code_of(kim.at(here, "claim")) == "request_forged"
    assert kim.cases()[here]["holder"] == "queue"


def test_everything_about_a_conversation_is_on_one_screen(
    kim: Desk, maya: Customer, here: str
) -> None:
    kim.at(here, "claim")
    kim.at(here, "notes", client_message_id=str(uuid4()), text="Knows what she wants")
    maya.say("My rent went up")
    maya.until_idle()
    found = kim.get(f"conversations/{here}").json()
    assert found["case"]["agent"]["name"] == "Kim"
    assert [m["seq"] for m in found["messages"]] == list(range(1, found["last_seq"] + 1))
    assert [note["text"] for note in found["notes"]] == ["Knows what she wants"]
    assert [hold["holder"] for hold in found["holds"]][-3:] == ["assistant", "queue", "agent"]
    assert found["holds"][-1]["agent"] == {"id": kim.person.id, "name": "Kim"}
    assert "My rent went up" in found["summary"]["words"]
    assert found["account"]["account"]
    assert (found["account_problem"], found["survey"]) == (None, None)
    assert kim.get("conversations/nowhere").status_code == 404


def test_looking_at_a_conversation_is_noted_without_anybodys_words(
    kim: Desk, stack: Stack, here: str
) -> None:
    kim.get(f"conversations/{here}")
    kim.get("search", q="secret words")
    noted = list(SqlAuditBook(stack.engine).links(person=kim.person.id))
    kinds = [entry.kind for entry in noted]
    assert kinds[-2:] == ["conversation_viewed", "conversations_searched"]
    assert "secret" not in str([entry.payload for entry in noted])


def test_an_offer_is_shown_made_and_seen_over_http(
    kim: Desk, stack: Stack, maya: Customer, here: str
) -> None:
    kim.at(here, "claim")
    path = f"conversations/{here}/offers"
    found = kim.get(path, reason="too_expensive").json()
    assert found["authority"]["level"] == "agent"
    granted = next(one for one in found["offers"] if one["granted"])
    asked = {"client_message_id": str(uuid4()), "policy": granted["policy"]}
    made = kim.post(path, reason="too_expensive", **asked).json()["message"]
    assert made["offer"]["price_after_minor"] == granted["price_after_minor"]
    assert (made["from"], made["sender_name"]) == ("agent", "Kim")
    assert kim.post(path, reason="too_expensive", **asked).json()["message"] == made
    assert maya.until_idle()["messages"][-1] == made
    again = kim.post(path, reason="too_expensive", client_message_id=str(uuid4()), policy="no@1")
    assert (again.status_code, code_of(again)) == (409, "not_possible")
    assert kim.get(path, reason="bored").status_code == 422


def test_canned_replies_come_filled_in(stack: Stack, maya: Customer, here: str) -> None:
    stack.canned = (
        CannedReply("hi", "Hello", "hi", "Hello {customer_name}, I'm {agent_name}."),
        CannedReply("end", "End", "end", "It ends on {cancels_on}."),
    )
    stack.build()
    kim = an_agent(stack, "Kim")
    replies = kim.get(f"conversations/{here}/canned").json()["replies"]
    assert [(one["id"], one["keys"]) for one in replies] == [("hi", "hi")]
    assert replies[0]["text"].endswith("I'm Kim.")
