"""Conversations decide without storage: who holds them, what a button may do, what a text is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversations.button import OfferedButton
from bot.conversations.conversation import Conversation
from bot.conversations.escalation import EscalationReason, escalation_reason
from bot.conversations.holder import Hold, Holder
from bot.conversations.identification import (
    SentCode,
    wait_before_next_code,
)
from bot.conversations.message import (
    MAX_CHARACTERS,
    Message,
    QuickReply,
    Sender,
    clean_text,
    public_message,
)
from bot.conversations.turn import Lane, Route, Turn
from bot.errors import ButtonExpired, MessageEmpty
from tests.factories import NOW

TALKED = Conversation("c", opened_at=NOW, heard_at=NOW)


@given(st.lists(st.sampled_from(["queue", "ticket", "touch", "agent", "close"]), max_size=12))
def test_every_change_of_a_hold_counts_its_version_up_by_one(steps: list[str]) -> None:
    hold = Hold()
    for number, step in enumerate(steps):
        cause = f"m{number}"
        changed = {
            "queue": hold.passed_to_queue(cause=cause),
            "ticket": hold.passed_to_ticket(cause=cause),
            "touch": hold.touched(cause=cause),
            "agent": hold.passed_to(Holder.AGENT, cause=cause, agent="kim"),
            "close": hold.passed_to(Holder.CLOSED, cause=cause),
        }[step]
        assert changed == hold or (changed.version, changed.cause) == (hold.version + 1, cause)
        hold = changed


@pytest.mark.parametrize("holder", [Holder.QUEUE, Holder.AGENT, Holder.TICKET])
def test_a_person_who_holds_or_is_awaited_is_not_asked_for_again(holder: Holder) -> None:
    hold = Hold(holder, 3, "m")
    assert hold.passed_to_queue(cause="n") == hold


def test_an_agent_is_named_only_while_holding() -> None:
    held = Hold().passed_to(Holder.AGENT, cause=None, agent="kim")
    assert held.agent == "kim"
    assert held.passed_to(Holder.ASSISTANT, cause=None).agent is None


def test_an_answer_fits_while_nothing_changed_or_its_own_message_made_the_change() -> None:
    hold = Hold(version=4, cause="m")
    assert hold.still_fits(4, "other")
    assert hold.still_fits(3, "m")
    assert not hold.still_fits(3, "other")


def test_leaving_closes_unless_a_person_is_awaited() -> None:
    assert TALKED.left(cause="m", now=NOW).hold.holder is Holder.CLOSED
    closed = TALKED.closed(cause="m", now=NOW)
    assert closed.closed(cause="n", now=NOW) == closed
    queued = replace(TALKED, hold=Hold(Holder.QUEUE, 2, "m"))
    left = queued.left(cause="n", now=NOW)
    assert (left.hold, left.left_at) == (queued.hold, NOW)


def test_being_heard_ends_silence_and_reopens() -> None:
    quiet = replace(TALKED, silent_since=NOW, left_at=NOW).closed(cause="m", now=NOW)
    later = NOW + timedelta(hours=1)
    heard = quiet.heard(cause="n", now=later)
    assert (heard.silent_since, heard.left_at, heard.closed_at) == (None, None, None)
    assert (heard.hold.holder, heard.heard_at) == (Holder.ASSISTANT, later)


def a_turn(**but: object) -> Turn:
    plain = Turn("c", 2, "c:3", Lane.TALK, NOW, "hello", seq=3)
    return replace(plain, **but)


@pytest.mark.parametrize(
    ("holder", "intent", "asks", "route"),
    [
        (Holder.ASSISTANT, None, False, Route.ASSISTANT),
        (Holder.ASSISTANT, "affirm", False, Route.ASSISTANT),
        (Holder.CLOSED, None, False, Route.ASSISTANT),
        (Holder.QUEUE, None, False, Route.LISTEN_FOR_EXIT),
        (Holder.TICKET, None, False, Route.LISTEN_FOR_EXIT),
        (Holder.AGENT, None, False, Route.LISTEN_FOR_EXIT),
        (Holder.QUEUE, "affirm", False, Route.DIRECT),
        (Holder.AGENT, "affirm", False, Route.DIRECT),
        (Holder.QUEUE, None, True, Route.ASSISTANT),
        (Holder.TICKET, None, True, Route.ASSISTANT),
        (Holder.AGENT, None, True, Route.LISTEN_FOR_EXIT),
    ],
)
def test_who_answers_depends_on_who_holds(
    holder: Holder, intent: str | None, asks: bool, route: Route
) -> None:
    assert a_turn(intent=intent).route(Hold(holder, 2, "c:1"), asks=asks) is route


@pytest.mark.parametrize("holder", list(Holder))
def test_controls_and_events_are_answered_directly_whoever_holds(holder: Holder) -> None:
    hold = Hold(holder, 2, "c:1")
    assert a_turn(lane=Lane.CONTROL, intent="press_cancel").route(hold, asks=True) is Route.DIRECT
    assert a_turn(seq=None, intent="customer_silent").route(hold, asks=False) is Route.DIRECT


def test_a_turn_that_escalated_by_itself_goes_the_way_it_went() -> None:
    assert a_turn().route(Hold(Holder.QUEUE, 2, "c:3"), asks=False) is Route.ASSISTANT


def test_tries_come_later_and_later_up_to_five_seconds() -> None:
    waits = [(a_turn(tries=tries).tried_again_at(NOW) - NOW).total_seconds() for tries in range(8)]
    assert waits == [0.5, 1, 2, 3, 5, 5, 5, 5]


def a_button(**but: object) -> OfferedButton:
    plain = OfferedButton("c", "b3-1", 3, "Accept", "accept_offer", stage="offer", offer="o1")
    return replace(plain, **but)


@pytest.mark.parametrize(
    ("button", "stage", "newest", "same", "good"),
    [
        (a_button(), "offer", "o1", True, True),
        (a_button(), "consent", "o1", True, False),
        (a_button(), None, "o1", True, False),
        (a_button(), "offer", "o2", True, False),
        (a_button(expires_at=NOW + timedelta(seconds=1)), "offer", "o1", True, True),
        (a_button(expires_at=NOW), "offer", "o1", True, False),
        (a_button(stage="consent", offer=None), "consent", "o1", True, True),
        (a_button(stage="consent", offer=None), "offer", "o1", True, False),
        (a_button(stage="consent", offer=None), "consent", "o1", False, False),
        (a_button(), "offer", "o1", False, True),
        (a_button(stage="confirmation", offer=None), None, None, True, False),
        (a_button(stage="subject", offer=None), None, None, True, True),
        (a_button(stage=None, offer=None), "offer", "o1", True, True),
        (a_button(stage="reason", offer=None), "offer", "o1", True, True),
    ],
)
def test_a_button_is_good_while_its_moment_lasts(
    button: OfferedButton, stage: str | None, newest: str | None, same: bool, good: bool
) -> None:
    if good:
        button.check_valid(stage=stage, newest_offer=newest, reads_the_same=same, now=NOW)
    else:
        with pytest.raises(ButtonExpired):
            button.check_valid(stage=stage, newest_offer=newest, reads_the_same=same, now=NOW)


@given(st.text(max_size=MAX_CHARACTERS))
def test_cleaning_a_text_twice_changes_nothing_more(text: str) -> None:
    try:
        cleaned = clean_text(text)
    except MessageEmpty:
        return
    assert clean_text(cleaned) == cleaned
    assert cleaned.encode()
    assert "\x00" not in cleaned


def test_what_a_customer_sees_of_a_message_is_its_contract() -> None:
    message = Message(
        "c",
        3,
        Sender.ASSISTANT,
        "Deal?",
        NOW,
        (QuickReply("b3-1", "Accept"),),
        {"id": "o1"},
        receipt="r1",
        turn=2,
        index=0,
    )
    assert public_message(message) == {
        "seq": 3,
        "from": "assistant",
        "text": "Deal?",
        "buttons": [{"id": "b3-1", "title": "Accept"}],
        "offer": {"id": "o1"},
        "at": "2026-03-10T09:30:00.000Z",
        "client_message_id": None,
        "sender_name": None,
        "receipt": {"url": "/receipts/r1"},
    }


def test_instants_are_told_in_utc() -> None:
    east = datetime(2026, 3, 10, 10, 30, tzinfo=timezone(timedelta(hours=1)))
    told = public_message(Message("c", 1, Sender.CUSTOMER, "hi", east))["at"]
    assert told == "2026-03-10T09:30:00.000Z"


def test_escalation_reasons_are_a_closed_list() -> None:
    assert escalation_reason("fraud") is EscalationReason.FRAUD
    with pytest.raises(ValueError, match="backend_failing"):
        escalation_reason("frogs")


def test_the_fourth_code_waits_until_the_first_is_15_minutes_old() -> None:
    sent = [NOW + timedelta(minutes=minute) for minute in (0, 1, 2)]
    assert wait_before_next_code(sent[:2], NOW) is None
    assert wait_before_next_code(sent, NOW + timedelta(minutes=5)) == timedelta(minutes=10)
    assert wait_before_next_code(sent, NOW + timedelta(minutes=15)) is None


def test_a_code_ends_with_time_tries_or_success() -> None:
    code = SentCode(1, "A-1001", b"s", b"d", NOW, NOW + timedelta(minutes=10), 0, None)
    assert code.can_be_tried(NOW)
    assert not code.can_be_tried(NOW + timedelta(minutes=10))
    assert not replace(code, tries=5).can_be_tried(NOW)
    assert not replace(code, used_at=NOW).can_be_tried(NOW)
