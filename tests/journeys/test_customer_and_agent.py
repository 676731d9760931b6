"""Two browsers at once: a customer and an agent, from the first word to the last."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.agent_driver import AgentDriver
from tests.journeys.running_desk import RunningDesk
from tests.journeys.widget_driver import WidgetDriver

pytestmark = [pytest.mark.stack, pytest.mark.browser]

KIM, ADA = "kim@larder.example", "ada@larder.example"
Sit = Callable[[str], AgentDriver]


@pytest.fixture
def customer(browser: Browser, desk: RunningDesk) -> Iterator[WidgetDriver]:
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    driver = WidgetDriver(context.new_page(), desk.url)
    yield driver
    context.close()
    assert driver.faults == []


@pytest.fixture
def sit(browser: Browser, desk: RunningDesk) -> Iterator[Sit]:
    """Return a function that seats an agent at a desk of their own."""
    seated: list[AgentDriver] = []

    def sit(email: str) -> AgentDriver:
        context = browser.new_context(viewport={"width": 1280, "height": 860})
        agent = AgentDriver(context.new_page(), desk.url)
        agent.sign_in(email)
        seated.append(agent)
        return agent

    yield sit
    for agent in seated:
        agent.page.context.close()
    assert [agent.faults for agent in seated] == [[] for _ in seated]


def test_a_person_takes_over_answers_and_closes_and_the_customer_says_how_it_was(
    customer: WidgetDriver, sit: Sit
):
    kim = sit(KIM)
    customer.open_shop("A-1001")
    customer.say("I want to cancel, it is too expensive for us")
    customer.press("Talk to a person")
    kim.take("Maya")
    kim.shot("desk-taken")
    expect(kim.heard("it is too expensive for us")).to_be_visible()
    expect(kim.page.locator(".pane--about")).to_contain_text("too expensive")
    customer.wait_for_text("Kim")
    expect(customer.holder).to_contain_text("Kim")
    kim.answer("Hello Maya, I am Kim. I have read everything you wrote.")
    customer.wait_for_text("I have read everything you wrote.")
    assert customer.last().by == "Kim"
    customer.say("Thank you Kim", wait=False)
    expect(kim.heard("Thank you Kim")).to_be_visible()
    kim.answer("You are welcome, Maya.")
    customer.wait_for_text("You are welcome, Maya.")
    kim.close()
    customer.page.locator("save-desk .message--system .reply").first.wait_for()
    customer.screenshot("survey")
    question = customer.last()
    assert len(question.buttons) == 5
    customer.press(question.buttons[0])
    expect(kim.page.get_by_text("The customer rated this 5 of 5.")).to_be_visible()


def test_what_would_hurry_the_customer_is_held_back_and_can_be_rewritten(
    customer: WidgetDriver, sit: Sit
):
    kim = sit(KIM)
    customer.open_shop("A-1002")
    customer.press("Talk to a person")
    kim.take("Jonas")
    kim.answer("Hurry, this offer is only valid for the next ten minutes!")
    expect(kim.page.get_by_role("alert")).to_contain_text("not sent")
    kim.shot("desk-held-back")
    kim.answer("Take your time, Jonas.")
    customer.wait_for_text("Take your time, Jonas.")
    assert not any("Hurry" in message.text for message in customer.messages())


def test_an_agent_offers_and_the_customer_consents_and_it_is_done_once(
    customer: WidgetDriver, sit: Sit, desk: RunningDesk
):
    kim = sit(KIM)
    customer.open_shop("A-1001")
    customer.press("Talk to a person")
    kim.take("Maya")
    offers = kim.page.locator(".pane--about")
    expect(offers).to_contain_text("What you may offer")
    kim.page.get_by_label("Why they want to leave").select_option("too_expensive")
    kim.page.locator("[data-offer]").first.click()
    customer.page.locator("save-desk .offer").wait_for()
    customer.screenshot("agents-offer")
    assert "Cancel now" in customer.last().buttons
    # A reply that has only just appeared cannot be pressed: nobody reads so fast.
    customer.wait_idle()
    customer.press("Accept")
    customer.page.locator("save-desk .reply", has_text="Confirm").wait_for()
    customer.wait_idle()
    customer.press("Confirm", wait=False)
    customer.page.locator("save-desk .receipt").wait_for()
    expect(kim.page.locator(".said__receipt")).to_have_count(1)
    assert len(desk.account("A-1001")["concessions"]) <= 1


def test_of_two_agents_one_gets_the_conversation_and_the_other_is_told(
    customer: WidgetDriver, sit: Sit
):
    kim, ada = sit(KIM), sit(ADA)
    customer.open_shop("A-1003")
    customer.press("Talk to a person")
    for agent in (kim, ada):
        agent.row("Priya").click()
        expect(agent.page.locator("[data-act=claim]")).to_be_visible()
    kim.act("claim")
    expect(kim.page.get_by_text("You are talking to this customer.")).to_be_visible()
    expect(ada.page.get_by_text("Kim is talking to this customer.")).to_be_visible()
    expect(ada.page.locator("[data-act=claim]")).to_have_count(0)


def test_the_exit_works_while_a_person_has_the_conversation(
    customer: WidgetDriver, sit: Sit, desk: RunningDesk
):
    kim = sit(KIM)
    customer.open_shop("A-1001")
    customer.press("Talk to a person")
    kim.take("Maya")
    customer.press("Cancel now", wait=False)
    customer.page.locator("save-desk .receipt").wait_for()
    assert desk.account("A-1001")["subscriptions"][0]["cancels_on"]
    expect(kim.page.locator(".said__receipt")).to_have_count(1)


def test_handed_back_the_assistant_goes_on_and_does_not_send_them_round_again(
    customer: WidgetDriver, sit: Sit
):
    kim = sit(KIM)
    customer.open_shop("A-1002")
    customer.press("Talk to a person")
    kim.take("Jonas")
    kim.answer("I see. The assistant can do that for you right away.")
    customer.wait_for_text("right away")
    kim.act("hand-back")
    kim.confirm("Hand back")
    expect(kim.page.get_by_text("The assistant is talking to this customer.")).to_be_visible()
    customer.say("please pause my subscription for a month")
    assert customer.last().sender == "assistant"
    assert "pause" in customer.last().text.lower()
