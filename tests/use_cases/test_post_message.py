"""What a customer sends is stored once, in order, before anybody answers."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from bot.conversations.holder import Holder
from bot.conversations.turn import Lane
from bot.errors import (
    ButtonExpired,
    ButtonUnknown,
    ConversationNotFound,
    InvalidInput,
    MessageEmpty,
    MessageIdReused,
    MessageTooLong,
    TooManyMessages,
)
from bot.use_cases.switchboard import Limits
from tests.fakes import OFFERS_LAST
from tests.switchboards import Line


def test_a_message_gets_the_next_seq_and_wakes_readers(line: Line) -> None:
    here = line.open().conversation
    line.woken.clear()
    posted = line.post(here, "hello")
    assert (posted.message.seq, posted.last_seq, posted.lane) == (2, 2, Lane.TALK)
    assert line.woken == [here]
    assert line.newest(here).text == "hello"


def test_a_repeated_request_returns_the_first_result(line: Line) -> None:
    here = line.open().conversation
    first = line.post(here, "hello", client_id="same")
    again = line.post(here, "  hello ", client_id="same")
    assert again.is_repeat
    assert again.message == first.message
    assert line.transcript(here).count("customer: hello") == 1


def test_the_same_client_id_with_another_body_is_refused(line: Line) -> None:
    here = line.open().conversation
    line.post(here, "hello", client_id="same")
    with pytest.raises(MessageIdReused):
        line.post(here, "goodbye", client_id="same")
    with pytest.raises(MessageIdReused):
        line.post(here, button="cancel", client_id="same")
    assert line.read(here).last_seq == 2


def test_the_same_client_id_is_free_in_another_conversation(line: Line) -> None:
    here, there = line.open().conversation, line.open(None).conversation
    line.post(here, "hello", client_id="same")
    assert not line.post(there, "goodbye", client_id="same").is_repeat


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("hi\x00\x07 there", "hi there"),
        ("two\r\nlines", "two\nlines"),
        ("a\tb", "a b"),
        ("👩‍👧 ok", "👩‍👧 ok"),
        ("evil \u202egnp.exe", "evil gnp.exe"),
        ("half a \ud83d surrogate", "half a  surrogate"),
        ("  <b>bold</b> ", "<b>bold</b>"),
        ('/restart{"a":"b"}', '/restart{"a":"b"}'),
    ],
)
def test_text_is_stored_without_what_cannot_be_shown(line: Line, text: str, stored: str) -> None:
    here = line.open().conversation
    assert line.post(here, text).message.text == stored
    assert line.newest(here).text == stored


@pytest.mark.parametrize("text", ["", "   ", "\x00\x01", "\u200d\u200b", "\n\t"])
def test_an_empty_message_is_refused(line: Line, text: str) -> None:
    here = line.open().conversation
    with pytest.raises(MessageEmpty):
        line.post(here, text)
    assert line.read(here).last_seq == 1


def test_2000_characters_pass_and_one_more_does_not(line: Line) -> None:
    here = line.open().conversation
    assert len(line.post(here, "x" * 2000).message.text) == 2000
    with pytest.raises(MessageTooLong):
        line.post(here, "x" * 2001)


@pytest.mark.parametrize("client_id", ["\n", "x" * 65, "\x00"])
def test_a_client_id_must_be_short_and_printable(line: Line, client_id: str) -> None:
    here = line.open().conversation
    with pytest.raises(InvalidInput):
        line.post(here, "hello", client_id=client_id)


def test_text_and_button_together_are_refused(line: Line) -> None:
    here = line.open().conversation
    with pytest.raises(InvalidInput):
        line.post(here, "hello", button="cancel")
    with pytest.raises(InvalidInput):
        line.post(here)


def test_an_unknown_conversation_is_not_found(line: Line) -> None:
    with pytest.raises(ConversationNotFound):
        line.post("c-nowhere", "hello")


def test_a_button_means_on_the_server_what_was_offered(line: Line) -> None:
    here = line.open().conversation
    [answer] = line.say(here, "offer please").messages
    accept = answer.buttons[0]
    assert accept.title == "Accept"
    line.say(here, button=accept.id)
    asked = line.assistant.asked[-1]
    assert (asked.intent, asked.entities) == ("accept_offer", (("offer", "o1"),))
    assert line.transcript(here)[-2] == "customer: Accept"


def test_a_button_that_was_never_offered_is_unknown(line: Line) -> None:
    here, there = line.open().conversation, line.open(None).conversation
    [answer] = line.say(here, "offer please").messages
    with pytest.raises(ButtonUnknown):
        line.post(here, button="/accept_offer")
    with pytest.raises(ButtonUnknown):
        line.post(there, button=answer.buttons[0].id)


def test_a_double_click_does_it_once_and_returns_the_first_result(line: Line) -> None:
    here = line.open().conversation
    accept = line.say(here, "offer please").messages[0].buttons[0].id
    first = line.post(here, button=accept)
    again = line.post(here, button=accept)
    assert again.is_repeat
    assert again.message == first.message
    while line.run(here):
        pass
    after_the_answer = line.post(here, button=accept)
    assert after_the_answer.message == first.message
    assert [e for e in line.mover.effects if e.startswith("accept_offer")] == [
        f"accept_offer {first.message.id}"
    ]


def test_a_used_button_expires_once_the_customer_went_on(line: Line) -> None:
    here = line.open().conversation
    accept = line.say(here, "offer please").messages[0].buttons[0].id
    line.say(here, button=accept)
    line.say(here, "thanks")
    with pytest.raises(ButtonExpired):
        line.post(here, button=accept)


def test_the_button_of_an_offer_that_is_over_has_expired(line: Line) -> None:
    here = line.open().conversation
    accept = line.say(here, "offer please").messages[0].buttons[0].id
    line.say(here, "decline it")
    with pytest.raises(ButtonExpired):
        line.post(here, button=accept)


def test_the_button_of_an_offer_that_was_replaced_has_expired(line: Line) -> None:
    here = line.open().conversation
    old = line.say(here, "offer please").messages[0].buttons[0].id
    new = line.say(here, "offer another").messages[0].buttons[0].id
    with pytest.raises(ButtonExpired):
        line.post(here, button=old)
    assert not line.post(here, button=new).is_repeat


def test_a_button_that_only_answers_a_question_stays_good(line: Line) -> None:
    here = line.open().conversation
    other = line.say(here, "hello").messages[0].buttons[0].id
    line.say(here, "and something else")
    assert not line.post(here, button=other).is_repeat


def test_a_consent_is_never_given_to_terms_other_than_those_it_stood_under(line: Line) -> None:
    here = line.open().conversation
    first = line.say(here, "terms of 3 months").messages[0].buttons[0]
    assert first.title == "Confirm"
    restated = line.say(here, "terms of 3 months").messages[0].buttons[0]
    other = line.say(here, "terms of 6 months").messages[0].buttons[0]
    for stale in (first, restated):
        with pytest.raises(ButtonExpired):
            line.post(here, button=stale.id)
    again = line.say(here, "terms of 3 months").messages[0].buttons[0]
    with pytest.raises(ButtonExpired):
        line.post(here, button=other.id)
    assert again.id != first.id
    assert not line.post(here, button=first.id).is_repeat, "these very terms stand again"


@pytest.mark.parametrize("control", ["cancel", "person"])
def test_the_controls_always_work_and_bump_the_version(line: Line, control: str) -> None:
    here = line.open().conversation
    [before] = line.rows("SELECT version FROM conversations")
    posted = line.post(here, button=control)
    [after] = line.rows("SELECT version FROM conversations")
    assert posted.lane is Lane.CONTROL
    assert after[0] == before[0] + 1
    line.run(here, Lane.CONTROL)
    assert not line.post(here, button=control).is_repeat


def test_a_double_click_on_a_control_is_one_press(line: Line) -> None:
    here = line.open().conversation
    first = line.post(here, button="cancel")
    assert line.post(here, button="cancel").message == first.message
    assert not line.post(here, button="person").is_repeat, "the other control is another press"


def test_a_pressed_control_reads_as_it_was_offered_or_as_usual(line: Line) -> None:
    here = line.open().conversation
    assert line.post(here, button="cancel").message.text == "Cancel now"
    assert line.post(here, button="person").message.text == "Talk to a person"


def test_too_many_messages_are_refused_and_the_controls_only_at_an_inhuman_pace(
    a_line: Callable[..., Line],
) -> None:
    line = a_line(limits=Limits(messages_per_minute=3))
    here = line.open().conversation
    for second in range(3):
        line.post(here, f"message {second}")
        line.clock.forward(seconds=1)
    with pytest.raises(TooManyMessages) as refused:
        line.post(here, "one more")
    assert refused.value.retry_after_seconds == 57
    for _ in range(12):
        line.say(here, button="cancel")
    with pytest.raises(TooManyMessages):
        line.post(here, button="cancel")
    line.clock.forward(seconds=60)
    line.post(here, "one more")


def test_writing_reopens_a_closed_conversation(line: Line) -> None:
    here = line.open().conversation
    line.take_over(here, by=Holder.CLOSED)
    assert line.read(here).holder is Holder.CLOSED
    line.post(here, "one more thing")
    assert line.read(here).holder is Holder.ASSISTANT


def test_concurrent_posts_get_gapless_seqs(line: Line) -> None:
    here = line.open().conversation

    def post_three(n: int) -> None:
        for k in range(3):
            line.post(here, f"{n}.{k}", client_id=f"{n}.{k}")

    threads = [threading.Thread(target=post_three, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    messages = line.read(here).messages
    assert [m.seq for m in messages] == list(range(1, 20))
    for n in range(6):
        said = [m.text for m in messages if m.text.startswith(f"{n}.")]
        assert said == [f"{n}.0", f"{n}.1", f"{n}.2"]


def test_an_offer_that_ran_out_cannot_be_pressed(line: Line) -> None:
    here = line.open().conversation
    accept = line.say(here, "offer please").messages[0].buttons[0].id
    line.clock.at += OFFERS_LAST
    with pytest.raises(ButtonExpired):
        line.post(here, button=accept)
