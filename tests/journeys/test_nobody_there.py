"""Nobody is at the desk, or the desk has something to say: the customer comes back and reads it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from playwright.sync_api import Browser, expect

from tests.journeys.agent_driver import AgentDriver
from tests.journeys.running_desk import RunningDesk, running_desk
from tests.journeys.widget_driver import WidgetDriver
from tests.stripe.served import free_port
from tests.tickets.served import KIM, NUMBERS, OURS, PASSWORD, Helpdesk, served

pytestmark = [pytest.mark.stack, pytest.mark.browser]

PATIENCE_SECONDS = 60
TICKETS_TO = "tickets@larder.example"
OFF = "Don't tell me such things"
Visit = Callable[[str], AbstractContextManager[WidgetDriver]]


class Mailbox(MessageHandler):
    """A mail server that keeps what arrives."""

    def __init__(self) -> None:
        super().__init__()
        self.port = free_port()
        self.mails: list[Any] = []

    def handle_message(self, message: Any) -> None:
        self.mails.append(message)

    def subjects(self, to: str) -> list[str]:
        return [str(mail["Subject"]) for mail in self.mails if mail["To"] == to]


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    kept = Mailbox()
    controller = Controller(kept, hostname="127.0.0.1", port=kept.port)
    controller.start()
    yield kept
    controller.stop()


@pytest.fixture(scope="module")
def helpdesk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Helpdesk]:
    with served(tmp_path_factory.mktemp("helpdesk")) as running:
        yield running


@pytest.fixture(scope="module")
def own_desk(
    tmp_path_factory: pytest.TempPathFactory, mailbox: Mailbox, helpdesk: Helpdesk
) -> Iterator[RunningDesk]:
    """A desk whose tickets go out by mail and into a helpdesk."""
    settings = {
        "DESK_SMTP_HOST": "127.0.0.1",
        "DESK_SMTP_PORT": str(mailbox.port),
        "DESK_TICKET_MAIL_TO": TICKETS_TO,
        "DESK_HELPDESK_URL": helpdesk.url,
        "DESK_HELPDESK_USER": OURS,
        "DESK_HELPDESK_PASSWORD": PASSWORD,
        "DESK_HELPDESK_NAMES": f"{NUMBERS[KIM]}=Kim",
        "DESK_HELPDESK_POLL_SECONDS": "1",
    }
    with running_desk(tmp_path_factory.mktemp("nobody"), **settings) as desk:
        yield desk


@pytest.fixture
def desk(own_desk: RunningDesk) -> RunningDesk:
    own_desk.reset()
    return own_desk


@pytest.fixture
def visit(browser: Browser, desk: RunningDesk) -> Visit:
    """Return what lets a customer come to the shop, each time with a browser that knows nothing."""

    @contextmanager
    def coming(account: str) -> Iterator[WidgetDriver]:
        context = browser.new_context(viewport={"width": 1280, "height": 860})
        customer = WidgetDriver(context.new_page(), desk.url)
        customer.open_shop(account)
        yield customer
        context.close()
        assert customer.faults == []

    return coming


@pytest.fixture
def kim(browser: Browser, desk: RunningDesk) -> Iterator[AgentDriver]:
    """An agent who was at the desk, and has gone home."""
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    agent = AgentDriver(context.new_page(), desk.url)
    agent.sign_in("kim@larder.example")
    agent.be("off")
    yield agent
    context.close()
    assert agent.faults == []


def until(holds: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < give_up_at, "it did not come to this"
        time.sleep(0.1)


def test_nobody_is_there_and_the_answer_to_the_ticket_waits_for_the_customer(
    visit: Visit, kim: AgentDriver, helpdesk: Helpdesk, mailbox: Mailbox
):
    with visit("A-1001") as maya:
        maya.press("Talk to a person")
        maya.wait_for_text("Nobody is at the desk right now")
        maya.screenshot("nobody-there")
        maya.press("Leave a message")
        maya.wait_for_text("Your message is left as ticket")
        maya.say("The soup in my last box was cold")
        maya.wait_for_text("I have added this to your ticket")
        maya.screenshot("ticket-left")
    until(lambda: len(mailbox.subjects(TICKETS_TO)) == 2)
    [opened, added] = mailbox.subjects(TICKETS_TO)
    assert added == f"Re: {opened}"
    until(lambda: _said(helpdesk) == ["The soup in my last box was cold"])
    [ticket] = helpdesk.tickets()
    assert ticket["title"] == opened
    helpdesk.answer(ticket["id"], "Hello Maya, a new box comes on Friday.")
    kim.row("Maya").click()
    expect(kim.heard("a new box comes on Friday")).to_be_visible()
    kim.shot("ticket-answered")
    with visit("A-1001") as maya:
        maya.wait_for_text("a new box comes on Friday")
        maya.screenshot("ticket-answer-found")
        assert [one.by for one in maya.messages() if "Friday" in one.text] == ["Kim"]
        assert any("soup in my last box" in one.text for one in maya.messages())
    assert len(helpdesk.tickets()) == 1
    assert mailbox.subjects(TICKETS_TO) == [opened, added], "each went out once"


def _said(helpdesk: Helpdesk) -> list[str]:
    """Return what was added to the only ticket there."""
    return [
        followup["comment"].split("\n\n")[1]
        for ticket in helpdesk.tickets()
        for followup in helpdesk.ticket(ticket["id"])["followup_set"][1:]
    ]


def test_a_check_in_is_told_once_and_never_again_when_it_is_switched_off(
    visit: Visit, desk: RunningDesk
):
    [told] = [one for one in raised(desk) if one["account"] == "A-1009"]
    assert (told["kind"], told["way"]) == ("failed_payment", "site")
    with visit("A-1009") as ruth:
        ruth.wait_for_text("For your information")
        ruth.screenshot("check-in")
        assert OFF in ruth.last().buttons
        ruth.press(OFF)
        ruth.wait_for_text("I won't tell you such things unasked any more")
        ruth.screenshot("check-ins-off")
    refused = {one["why_not"] for one in raised(desk) if one["account"] == "A-1009"}
    assert refused == {"switched_off"}
    with visit("A-1009") as ruth:
        informed = [one for one in ruth.messages() if "For your information" in one.text]
        assert len(informed) == 1, "what was told stands there, and nothing was added"


def raised(desk: RunningDesk) -> list[dict[str, Any]]:
    return list(json.loads(desk.command("check-ins", "--json")))
