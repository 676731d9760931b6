"""Who asks for a person chooses: wait, a message, a call, or the assistant; nothing is a trap."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sa

from bot.conversations.holder import Holder
from bot.integrations.wording import DomainWording
from bot.retention.desk_hours import DeskHours
from bot.retention.waiting import FEWEST_WAITS, QueueNow
from bot.settings import ROOT
from bot.storage.ticket_tables import ticket_calls, ticket_deliveries
from bot.use_cases.make_move import Desk
from bot.use_cases.staffing import People
from tests.factories import NOW
from tests.use_cases.talk import Talk, a_desk_on

NINE_TO_FIVE = ((9 * 60, 17 * 60),)
CLOSED_NOW = DeskHours(
    timezone.utc,
    "Greenwich time",
    tuple(NINE_TO_FIVE if day == (NOW + timedelta(days=1)).weekday() else () for day in range(7)),
)
ALWAYS = DeskHours(timezone.utc, "Greenwich time", (((0, 1440),),) * 7)


class Presence:
    def __init__(self, anybody: bool | None) -> None:
        self.anybody = anybody

    def anybody_here(self, *, now: datetime) -> bool | None:
        return self.anybody


@pytest.fixture
def desk(engine: Any) -> Desk:
    return a_desk_on(engine)


def staffed(desk: Desk, hours: DeskHours, anybody: bool | None = None) -> Desk:
    return replace(desk, people=People(hours, Presence(anybody), None, ("mail", "webhook")))


def talk(desk: Desk, account: str | None = "A-1001") -> Talk:
    return Talk(desk, account).open()


def holder(talk: Talk) -> Holder:
    with talk.desk.unit_of_work() as uow:
        return uow.conversations.get(talk.conversation).hold.holder  # type: ignore[attr-defined]


def rows(desk: Desk, table: sa.Table) -> list:
    with desk.unit_of_work() as uow:
        return uow.tickets._connection.execute(sa.select(table)).all()  # type: ignore[attr-defined]


def test_without_desk_hours_no_more_is_said_than_that_a_person_will_answer(desk):
    assert talk(desk).says("press_person") == ["utter_handoff_requested"]


def test_a_person_is_promised_only_where_one_is_there(desk):
    assert talk(staffed(desk, ALWAYS)).says("press_person") == [
        "utter_handoff_requested",
        "utter_wait_unknown",
    ]
    closed = Talk(staffed(desk, CLOSED_NOW), "A-1001", "c-2").open()
    assert closed.says("press_person") == ["utter_away_requested", "utter_nobody_here_until"]
    assert closed.reply.says[1].figures["opens"].endswith("09:00 (Greenwich time)")


@pytest.mark.parametrize(
    ("hours", "anybody", "said"),
    [
        (ALWAYS, False, "utter_nobody_here"),  # they went early: nobody knows until when
        (CLOSED_NOW, True, "utter_wait_unknown"),  # somebody works late
        (CLOSED_NOW, False, "utter_nobody_here_until"),
        (ALWAYS, True, "utter_wait_unknown"),
    ],
)
def test_people_at_the_desk_count_for_more_than_the_hours(desk, hours, anybody, said):
    assert talk(staffed(desk, hours, anybody)).says("press_person")[-1] == said


@dataclass(frozen=True)
class WaitingRoom:
    """Five customers were taken lately, each after so many minutes."""

    minutes: float

    def queue_now(self, *, now: datetime) -> QueueNow:
        return QueueNow((timedelta(minutes=self.minutes),) * FEWEST_WAITS)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0.4, "usually takes a minute at most"),
        (1.5, "usually takes 1 to 2 minutes"),
        (8, "usually takes 5 to 10 minutes"),
        (90, "can take more than an hour"),
    ],
)
def test_the_wait_is_told_as_people_say_it(desk, minutes, words):
    people = replace(staffed(desk, ALWAYS, True).people, waiting_room=WaitingRoom(minutes))
    asked = talk(replace(desk, people=people))
    asked.says("press_person")
    assert words in DomainWording.from_file(ROOT / "domain.yml").render(asked.reply.says[-1]).text


def test_the_conversation_waits_in_the_queue_whatever_is_chosen_or_not(desk):
    here = talk(staffed(desk, CLOSED_NOW))
    here.says("press_person")
    assert holder(here) is Holder.QUEUE
    here.says("customer_silent")
    assert holder(here) is Holder.QUEUE
    here.says("deny", "no")
    assert holder(here) is Holder.QUEUE


def test_a_message_makes_a_ticket_and_one_delivery_for_each_place(desk):
    here = talk(staffed(desk, CLOSED_NOW))
    here.says("press_person")
    assert here.presses("utter_button_leave_message") == ["utter_ticket_left"]
    assert holder(here) is Holder.TICKET
    ticket = here.reply.says[0].figures["ticket"]
    sent = rows(here.desk, ticket_deliveries)
    assert [(d.key, d.outside, d.kind) for d in sent] == [
        (f"{ticket}@mail", "mail", "open"),
        (f"{ticket}@webhook", "webhook", "open"),
    ]
    assert "Maya" in sent[0].text


def test_a_second_message_is_no_second_ticket(desk):
    here = talk(staffed(desk, CLOSED_NOW))
    here.says("press_person")
    here.says("choose_option", option="leave_message")
    again = here.says("choose_option", option="leave_message")
    assert again == ["utter_ticket_there_already"]
    assert len(rows(here.desk, ticket_deliveries)) == 2


def test_the_ticket_keeps_why_a_person_was_needed(desk):
    here = talk(staffed(desk, CLOSED_NOW))
    here.says("threaten_legal", "my lawyer")
    here.says("choose_option", option="leave_message")
    assert "Why: legal" in rows(here.desk, ticket_deliveries)[0].text


def test_a_visitor_gives_an_address_and_nothing_is_proved_by_it(desk):
    here = talk(staffed(desk, CLOSED_NOW), None)
    here.says("press_person")
    assert here.presses("utter_button_leave_message") == ["utter_ask_contact"]
    assert here.says("provide_email", "me@") == ["utter_contact_wrong"]
    assert here.says("nlu_fallback", "me at home")[-1] == "utter_contact_wrong"
    assert here.says("deny", "I don't have one") == ["utter_ask_contact"]
    assert here.says("provide_email", email="me@home.example") == ["utter_ticket_left"]
    assert "nobody showed who they are" in rows(here.desk, ticket_deliveries)[0].text


def test_a_call_is_planned_for_a_checked_number_in_a_window_that_is_offered(desk):
    here = talk(staffed(desk, CLOSED_NOW))
    here.says("press_person")
    assert here.presses("utter_button_call_back") == ["utter_ask_phone"]
    assert here.says("provide_phone", phone="+1 900 555 0123") == ["utter_phone_wrong"]
    assert here.says("provide_phone", phone="212 555 0123") == ["utter_ask_call_time"]
    window = here.reply.options[0]
    assert here.says("choose_option", option=window.id) == ["utter_call_back_planned"]
    [call] = rows(here.desk, ticket_calls)
    assert call.phone == "+12125550123"
    assert call.until_at - call.from_at == timedelta(hours=2)
    told = rows(here.desk, ticket_deliveries)[0].text
    assert "+12125550123" in told
    assert f"when: {window.title}" in told, "people read the time the customer was told"
    assert window.title.endswith("time)"), "and whose clock it is by"


@pytest.mark.parametrize(
    ("account", "typed", "told"),
    [
        ("A-1001", "555 012", "utter_phone_short"),
        ("A-1001", "+1 212 555 0123 4567 89", "utter_phone_long"),
        ("A-1001", "900 555 0123", "utter_phone_wrong"),
        (None, "212 555 0123", "utter_phone_no_country"),
        (None, "0044 900 5550123", "utter_phone_wrong"),
        (None, "+44 20 79", "utter_phone_short"),
    ],
)
def test_a_number_that_cannot_be_called_is_told_why(desk, account, typed, told):
    here = talk(staffed(desk, CLOSED_NOW), account)
    here.says("press_person")
    here.presses("utter_button_call_back")
    assert here.says("provide_phone", phone=typed) == [told]
    assert here.says("nlu_fallback", typed)[-1] == told
    assert here.says("nlu_fallback", "what else")[-1] != told


def test_a_time_that_passed_meanwhile_is_asked_for_again(desk):
    here = talk(staffed(desk, CLOSED_NOW))
    here.says("press_person")
    here.says("choose_option", option="call_back")
    here.says("provide_phone", phone="212 555 0123")
    window = here.reply.options[0]
    here.desk.clock.pass_by(timedelta(days=2))  # type: ignore[attr-defined]
    assert here.says("choose_option", option=window.id) == ["utter_ask_call_time"]
    assert rows(here.desk, ticket_calls) == []


def test_a_call_can_be_added_to_a_ticket_that_is_there(desk):
    here = talk(staffed(desk, CLOSED_NOW))
    here.says("press_person")
    here.says("choose_option", option="leave_message")
    here.says("choose_option", option="call_back")
    here.says("provide_phone", phone="212 555 0123")
    here.says("choose_option", option=here.reply.options[0].id)
    assert [d.kind for d in rows(here.desk, ticket_deliveries)] == ["open", "open", "add", "add"]


def test_carrying_on_ends_the_waiting_and_keeps_the_ticket(desk):
    here = talk(staffed(desk, CLOSED_NOW))
    here.says("press_person")
    assert here.presses("utter_button_carry_on") == ["utter_carried_on"]
    assert holder(here) is Holder.ASSISTANT
    here.says("press_person")
    here.says("choose_option", option="leave_message")
    assert here.says("choose_option", option="carry_on") == ["utter_carried_on_with_ticket"]
    assert holder(here) is Holder.ASSISTANT


def test_an_old_button_takes_nothing_from_a_person(desk):
    here = talk(staffed(desk, CLOSED_NOW))
    here.says("press_person")
    with here.desk.unit_of_work() as uow:
        found = uow.conversations.locked(here.conversation)  # type: ignore[attr-defined]
        hold = found.hold.passed_to(Holder.AGENT, cause=None, agent="kim")
        uow.conversations.save(replace(found, hold=hold), now=NOW)  # type: ignore[attr-defined]
        uow.commit()
    for option in ("leave_message", "call_back", "carry_on"):
        assert here.says("choose_option", option=option) == []
    assert holder(here) is Holder.AGENT


@pytest.mark.parametrize("way", [(), ("leave_message",), ("call_back",), ("carry_on",)])
def test_the_exit_works_wherever_the_way_to_a_person_stands(desk, way):
    here = talk(staffed(desk, CLOSED_NOW))
    here.says("press_person")
    for option in way:
        here.says("choose_option", option=option)
    shown = [button.intent for say in here.reply.says for button in say.buttons]
    assert "press_cancel" in shown
    assert here.says("press_cancel") == ["utter_left_at_period_end"]


@pytest.mark.parametrize("way", [(), ("call_back",)])
def test_words_of_leaving_said_while_waiting_are_carried_out_without_a_question(desk, way):
    here = talk(staffed(desk, CLOSED_NOW))
    here.says("press_person")
    for option in way:
        here.says("choose_option", option=option)
    assert here.says("request_cancellation", "cancel it") == ["utter_left_at_period_end"]
