"""Every turn is answered exactly once, in order, whatever dies or interferes meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.conversations.holder import Holder
from bot.conversations.turn import Lane
from bot.conversations.understood import Guess, Understood
from bot.errors import AssistantUnavailable
from bot.storage.studio_views import SqlStudioViews
from bot.use_cases.pending_turns import pending_turns
from bot.use_cases.ports import Asked, DueTurn
from bot.use_cases.switchboard import Limits
from tests.switchboards import Line


class Killed(BaseException):
    """The process dies here: nothing after this point runs."""


def die(asked: Asked) -> None:
    raise Killed


def test_the_oldest_waiting_turn_is_answered_first(line: Line) -> None:
    here = line.open().conversation
    line.post(here, "one")
    line.post(here, "two")
    assert line.run(here)
    assert line.run(here)
    assert not line.run(here)
    assert line.transcript(here)[1:] == [
        "customer: one",
        "customer: two",
        "assistant: I heard: one",
        "assistant: I heard: two",
    ]


def test_the_assistant_is_told_what_the_desk_waits_for(line: Line) -> None:
    here = line.open("A-1001").conversation
    line.say(here, "offer please")
    line.say(here, "hm")
    asked = line.assistant.asked[-1]
    assert (asked.awaiting, asked.account, asked.intent) == ("offer", "A-1001", None)
    assert asked.message_id == f"{here}:4"


def test_a_conversation_is_idle_only_when_nothing_waits(line: Line) -> None:
    here = line.open().conversation
    assert line.read(here).idle
    line.post(here, "hello")
    assert not line.read(here).idle
    line.run(here)
    assert line.read(here).idle


def test_what_was_understood_of_typed_words_is_kept_with_the_answer(line: Line) -> None:
    here = line.open().conversation
    offer = line.say(here, "offer please, or mail maya@home.example").messages[0]
    line.say(here, button=offer.buttons[0].id)
    views = SqlStudioViews(line.engine)
    [heard] = views.heard_in(here)
    assert (heard.text, heard.seq) == ("offer please, or mail […]", 2)
    assert heard.understood == Understood("offer", 1.0, (Guess("offer", 1.0),))
    assert views.heard_since(heard.at, most=9) == (heard,)
    assert views.heard_since(heard.at + timedelta(seconds=1), most=9) == ()
    line.post(here, "hello")
    line.assistant.after = die
    with pytest.raises(Killed):
        line.run(here)
    assert views.heard_in(here) == (heard,)


def test_two_workers_race_and_one_answers(line: Line) -> None:
    here = line.open().conversation
    line.post(here, "hello")
    both_inside = threading.Barrier(3, timeout=20)
    results: list[bool] = []

    def race() -> None:
        both_inside.wait()
        results.append(line.run(here))

    threads = [threading.Thread(target=race) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False, False, True]
    assert len(line.assistant.asked) == 1
    assert line.transcript(here).count("assistant: I heard: hello") == 1


def test_a_second_worker_keeps_off_a_turn_that_takes_longer_than_the_lease(
    a_line: Callable[..., Line],
) -> None:
    """The fake clock runs ahead of the lease while the assistant works; the renewal keeps up."""
    line = a_line(limits=Limits(lease=timedelta(seconds=0.3)))
    here = line.open().conversation
    line.post(here, "hello")
    tries: list[bool] = []

    def slow(asked: Asked) -> None:
        for _ in range(6):
            line.clock.forward(seconds=0.1)
            threading.Event().wait(0.15)
            tries.append(line.run(here))

    line.assistant.before = slow
    assert line.run(here)
    assert tries == [False] * 6


def test_a_turn_whose_worker_died_is_taken_up_when_the_lease_runs_out(line: Line) -> None:
    here = line.open().conversation
    line.post(here, "hello")
    line.assistant.before = die
    with pytest.raises(Killed):
        line.run(here)
    line.assistant.before = lambda asked: None
    assert not line.run(here), "the dead worker's lease still stands"
    assert pending_turns(switchboard=line.switchboard) == ()
    line.clock.at += line.limits.lease
    assert pending_turns(switchboard=line.switchboard) == (DueTurn(here, Lane.TALK),)
    assert line.run(here)
    assert line.transcript(here)[-1] == "assistant: I heard: hello"


def test_a_crash_between_answer_and_store_repeats_the_answer_but_not_the_effect(line: Line) -> None:
    here = line.open().conversation
    accept = line.say(here, "offer please").messages[0].buttons[0].id
    line.post(here, button=accept)
    line.assistant.after = die
    with pytest.raises(Killed):
        line.run(here)
    assert line.newest(here).text == "Accept", "the answer was lost with its worker"
    line.assistant.is_down = True
    line.clock.at += line.limits.lease
    assert line.run(here), "the recorded move is worded without the assistant"
    assert line.newest(here).text == "I heard: Accept"
    assert len([e for e in line.mover.effects if e.startswith("accept_offer")]) == 1


def test_a_worker_that_lost_its_lease_stores_nothing(line: Line) -> None:
    here = line.open().conversation
    line.post(here, "hello")

    def overtaken(asked: Asked) -> None:
        line.assistant.after = lambda asked: None
        line.clock.at += line.limits.lease
        assert line.run(here)

    line.assistant.after = overtaken
    assert not line.run(here)
    assert line.transcript(here).count("assistant: I heard: hello") == 1


def test_a_worker_that_lost_its_lease_plans_no_next_try(line: Line) -> None:
    here = line.open().conversation
    line.post(here, "hello")

    def overtaken(asked: Asked) -> None:
        line.assistant.before = lambda asked: None
        line.clock.at += line.limits.lease
        assert line.run(here)
        raise AssistantUnavailable("The first worker's call fails after all.")

    line.assistant.before = overtaken
    assert not line.run(here)
    assert line.rows("SELECT state, tries FROM turns WHERE seq = 2") == [("done", 0)]


def test_an_answer_that_comes_after_a_person_took_over_is_dropped_and_kept_aside(
    line: Line,
) -> None:
    here = line.open().conversation
    line.assistant.after = lambda asked: line.take_over(here)
    answer = line.say(here, "hello")
    assert answer.messages == ()
    assert answer.idle
    [(turn, text)] = line.rows("SELECT turn, answer FROM dropped_answers")
    assert turn == 2
    assert "I heard: hello" in str(text)


def test_the_message_that_asks_for_a_person_is_still_answered(line: Line) -> None:
    here = line.open().conversation
    answer = line.say(here, "press_person now")
    assert answer.holder is Holder.QUEUE
    assert [m.text for m in answer.messages] == ["A person is coming."]


def test_an_escalating_turn_that_crashed_is_still_owed_its_answer(line: Line) -> None:
    here = line.open().conversation
    line.post(here, "press_person now")
    line.assistant.after = die
    with pytest.raises(Killed):
        line.run(here)
    assert line.read(here).holder is Holder.QUEUE
    line.clock.at += line.limits.lease
    assert line.run(here)
    assert line.newest(here).text == "A person is coming."


def test_a_control_press_needs_no_assistant(line: Line) -> None:
    line.assistant.is_down = True
    here = line.open().conversation
    assert [m.text for m in line.say(here, button="cancel").messages] == ["It is cancelled."]
    assert line.newest(here).receipt == "r1"


def test_a_control_press_overtakes_a_turn_the_assistant_is_stuck_in(line: Line) -> None:
    here = line.open().conversation
    line.post(here, "hello")

    def press_meanwhile(asked: Asked) -> None:
        assert [m.text for m in line.say(here, button="cancel").messages] == ["It is cancelled."]

    line.assistant.before = press_meanwhile
    assert line.run(here)
    assert line.transcript(here)[1:] == [
        "customer: hello",
        "customer: Cancel now",
        "assistant: It is cancelled.",
    ]
    assert line.read(here).idle
    assert line.rows("SELECT count(*) FROM dropped_answers") == [(1,)]


def test_waiting_words_are_superseded_by_cancel_but_wait_on_after_person(line: Line) -> None:
    line.assistant.is_down = True
    here, there = line.open().conversation, line.open("A-1002").conversation
    for conversation in (here, there):
        line.post(conversation, "please cancel it")
    line.say(here, button="cancel")
    line.say(there, button="person")
    assert [d.conversation for d in pending_turns(switchboard=line.switchboard)] == [there]
    assert line.run(there), "a cancellation stated before is carried out while a person is awaited"
    assert line.newest(there).text == "It is cancelled."


@pytest.mark.parametrize("by", [Holder.QUEUE, Holder.TICKET])
def test_words_of_cancelling_are_carried_out_while_a_person_is_awaited(
    line: Line, by: Holder
) -> None:
    here = line.open().conversation
    line.take_over(here, by=by)
    assert line.say(here, "are you there?").messages == ()
    answer = line.say(here, "just cancel it")
    assert [m.text for m in answer.messages] == ["It is cancelled."]
    assert answer.holder is by
    assert line.assistant.asked == []


def test_with_an_agent_words_of_cancelling_bring_up_the_control(line: Line) -> None:
    here = line.open().conversation
    line.take_over(here, by=Holder.AGENT)
    assert line.say(here, "thanks, Kim").messages == ()
    [shown] = line.say(here, "just cancel it").messages
    assert [b.id for b in shown.buttons] == ["cancel"]
    assert line.mover.effects == [f"conversation_opened {here}:conversation_opened-1"]
    assert [m.text for m in line.say(here, button="cancel").messages] == ["It is cancelled."]


def test_a_press_is_answered_although_the_assistant_is_down(line: Line) -> None:
    here = line.open().conversation
    accept = line.say(here, "offer please").messages[0].buttons[0].id
    line.assistant.is_down = True
    assert [m.text for m in line.say(here, button=accept).messages] == ["I heard: Accept"]
    assert line.mover.effects[-1] == f"accept_offer {here}:4"


def test_a_press_that_the_assistant_carried_out_too_late_is_not_carried_out_again(
    line: Line,
) -> None:
    here = line.open().conversation
    accept = line.say(here, "offer please").messages[0].buttons[0].id

    def time_out(asked: Asked) -> None:
        raise AssistantUnavailable("It took too long.")

    line.assistant.after = time_out
    assert [m.text for m in line.say(here, button=accept).messages] == ["I heard: Accept"]
    assert [e for e in line.mover.effects if e.startswith("accept")] == [f"accept_offer {here}:4"]


def test_a_stated_wish_to_leave_does_not_wait_for_the_assistant(line: Line) -> None:
    here = line.open().conversation
    line.assistant.is_down = True
    line.post(here, "I want to cancel")
    assert not line.run(here), "once more first: the assistant understands more"
    line.clock.forward(seconds=0.5)
    assert line.run(here)
    assert line.mover.effects[-1] == f"request_cancellation {here}:2"


def test_an_assistant_that_is_down_is_asked_again_later_and_later(line: Line) -> None:
    here = line.open().conversation
    line.post(here, "hello")
    line.assistant.is_down = True
    waits = []
    for _ in range(6):
        assert not line.run(here)
        [(until,)] = line.rows("SELECT next_try_at FROM turns WHERE seq = 2")
        waits.append(until)
        assert not line.run(here), "not due yet"
        line.clock.forward(seconds=5)
    assert len(line.assistant.asked) == 6
    assert len(set(waits)) == 6
    line.assistant.is_down = False
    assert line.run(here)
    assert line.newest(here).text == "I heard: hello"


def test_after_a_while_the_customer_is_told_once_and_the_late_answer_still_comes(
    line: Line,
) -> None:
    here = line.open().conversation
    line.post(here, "hello")
    line.assistant.is_down = True
    for _ in range(8):
        line.run(here)
        line.clock.forward(seconds=5)
    notice = line.newest(here)
    assert line.transcript(here)[2:] == ["system: This takes longer than it should."]
    assert [b.id for b in notice.buttons] == ["cancel", "person"]
    assert line.read(here).idle, "the customer is free to do something else"
    line.assistant.is_down = False
    assert line.run(here)
    assert line.newest(here).text == "I heard: hello"


def test_a_turn_that_can_never_be_answered_goes_to_a_person(line: Line) -> None:
    here = line.open().conversation
    line.say(here, "offer please")
    line.post(here, "hello")
    line.assistant.is_down = True
    line.run(here)
    line.clock.at += line.limits.gives_up_after
    line.run(here)
    assert line.read(here).holder is Holder.QUEUE
    assert line.newest(here).text == "I could not answer; a person will."
    [waiting] = line.switchboard.views.queue()
    assert waiting["reason"] == "backend_failing"
    assert waiting["summary"]["words"] == ["hello"]
    assert line.say(here, "hello?").messages == (), "the assistant is silent now"


def test_a_fault_of_ours_is_reported_and_not_repeated_at_once(line: Line) -> None:
    here = line.open().conversation
    line.post(here, "hello")

    def fault(asked: Asked) -> None:
        raise ZeroDivisionError

    line.assistant.before = fault
    with pytest.raises(ZeroDivisionError):
        line.run(here)
    assert not line.run(here)
    line.clock.forward(seconds=1)
    line.assistant.before = lambda asked: None
    assert line.run(here)


def test_who_held_a_conversation_when_is_kept(line: Line) -> None:
    here = line.open().conversation
    line.say(here, button="person")
    line.take_over(here)
    held = line.rows("SELECT version, holder, agent, cause FROM holds ORDER BY version")
    assert held == [
        (1, "assistant", None, None),
        (2, "assistant", None, f"{here}:2"),
        (3, "queue", None, f"{here}:2"),
        (4, "agent", "kim", None),
    ]


def test_a_question_asked_while_a_person_is_awaited_is_still_answered(line: Line) -> None:
    """A cancellation stated in the queue may need to know which subscription is meant."""
    here = line.open().conversation
    line.take_over(here, by=Holder.QUEUE)
    with line.unit_of_work() as uow:
        document, version = uow.dialogues.get(here)
        uow.dialogues.put(here, {**document, "awaiting": "subject"}, version=version)
        uow.commit()
    assert [m.text for m in line.say(here, "home").messages] == ["I heard: home"]
    assert line.say(here, "anything new?").messages == ()
