"""Opening, coming back, falling silent and leaving."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.conversations.holder import Holder
from bot.errors import AccountNotFound, ConversationNotFound
from bot.storage.unit_of_work import SqlUnitOfWork
from bot.use_cases.close_conversation import close_conversation
from bot.use_cases.expire_silent import expire_silent
from bot.use_cases.list_queue import list_queue
from bot.use_cases.open_conversation import open_conversation
from bot.use_cases.pending_turns import pending_turns
from bot.use_cases.reset_conversations import reset_conversations
from tests.switchboards import Line


def run_everything(line: Line) -> None:
    for due in pending_turns(switchboard=line.switchboard):
        line.run(due.conversation, due.lane)


def test_a_new_conversation_opens_with_the_greeting(line: Line) -> None:
    opened = line.open("A-1001")
    assert (opened.is_new, opened.account, opened.customer_name) == (True, "A-1001", "Maya")
    assert [(m.seq, m.text) for m in opened.messages] == [
        (1, "Hello, I am an automated assistant.")
    ]
    assert opened.last_seq == 1


def test_a_visitor_needs_no_account(line: Line) -> None:
    opened = line.open(None)
    assert (opened.account, opened.customer_name) == (None, None)


def test_an_unknown_account_opens_nothing(line: Line) -> None:
    with pytest.raises(AccountNotFound):
        line.open("A-9999")
    assert line.rows("SELECT count(*) FROM conversations") == [(0,)]


def test_a_conversation_opens_although_billing_is_down(line: Line) -> None:
    line.billing.is_down = True
    opened = line.open("A-1001")
    assert (opened.account, opened.customer_name, opened.last_seq) == ("A-1001", None, 1)


def test_coming_back_does_not_wait_for_an_answer_that_is_still_owed(line: Line) -> None:
    first = line.open("A-1001").conversation
    line.post(first, "hello")
    assert line.open("A-1001", earlier=first).last_seq == 2
    assert line.assistant.asked == []


def test_an_unknown_conversation_cannot_be_read(line: Line) -> None:
    with pytest.raises(ConversationNotFound):
        line.read("c-gone")


def test_an_earlier_conversation_goes_on_without_a_second_greeting(line: Line) -> None:
    first = line.open(None)
    line.say(first.conversation, "hello")
    again = line.open(None, earlier=first.conversation)
    assert (again.is_new, again.conversation, again.last_seq) == (False, first.conversation, 3)
    assert again.messages[0].text == "Hello, I am an automated assistant."


def test_a_visitor_who_signs_in_keeps_the_conversation(line: Line) -> None:
    first = line.open(None)
    again = line.open("A-1001", earlier=first.conversation)
    assert (again.conversation, again.account, again.customer_name) == (
        first.conversation,
        "A-1001",
        "Maya",
    )


def test_another_customer_never_gets_the_earlier_conversation(line: Line) -> None:
    mayas = line.open("A-1001")
    jonas = line.open("A-1002", earlier=mayas.conversation)
    assert jonas.conversation != mayas.conversation
    assert jonas.is_new


def test_an_account_comes_back_to_its_newest_open_conversation(line: Line) -> None:
    line.open("A-1001", resume=False)
    line.clock.forward(minutes=1)
    newest = line.open("A-1001", resume=False)
    assert line.open("A-1001").conversation == newest.conversation
    close_conversation(newest.conversation, switchboard=line.switchboard)
    assert line.open("A-1001").conversation != newest.conversation


def test_a_closed_conversation_is_reopened_only_when_asked_for(line: Line) -> None:
    first = line.open("A-1001")
    close_conversation(first.conversation, switchboard=line.switchboard)
    again = line.open("A-1001", resume_closed=True)
    assert (again.conversation, again.holder) == (first.conversation, Holder.ASSISTANT)
    assert close_conversation(first.conversation, switchboard=line.switchboard) is Holder.CLOSED


def test_without_resume_there_is_always_a_new_conversation(line: Line) -> None:
    first = line.open("A-1001")
    assert line.open("A-1001", earlier=first.conversation, resume=False).is_new


def test_an_unknown_earlier_conversation_is_ignored(line: Line) -> None:
    assert line.open(None, earlier="c-gone").is_new


def test_closing_records_how_it_ended_once(line: Line) -> None:
    here = line.open().conversation
    assert close_conversation(here, switchboard=line.switchboard) is Holder.CLOSED
    assert close_conversation(here, switchboard=line.switchboard) is Holder.CLOSED
    closings = [e for e in line.mover.effects if e.startswith("conversation_closed")]
    assert len(closings) == 1


def test_what_was_said_before_leaving_is_carried_out_before_closing(line: Line) -> None:
    here = line.open().conversation
    line.assistant.is_down = True
    line.post(here, "press_cancel please")
    line.run(here)
    assert close_conversation(here, switchboard=line.switchboard) is Holder.ASSISTANT
    line.assistant.is_down = False
    line.clock.forward(seconds=5)
    line.run(here)
    line.run(here)
    assert [e.split()[0] for e in line.mover.effects[1:]] == ["press_cancel", "conversation_closed"]
    assert line.read(here).holder is Holder.CLOSED


def test_who_waits_for_a_person_keeps_the_place_after_leaving(line: Line) -> None:
    here = line.open().conversation
    line.say(here, button="person")
    assert close_conversation(here, switchboard=line.switchboard) is Holder.QUEUE
    [waiting] = list_queue(views=line.switchboard.views)
    assert (waiting["conversation"], waiting["customer_left"]) == (here, True)
    line.say(here, "I am back")
    [waiting] = list_queue(views=line.switchboard.views)
    assert waiting["customer_left"] is False


def test_closing_an_unknown_conversation_is_not_found(line: Line) -> None:
    with pytest.raises(ConversationNotFound):
        close_conversation("c-gone", switchboard=line.switchboard)


def test_half_an_hour_of_silence_is_noted_once(line: Line) -> None:
    here = line.open().conversation
    line.say(here, "hello")
    line.clock.forward(minutes=29, seconds=59)
    assert expire_silent(switchboard=line.switchboard) == ()
    line.clock.forward(seconds=1)
    assert expire_silent(switchboard=line.switchboard) == (here,)
    run_everything(line)
    assert line.mover.effects[-1].startswith("customer_silent")
    line.clock.forward(minutes=60)
    assert expire_silent(switchboard=line.switchboard) == ()
    assert line.read(here).holder is Holder.ASSISTANT


def test_a_customer_who_speaks_again_can_fall_silent_again(line: Line) -> None:
    here = line.open().conversation
    for _ in range(2):
        line.say(here, "hello")
        line.clock.forward(minutes=30)
        assert expire_silent(switchboard=line.switchboard) == (here,)
        run_everything(line)


def test_silence_in_the_queue_is_waiting_and_an_open_turn_is_not_silence(line: Line) -> None:
    waiting, unanswered = line.open("A-1001").conversation, line.open("A-1002").conversation
    line.say(waiting, button="person")
    line.post(unanswered, "hello")
    line.clock.forward(hours=2)
    assert expire_silent(switchboard=line.switchboard) == ()


def test_a_reset_closes_everything_and_drops_waiting_turns(line: Line) -> None:
    here, queued = line.open("A-1001").conversation, line.open("A-1002").conversation
    line.say(queued, button="person")
    line.post(here, "hello")
    with line.unit_of_work() as uow:
        uow.cancellations.put("k", "A-1001", {}, requested_at=line.clock.now())
        uow.commit()
    assert reset_conversations(unit_of_work=line.unit_of_work, clock=line.clock) == 2
    assert list_queue(views=line.switchboard.views) == ()
    assert pending_turns(switchboard=line.switchboard) == ()
    assert line.read(here).holder is Holder.CLOSED
    with line.unit_of_work() as uow:
        assert uow.cancellations.waiting() == ()
    assert line.open("A-1001").conversation != here


def test_instants_of_the_future_do_not_make_a_conversation_silent(line: Line) -> None:
    here = line.open().conversation
    line.clock.at -= timedelta(hours=1)
    assert expire_silent(switchboard=line.switchboard) == ()
    assert line.read(here).idle


def test_nobody_takes_the_greeting_from_who_opens_the_conversation(
    line: Line,
) -> None:
    """However quick other workers are, the first answer carries the greeting."""
    tried: list[bool] = []
    commit = SqlUnitOfWork.commit

    class Eager(SqlUnitOfWork):
        """A worker that tries every waiting turn as soon as anything is committed."""

        def commit(self) -> None:
            commit(self)
            if not tried:
                tried.append(True)
                for turn in line.switchboard.views.due_turns(now=line.clock.now()):
                    tried.append(line.run(turn.conversation, turn.lane))

    eager = replace(line.switchboard, unit_of_work=lambda: Eager(line.engine, line.ids))
    opened = open_conversation(account="A-1001", switchboard=eager)
    assert tried == [True], "nothing is due for anybody else"
    assert [message.seq for message in opened.messages] == [1]
