"""Tickets in a real django-helpdesk: one each whatever goes wrong, and its answers come back."""

from __future__ import annotations

import zlib

import pytest

from bot.conversations.holder import Holder
from bot.conversations.message import Sender
from bot.integrations.django_helpdesk import PLACE, UNNAMED, DjangoHelpdesk
from bot.use_cases.take_ticket_reply import fetch_ticket_replies
from tests.faulty_line import HAPPENS, Fault, FaultyLine
from tests.tickets.desk import HALF_A_MINUTE, TicketDesk
from tests.tickets.served import ADA, KIM, NUMBERS, OURS, PASSWORD, Helpdesk

pytestmark = pytest.mark.slow


def client(url: str, *, timeout_seconds: float = 20) -> DjangoHelpdesk:
    return DjangoHelpdesk(
        url,
        user=OURS,
        password=PASSWORD,
        queue=1,
        names={NUMBERS[KIM]: "Kim"},
        timeout_seconds=timeout_seconds,
    )


def marked(helpdesk: Helpdesk, ticket: str) -> list[dict]:
    return [t for t in helpdesk.tickets() if f"[save-desk {ticket}@" in t["description"]]


def comments(helpdesk: Helpdesk, number: int) -> list[str]:
    return [f["comment"] for f in helpdesk.ticket(number)["followup_set"][1:]]


@pytest.fixture
def a_ticket(request: pytest.FixtureRequest) -> str:
    """Name a ticket so that no other test's is found for it in the shared helpdesk."""
    return f"T-{zlib.crc32(request.node.nodeid.encode()):08X}"


def test_a_ticket_arrives_with_everything_a_person_needs(desk, helpdesk, a_ticket):
    desk.leave(a_ticket, PLACE, words="Grüße: die Suppe 🍅 was cold")
    assert desk.deliver({PLACE: client(helpdesk.url)}) == 1
    [ticket] = marked(helpdesk, a_ticket)
    assert ticket["title"] == f"[{a_ticket}] requested: A-1001"
    assert ticket["submitter_email"] == "maya@home.example"
    assert "Grüße: die Suppe 🍅 was cold" in ticket["description"]
    assert desk.deliver_later({PLACE: client(helpdesk.url)}) == 0


@pytest.mark.parametrize("fault", list(Fault), ids=lambda fault: fault.name)
def test_there_is_one_ticket_whatever_happens_to_the_line(
    desk: TicketDesk, helpdesk: Helpdesk, faulty: FaultyLine, a_ticket: str, fault: Fault
):
    over_line = {PLACE: client(f"{faulty.url}/helpdesk", timeout_seconds=0.35)}
    if fault in HAPPENS - {Fault.SLOW}:
        over_line = {PLACE: client(f"{faulty.url}/helpdesk")}
    desk.leave(a_ticket, PLACE)
    faulty.spoil(fault, at=0)
    assert desk.deliver(over_line) == 0
    assert desk.waiting() == 1
    faulty.mend()
    assert desk.deliver_later({PLACE: client(helpdesk.url)}) == 1
    assert len(marked(helpdesk, a_ticket)) == 1


def test_a_helpdesk_that_is_down_gets_everything_once_it_is_up(desk, helpdesk, faulty, a_ticket):
    over_line = {PLACE: client(f"{faulty.url}/helpdesk")}
    here = desk.leave(a_ticket, PLACE)
    desk.line.say(here, "and one more thing")
    faulty.cut()
    for _ in range(3):
        assert desk.deliver_later(over_line) == 0
    faulty.mend()
    assert desk.deliver_later(over_line) == 2
    [ticket] = marked(helpdesk, a_ticket)
    [comment] = comments(helpdesk, ticket["id"])
    assert "and one more thing" in comment


def test_nothing_is_sent_again_while_nobody_can_look_whether_it_is_there(
    desk, helpdesk, faulty, a_ticket
):
    over_line = {PLACE: client(f"{faulty.url}/helpdesk")}
    desk.leave(a_ticket, PLACE)
    faulty.spoil(Fault.CUT_AFTER, at=0)
    desk.deliver(over_line)
    faulty.cut()
    assert desk.deliver_later(over_line) == 0
    assert len(marked(helpdesk, a_ticket)) == 1


