"""What agents do with a conversation: take it, answer, pass it on, hand it back, close it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.conversations.agent import Status
from bot.conversations.case import CaseOutcome
from bot.conversations.holder import Holder
from bot.errors import (
    AgentNotFound,
    AgentNotHere,
    AlreadyTaken,
    AtCapacity,
    ButtonExpired,
    ConversationNotFound,
    HeldBack,
    MessageIdReused,
    NotHolder,
    NotPossible,
)
from bot.use_cases.claim_case import claim_case
from bot.use_cases.close_case import close_case
from bot.use_cases.hand_back import hand_back
from bot.use_cases.mark_read import mark_read
from bot.use_cases.pass_case_on import To, pass_case_on
from bot.use_cases.write_note import write_note
from tests.agent_desks import ADA, KIM, AgentLine


def test_the_customer_is_told_whom_they_talk_to(desk_line: AgentLine) -> None:
    here = desk_line.held_by(KIM)
    desk_line.write(here, "Hello, I have read everything.")
    seen = desk_line.read(here)
    assert (seen.holder, seen.agent_name) == (Holder.AGENT, "Kim")
    assert desk_line.transcript(here)[-2:] == [
        "system: You are talking to Kim now.",
        "agent: Hello, I have read everything.",
    ]
    assert desk_line.newest(here).sender_name == "Kim"


def test_taking_it_again_changes_nothing(desk_line: AgentLine) -> None:
    here = desk_line.held_by(KIM)
    before = desk_line.transcript(here)
    assert not claim_case(here, agent=KIM, desk=desk_line.desk)
    assert desk_line.transcript(here) == before
    with pytest.raises(AlreadyTaken, match="Kim took this conversation"):
        claim_case(here, agent=ADA, desk=desk_line.desk)


def test_only_who_holds_it_writes(desk_line: AgentLine) -> None:
    here = desk_line.waiting()
    for agent in (KIM, ADA):
        with pytest.raises(NotHolder):
            desk_line.write(here, "Hello", by=agent)
    with pytest.raises(ConversationNotFound):
        desk_line.write(desk_line.open(resume=False).conversation, "Hello")


def test_a_message_sent_twice_is_stored_once(desk_line: AgentLine) -> None:
    here = desk_line.held_by(KIM)
    first = desk_line.write(here, "Hello", sent_as="one")
    again = desk_line.write(here, "Hello", sent_as="one")
    assert again.message == first.message
    assert again.is_repeat
    with pytest.raises(MessageIdReused):
        desk_line.write(here, "Other words", sent_as="one")
    assert desk_line.transcript(here).count("agent: Hello") == 1


def test_an_id_of_the_customers_is_no_id_for_an_agent(desk_line: AgentLine) -> None:
    here = desk_line.held_by(KIM)
    desk_line.post(here, "Hello", client_id="theirs")
    with pytest.raises(MessageIdReused):
        desk_line.write(here, "Hello", sent_as="theirs")


def test_what_breaks_a_rule_is_not_sent_and_the_agent_is_told_how_to_mend_it(
    desk_line: AgentLine,
) -> None:
    here = desk_line.held_by(KIM)
    before = desk_line.transcript(here)
    desk_line.guard.forbidden = {"9.99": "R12"}
    with pytest.raises(HeldBack, match="not what the billing record says") as held:
        desk_line.write(here, "You pay 9.99", sent_as="x")
    assert [(hint.rule, hint.passage) for hint in held.value.hints] == [("R12", None)]
    assert desk_line.transcript(here) == before
    assert desk_line.rows("SELECT count(*) FROM records WHERE kind = 'held_back'") == [(1,)]
    desk_line.write(here, "You pay what stands in your account", sent_as="y")


def test_a_note_is_kept_once_and_the_customer_never_gets_it(desk_line: AgentLine) -> None:
    here = desk_line.waiting()
    before = desk_line.read(here)
    for _ in range(2):
        note = write_note(
            here, agent=ADA, client_message_id="n", text="Third time", desk=desk_line.desk
        )
    assert (note.number, note.author_name) == (1, "Ada")
    with pytest.raises(MessageIdReused):
        write_note(here, agent=KIM, client_message_id="n", text="Third time", desk=desk_line.desk)
    assert desk_line.read(here) == before
    assert [n.text for n in desk_line.notes(here)] == ["Third time"]


def test_it_is_passed_on_to_a_colleague_who_is_here(desk_line: AgentLine) -> None:
    here = desk_line.held_by(KIM)
    desk_line.here(ADA)
    pass_case_on(here, agent=KIM, to=To(agent=ADA.id), note="Knows her", desk=desk_line.desk)
    assert desk_line.hold(here).agent == ADA.id
    assert desk_line.transcript(here)[-1] == "system: You are talking to Ada now."
    with pytest.raises(NotHolder):
        desk_line.write(here, "Late", by=KIM)
    desk_line.write(here, "Hello", by=ADA)
    assert [n.text for n in desk_line.notes(here)] == ["Knows her"]


def test_nothing_is_passed_on_to_who_cannot_take_it(desk_line: AgentLine) -> None:
    here = desk_line.held_by(KIM)
    full = replace(ADA, id="p-full", capacity=1)
    desk_line.held_by(full)
    desk_line.here(ADA, status=Status.AWAY)
    refusals = {ADA.id: AgentNotHere, full.id: AtCapacity, "p-nobody": AgentNotFound}
    for to, refusal in refusals.items():
        with pytest.raises(refusal):
            pass_case_on(here, agent=KIM, to=To(agent=to), desk=desk_line.desk)
    assert desk_line.hold(here).agent == KIM.id


@pytest.mark.parametrize("to", [To(), To(team="billing")])
def test_it_goes_back_to_the_queue_in_front(desk_line: AgentLine, to: To) -> None:
    here = desk_line.held_by(KIM)
    desk_line.write(here, "Hello")
    desk_line.clock.forward(minutes=5)
    desk_line.post(here, "Are you there?")
    asked_at = desk_line.clock.now()
    desk_line.clock.forward(minutes=1)
    pass_case_on(here, agent=KIM, to=to, desk=desk_line.desk)
    assert desk_line.hold(here).holder is Holder.QUEUE
    with desk_line.unit_of_work() as uow:
        case = uow.cases.get(here)
    assert (case.came_back, case.team, case.waiting_since) == (True, to.team, asked_at)
    assert desk_line.transcript(here)[-1] == "system: A colleague takes over."
    assert claim_case(here, agent=ADA, desk=desk_line.desk)


def test_handed_back_the_assistant_answers_again_and_does_not_bring_a_person_by_itself(
    desk_line: AgentLine,
) -> None:
    here = desk_line.held_by(KIM)
    desk_line.say(here, "while with Kim")
    hand_back(here, agent=KIM, note="All clear", desk=desk_line.desk)
    assert desk_line.hold(here).holder is Holder.ASSISTANT
    answer = desk_line.say(here, "hello again")
    assert [m.text for m in answer.messages] == ["I heard: hello again"]
    assert answer.holder is Holder.ASSISTANT
    heard = [asked.text for asked in desk_line.assistant.asked]
    assert heard == ["hello again"], "what was said to a person is not answered afterwards"
    assert desk_line.rows("SELECT count(*) FROM surveys") == [(0,)], "nobody is done"
    with pytest.raises(NotHolder):
        hand_back(here, agent=KIM, desk=desk_line.desk)


def test_closed_with_one_question_that_is_answered_once(desk_line: AgentLine) -> None:
    here = desk_line.held_by(KIM)
    for _ in range(2):
        close_case(here, agent=KIM, outcome=CaseOutcome.SOLVED, desk=desk_line.desk)
    asked = desk_line.newest(here)
    assert asked.text == "Did Kim help you?"
    four, two = asked.buttons[1], asked.buttons[3]
    for _ in range(2):
        desk_line.say(here, button=four.id)
    with pytest.raises(ButtonExpired):
        desk_line.post(here, button=two.id)
    assert desk_line.rows("SELECT rating, agent FROM surveys") == [(4, KIM.id)]
    assert desk_line.hold(here).holder is Holder.CLOSED, "an answer does not open it again"
    assert desk_line.transcript(here)[-2:] == ["customer: 4 of 5", "system: Thank you."]
    assert desk_line.read(here).idle


def test_nobody_is_asked_where_the_agent_does_not_want_it(desk_line: AgentLine) -> None:
    here = desk_line.held_by(KIM)
    close_case(here, agent=KIM, outcome=CaseOutcome.NO_REPLY, survey=False, desk=desk_line.desk)
    assert desk_line.newest(here).buttons == ()
    assert desk_line.rows("SELECT count(*) FROM surveys") == [(0,)]


def test_a_cancellation_that_was_not_carried_out_is_no_outcome(desk_line: AgentLine) -> None:
    here = desk_line.held_by(KIM)
    with pytest.raises(NotPossible, match="Nothing was cancelled"):
        close_case(here, agent=KIM, outcome=CaseOutcome.CANCELED, desk=desk_line.desk)
    assert desk_line.hold(here).holder is Holder.AGENT


def test_it_is_not_closed_over_a_word_nobody_has_read(desk_line: AgentLine) -> None:
    here = desk_line.held_by(KIM)
    desk_line.post(here, "one more thing")
    with pytest.raises(NotPossible, match="just written"):
        close_case(here, agent=KIM, outcome=CaseOutcome.SOLVED, desk=desk_line.desk)
    desk_line.run(here)
    close_case(here, agent=KIM, outcome=CaseOutcome.SOLVED, desk=desk_line.desk)


def test_who_writes_after_the_close_gets_the_assistant(desk_line: AgentLine) -> None:
    here = desk_line.held_by(KIM)
    close_case(here, agent=KIM, outcome=CaseOutcome.SOLVED, desk=desk_line.desk)
    answer = desk_line.say(here, "hello again")
    assert (answer.holder, answer.messages[-1].text) == (Holder.ASSISTANT, "I heard: hello again")
    assert answer.agent_name is None


def test_who_comes_back_while_an_agent_holds_it_reaches_that_agent(desk_line: AgentLine) -> None:
    here = desk_line.held_by(KIM, "A-1001")
    opened = desk_line.open("A-1001")
    assert (opened.conversation, opened.holder) == (here, Holder.AGENT)
    desk_line.say(here, "me again")
    assert desk_line.assistant.asked == []
    assert desk_line.hold(here).agent == KIM.id


def test_a_person_asked_for_again_is_the_one_they_know(desk_line: AgentLine) -> None:
    here = desk_line.held_by(KIM)
    close_case(here, agent=KIM, outcome=CaseOutcome.SOLVED, desk=desk_line.desk)
    desk_line.say(here, "hello")
    desk_line.say(here, button="person")
    with desk_line.unit_of_work() as uow:
        case = uow.cases.get(here)
    assert case.is_open
    assert (case.last_agent, case.first_reply_at) == (KIM.id, None)


def test_unread_is_what_the_customer_said_since(desk_line: AgentLine) -> None:
    here = desk_line.held_by(KIM)
    for text in ("one", "two"):
        desk_line.say(here, text)
    seq = desk_line.read(here).last_seq
    assert mark_read(here, agent=KIM, seq=seq - 1, desk=desk_line.desk) == 1
    assert mark_read(here, agent=KIM, seq=10_000, desk=desk_line.desk) == 0
    assert mark_read(here, agent=KIM, seq=1, desk=desk_line.desk) == 0, "a mark never goes back"
    desk_line.say(here, "three")
    assert mark_read(here, agent=KIM, seq=seq, desk=desk_line.desk) == 1


def test_pressing_for_a_person_who_is_here_moves_nothing(desk_line: AgentLine) -> None:
    here = desk_line.held_by(KIM)
    answer = desk_line.say(here, button="person")
    assert [m.text for m in answer.messages] == ["A person is here already."]
    assert desk_line.hold(here).agent == KIM.id


def test_the_cancel_control_works_while_an_agent_holds_it(desk_line: AgentLine) -> None:
    here = desk_line.held_by(KIM)
    answer = desk_line.say(here, button="cancel")
    assert [m.receipt for m in answer.messages] == ["r1"]
    assert desk_line.hold(here).agent == KIM.id


def test_every_act_is_recorded(desk_line: AgentLine) -> None:
    here = desk_line.held_by(KIM)
    desk_line.here(ADA)
    desk_line.write(here, "Hello")
    write_note(here, agent=KIM, client_message_id="n", text="Note", desk=desk_line.desk)
    pass_case_on(here, agent=KIM, to=To(agent=ADA.id), desk=desk_line.desk)
    pass_case_on(here, agent=ADA, to=To(), desk=desk_line.desk)
    claim_case(here, agent=KIM, desk=desk_line.desk)
    close_case(here, agent=KIM, outcome=CaseOutcome.SOLVED, desk=desk_line.desk)
    assert desk_line.acts() == [
        "conversation_taken",
        "customer_answered",
        "note_written",
        "conversation_passed_on",
        "conversation_passed_on",
        "conversation_taken",
        "conversation_closed",
    ]


def test_a_ticket_can_be_taken_up_and_ends_with_the_case(desk_line: AgentLine) -> None:
    here = desk_line.open(None, resume=False).conversation
    with desk_line.unit_of_work() as uow:
        uow.tickets.leave(
            here,
            ticket="T-1",
            reason="requested",
            contact="maya@example.org",
            summary={},
            cause=f"{here}:1",
            now=desk_line.clock.now(),
        )
        uow.commit()
    assert desk_line.hold(here).holder is Holder.TICKET
    assert claim_case(here, agent=KIM, desk=desk_line.desk)
    desk_line.write(here, "Here is your answer")
    close_case(here, agent=KIM, outcome=CaseOutcome.SOLVED, desk=desk_line.desk)
    assert desk_line.rows("SELECT status FROM tickets") == [("closed",)]
    assert desk_line.hold(here).holder is Holder.CLOSED
