"""One conversation through the HTTP API: opening, saying, pressing, closing."""

from __future__ import annotations

from uuid import uuid4

from starlette.testclient import TestClient

from tests.gateway.stack import Customer, Stack, a_customer


def test_a_new_conversation_is_greeted_before_the_first_answer_is_sent(maya: Customer) -> None:
    assert maya.opened["account"] == "A-1001"
    assert maya.opened["holder"] == "assistant"
    [greeting] = maya.opened["messages"]
    assert greeting["from"] == "assistant"
    assert "automated assistant" in greeting["text"]
    assert greeting["seq"] == maya.opened["last_seq"] == 1


def test_a_message_is_answered_in_order(maya: Customer) -> None:
    posted = maya.say("when do I renew?").json()

    found = maya.until_idle()
    assert posted["message"]["seq"] == 2
    assert [m["seq"] for m in found["messages"]] == [1, 2, 3]
    assert [m["from"] for m in found["messages"]] == ["assistant", "customer", "assistant"]
    assert found["messages"][2]["text"] == "heard: when do I renew?"


def test_a_button_means_what_it_meant_when_it_was_offered(maya: Customer, stack: Stack) -> None:
    maya.say("hello")
    [button] = maya.until_idle()["messages"][2]["buttons"]
    assert set(button) == {"id", "title"}

    maya.press(button["id"])

    assert maya.texts()[-1] == "heard: /ask_other_options"
    assert stack.assistant.turns[-1]["entities"] == [{"entity": "about", "value": "this"}]


def test_a_repeated_message_is_stored_and_answered_once(maya: Customer) -> None:
    sent = str(uuid4())
    first = maya.say("hello", client_message_id=sent)
    again = maya.say("hello", client_message_id=sent)

    assert first.status_code == again.status_code == 200
    assert first.json()["message"] == again.json()["message"]
    assert maya.texts().count("hello") == 1
    assert maya.texts().count("heard: hello") == 1


def test_a_message_id_with_another_body_is_refused(maya: Customer) -> None:
    sent = str(uuid4())
    maya.say("hello", client_message_id=sent)

    refused = maya.say("goodbye", client_message_id=sent)

    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "message_id_reused"
    assert "goodbye" not in maya.texts()


def test_the_cancel_control_is_carried_out_before_the_post_returns(
    maya: Customer, stack: Stack
) -> None:
    stack.assistant.refuses = True

    posted = maya.press("cancel")

    assert posted.status_code == 200
    last = maya.updates().json()["messages"][-1]
    assert last["text"] == "Your subscription is cancelled."
    assert last["receipt"] == {"url": "/receipts/r-unguessable"}
    assert stack.assistant.turns == []


def test_the_person_control_leads_to_the_queue_and_silences_the_assistant(
    maya: Customer, stack: Stack
) -> None:
    maya.press("person")
    assert maya.until_idle()["holder"] == "queue"

    maya.say("are you there?")

    found = maya.until_idle()
    assert found["messages"][-1]["text"] == "are you there?"
    assert stack.assistant.turns == []


def test_closing_twice_is_as_good_as_once(maya: Customer) -> None:
    closed = maya.web.post(f"{maya.path}/close", json={}, headers=maya.headers)
    again = maya.web.post(f"{maya.path}/close", headers=maya.headers)

    assert closed.status_code == again.status_code == 200
    assert maya.until_idle()["holder"] == "closed"


def test_a_signed_in_customer_comes_back_to_their_conversation(
    web: TestClient, stack: Stack, maya: Customer
) -> None:
    maya.say("hello")
    maya.until_idle()

    back = a_customer(web, stack, "A-1001")

    assert back.conversation == maya.conversation
    assert [m["text"] for m in back.opened["messages"]] == maya.texts()


def test_without_resume_a_conversation_is_new(
    web: TestClient, stack: Stack, maya: Customer
) -> None:
    assert a_customer(web, stack, "A-1001", resume=False).conversation != maya.conversation


def test_a_visitor_comes_back_with_their_token(web: TestClient, stack: Stack) -> None:
    visitor = a_customer(web, stack, None)
    visitor.say("hello")
    visitor.until_idle()

    back = web.post("/api/conversations", json={}, headers=visitor.headers)

    assert back.status_code == 200
    assert back.json()["conversation"] == visitor.conversation
    assert back.json()["account"] is None


def test_unknown_accounts_are_refused(web: TestClient, stack: Stack) -> None:
    answer = web.post("/api/conversations", json={"identity": stack.identity("X-9")})

    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "account_not_found"