def test_what_is_added_arrives_in_order_once_and_is_not_mailed_to_who_wrote_it(
    desk, helpdesk, faulty, a_ticket
):
    over_line = {PLACE: client(f"{faulty.url}/helpdesk")}
    here = desk.leave(a_ticket, PLACE)
    desk.deliver(over_line)
    for words in ("first", "second", "third"):
        desk.line.say(here, words)
    faulty.spoil(Fault.CUT_AFTER, at=1)
    desk.deliver(over_line)
    desk.deliver_later(over_line)
    [ticket] = marked(helpdesk, a_ticket)
    said = [c.split("\n\n")[1] for c in comments(helpdesk, ticket["id"])]
    assert said == ["first", "second", "third"]
    added = helpdesk.ticket(ticket["id"])["followup_set"][1:]
    assert not any(followup["public"] for followup in added)


def test_an_answer_there_comes_back_under_the_persons_name_once(desk, helpdesk, a_ticket):
    place = client(helpdesk.url)
    here = desk.leave(a_ticket, PLACE)
    desk.deliver({PLACE: place})
    [ticket] = marked(helpdesk, a_ticket)
    helpdesk.answer(ticket["id"], "A colleague should look at this.", public=False)
    helpdesk.answer(ticket["id"], "Hello Maya, a new box is on its way.")
    helpdesk.answer(ticket["id"], "It comes on Friday.", by=ADA)
    desk.line.woken.clear()
    assert fetch(desk, place) == 1
    assert fetch(desk, place) == 0
    said = [(m.sender_name, m.text) for m in desk.messages(here) if m.sender is Sender.AGENT]
    assert said == [
        ("Kim", "Hello Maya, a new box is on its way."),
        (UNNAMED, "It comes on Friday."),
    ]
    assert here in desk.line.woken


def test_the_customer_who_comes_back_sees_the_answer(desk, helpdesk, a_ticket):
    place = client(helpdesk.url)
    here = desk.leave(a_ticket, PLACE)
    desk.deliver({PLACE: place})
    [ticket] = marked(helpdesk, a_ticket)
    helpdesk.answer(ticket["id"], "Here you are.")
    fetch(desk, place)
    opened = desk.line.open("A-1001")
    assert opened.conversation == here
    assert opened.messages[-1].text == "Here you are."


def test_a_conversation_closed_meanwhile_is_open_again_with_the_answer(desk, helpdesk, a_ticket):
    place = client(helpdesk.url)
    here = desk.leave(a_ticket, PLACE)
    desk.deliver({PLACE: place})
    desk.line.take_over(here, by=Holder.CLOSED)
    [ticket] = marked(helpdesk, a_ticket)
    helpdesk.answer(ticket["id"], "Here you are.")
    fetch(desk, place)
    assert desk.line.read(here).holder is Holder.TICKET
    assert desk.line.open("A-1001").conversation == here


def test_a_ticket_that_is_resolved_there_is_closed_here_and_the_assistant_goes_on(
    desk, helpdesk, a_ticket
):
    place = client(helpdesk.url)
    here = desk.leave(a_ticket, PLACE)
    desk.deliver({PLACE: place})
    [ticket] = marked(helpdesk, a_ticket)
    helpdesk.answer(ticket["id"], "Done.", new_status=3)
    fetch(desk, place)
    assert desk.line.read(here).holder is Holder.ASSISTANT
    assert desk.line.rows("SELECT status FROM tickets") == [("closed",)]
    assert desk.line.say(here, "thanks").messages[-1].text == "I heard: thanks"


def fetch(desk: TicketDesk, place: DjangoHelpdesk) -> int:
    desk.line.clock.forward(minutes=1)
    return fetch_ticket_replies(
        place, outside=PLACE, every=HALF_A_MINUTE, switchboard=desk.line.switchboard
    )
