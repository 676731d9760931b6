"""A walk through every state the widget can be in, to look at each."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import expect

from tests.journeys.widget_driver import WidgetDriver
from tests.pages.fake_gateway import FakeGateway
from tests.pages.states import SURVEY, TERMS, WAYS, buttons, consenting, offering, thanking

OPENING = "**/api/conversations"


def every_state(driver: WidgetDriver, gateway: FakeGateway) -> Iterator[str]:
    """Bring the widget, closed on the shop, from state to state; yield the name of each.

    Goes by what things are, never by their words, so that it works in every language.
    """
    yield from _opening(driver)
    yield from _writing(driver, gateway)
    yield from _offer_and_questions(driver, gateway)
    yield from _trouble(driver, gateway)
    yield from _people(driver, gateway)
    yield from _ends(driver, gateway)


def _opening(driver: WidgetDriver) -> Iterator[str]:
    yield "closed"
    driver.page.route(OPENING, lambda route: route.abort())
    driver.desk.locator(".launcher").click()
    driver.desk.locator(".working").wait_for()
    yield "connecting"
    driver.desk.locator(".notice--warn").wait_for()
    yield "not connected"
    driver.page.unroute(OPENING)
    _try_now(driver)
    yield "open"


def _try_now(driver: WidgetDriver) -> None:
    """It tries again by itself, too, and may have been quicker."""
    driver.page.evaluate(
        "() => document.querySelector('save-desk').shadowRoot"
        ".querySelector('.notice--warn .link')?.click()"
    )
    driver.wait_idle()


def _writing(driver: WidgetDriver, gateway: FakeGateway) -> Iterator[str]:
    text = driver.desk.locator("textarea")
    text.fill("x" * 1990)
    driver.desk.locator("#left").wait_for()
    yield "nearly too long"
    text.fill("x" * 2003)
    driver.desk.locator(".composer__left--over").wait_for()
    yield "too long"
    gateway.is_thinking = True
    driver.say(
        "a\nfew\nlines, and https://example.com/a-rather-long-address-that-has-to-break", wait=False
    )
    driver.desk.locator(".working").wait_for()
    yield "the assistant writes"
    gateway.is_thinking = False
    driver.wait_idle()


def _offer_and_questions(driver: WidgetDriver, gateway: FakeGateway) -> Iterator[str]:
    gateway.script = offering
    driver.say("it is too expensive")
    yield "offer"
    driver.log.evaluate("(log) => { log.scrollTop = 0; }")
    driver.desk.locator(".more").wait_for()
    yield "more below"
    driver.desk.locator(".more").click()
    for question in ("save", "start-over"):
        driver.desk.locator(f"#{question}").click()
        expect(driver.desk.locator(f"#{question}-no")).to_be_focused()
        yield f"asks: {question}"
        driver.page.keyboard.press("Escape")
        driver.desk.locator(".notice").wait_for(state="detached")
    gateway.script = consenting
    driver.desk.locator(".replies .reply").first.click()
    driver.wait_for_text(TERMS)
    driver.wait_idle()
    yield "consent"
    gateway.script = thanking
    driver.desk.locator(".replies .reply").first.click()
    driver.desk.locator(".receipt").wait_for()
    driver.wait_idle()
    yield "receipt"


def _trouble(driver: WidgetDriver, gateway: FakeGateway) -> Iterator[str]:
    gateway.script = lambda talk, said: [{"text": "All right."}]
    gateway.refusals = [(410, "button_expired")]
    driver.say("too late", wait=False)
    driver.desk.locator(".message--refused").wait_for()
    yield "refused"
    driver.desk.locator(".message--refused .link").click()
    gateway.down = True
    gateway.cut()
    driver.say("are you there?", wait=False)
    driver.desk.locator(".message--unsent").wait_for()
    driver.desk.locator(".notice--warn").wait_for()
    yield "line lost"
    gateway.down = False
    _try_now(driver)


def _people(driver: WidgetDriver, gateway: FakeGateway) -> Iterator[str]:
    talk = gateway.only_talk()
    gateway.hand(talk, "queue")
    driver.desk.locator("[data-holder=queue]").wait_for()
    yield "waiting for a person"
    gateway.say(talk, "assistant", "Nobody is at the desk right now.", buttons=buttons(WAYS))
    driver.desk.locator(".replies").wait_for()
    yield "ways to a person"
    gateway.say(talk, "assistant", "Where should the answer go?", buttons=buttons(WAYS[2:]))
    driver.wait_for_text("Where should the answer go?")
    yield "asks for an address"
    gateway.hand(talk, "agent")
    gateway.say(talk, "system", "Sofia joined.")
    gateway.say(talk, "agent", "Hello, I have read all of it.", sender_name="Sofia")
    driver.wait_for_text("Hello, I have read")
    yield "a person"
    gateway.keep_typing(talk, "Sofia")
    driver.desk.locator(".working").wait_for()
    yield "a person writes"
    gateway.say(talk, "agent", "Done.", sender_name="Sofia")
    driver.desk.locator(".working").wait_for(state="detached")
    gateway.hand(talk, "assistant")
    gateway.say(talk, "system", "You are back with the assistant.")
    gateway.say(talk, "system", "How was it?", buttons=buttons(SURVEY))
    driver.desk.locator(".replies").wait_for()
    yield "survey in words"
    gateway.say(talk, "system", "And in numbers?", buttons=buttons(["1", "2", "3", "4", "5"]))
    driver.desk.locator(".replies--short").wait_for()
    yield "survey in numbers"


def _ends(driver: WidgetDriver, gateway: FakeGateway) -> Iterator[str]:
    talk = gateway.only_talk()
    for holder in ("ticket", "closed"):
        gateway.hand(talk, holder)
        driver.desk.locator(f"[data-holder={holder}]").wait_for()
        yield f"held by: {holder}"
    gateway.refuses_identity = True
    driver.desk.locator(".ended .reply").click()
    driver.desk.locator(".notice:not(.notice--warn)").wait_for()
    driver.wait_idle()
    yield "identity refused"
    driver.close_help()
    gateway.say(list(gateway.talks.values())[-1], "agent", "One more word.", sender_name="Sofia")
    driver.desk.locator(".launcher__unread").wait_for()
    yield "closed, with something unread"
