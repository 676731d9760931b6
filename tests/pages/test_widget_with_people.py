"""People join, write, leave and are asked about: who it is stands beside every message."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.widget_driver import WidgetDriver
from tests.pages.fake_gateway import FakeGateway, Talk
from tests.pages.states import SURVEY, buttons

pytestmark = pytest.mark.browser

# Sooner after it came up a press is not meant for it.
UNSEEN_MS = 300


def with_sofia(driver: WidgetDriver, gateway: FakeGateway) -> Talk:
    driver.open_shop("A-1001")
    talk = gateway.only_talk()
    gateway.hand(talk, "agent")
    gateway.say(talk, "system", "Sofia joined.")
    gateway.say(talk, "agent", "Hello Maya.", sender_name="Sofia")
    driver.wait_for_text("Hello Maya.")
    return talk


def test_it_is_always_clear_who_speaks_from_the_assistant_to_a_person_and_back(
    driver: WidgetDriver, gateway: FakeGateway
) -> None:
    talk = with_sofia(driver, gateway)
    expect(driver.holder).to_have_text("Sofia, a person")
    driver.say("hello")
    gateway.hand(talk, "assistant")
    gateway.say(talk, "system", "You are back with the assistant.")
    driver.wait_for_text("You are back")
    driver.say("and now?")
    assert [one.by for one in driver.messages()] == [
        "Assistant", "Notice", "Sofia", "You", "Notice", "You", "Assistant",
    ]  # fmt: skip
    expect(driver.holder).to_have_text("Automated assistant")


def test_a_person_is_seen_writing_until_their_message_is_there(
    driver: WidgetDriver, gateway: FakeGateway
) -> None:
    talk = with_sofia(driver, gateway)
    working = driver.desk.locator(".working")
    expect(working).to_have_count(0)
    gateway.typing(talk, "Sofia")
    expect(working).to_have_text("Sofia is writing")
    gateway.say(talk, "agent", "There it is.", sender_name="Sofia")
    driver.wait_for_text("There it is.")
    expect(working).to_have_count(0)
    gateway.typing(talk, None)
    expect(working).to_have_text("Sofia is writing")


def test_a_sign_of_writing_that_is_not_renewed_fades(
    driver: WidgetDriver, gateway: FakeGateway
) -> None:
    talk = with_sofia(driver, gateway)
    gateway.typing(talk, "Sofia")
    driver.desk.locator(".working").wait_for()
    driver.desk.locator(".working").wait_for(state="detached", timeout=12_000)


def test_a_survey_is_one_press_and_is_gone_when_it_is_answered(
    driver: WidgetDriver, gateway: FakeGateway
) -> None:
    seen: list[str] = []
    gateway.script = lambda talk, said: seen.append(said["button_id"]) or []
    talk = with_sofia(driver, gateway)
    gateway.hand(talk, "assistant")
    gateway.say(talk, "system", "How was the help you got?", buttons=buttons(SURVEY))
    driver.wait_for_text("How was the help")
    assert driver.last().buttons == tuple(SURVEY)
    boxes = [each.bounding_box() for each in driver.desk.locator(".reply").all()]
    assert len({(box["width"], box["height"]) for box in boxes if box}) == 1, "no answer stands out"
    driver.page.wait_for_timeout(UNSEEN_MS)
    driver.press("Not so good")
    assert seen == ["b-Not so good"]
    assert driver.desk.locator(".reply").count() == 0


def test_marks_in_numbers_stand_in_one_row_and_are_large_enough(
    driver: WidgetDriver, gateway: FakeGateway
) -> None:
    talk = with_sofia(driver, gateway)
    gateway.say(talk, "system", "How was it?", buttons=buttons(["1", "2", "3", "4", "5"]))
    driver.wait_for_text("How was it?")
    boxes = [box for each in driver.desk.locator(".reply").all() if (box := each.bounding_box())]
    assert len(boxes) == 5
    assert len({box["y"] for box in boxes}) == 1
    assert all(box["width"] >= 44 and box["height"] >= 44 for box in boxes)


def test_an_ended_conversation_can_be_rated_and_gone_on_with(
    driver: WidgetDriver, gateway: FakeGateway
) -> None:
    talk = with_sofia(driver, gateway)
    gateway.say(talk, "system", "How well did Sofia help you?", buttons=buttons(SURVEY))
    gateway.hand(talk, "closed")
    expect(driver.holder).to_have_text("This conversation has ended")
    driver.page.wait_for_timeout(UNSEEN_MS)
    driver.press("Very good")
    driver.say("one more thing")
    said = [m["text"] for m in talk.messages if m["from"] == "customer"]
    assert said == ["Very good", "one more thing"]
    assert len(gateway.talks) == 1
