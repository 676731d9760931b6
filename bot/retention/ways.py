"""Ways to a person: wait, leave a message, be called back, or carry on here; customers choose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.retention import buttons
from bot.retention.call_backs import CallBack, call_windows, chosen_window, read_phone, window_id
from bot.retention.desk_hours import DeskHours, write_moment, write_shift
from bot.retention.dialogue import Awaiting, LeaveTicket, Plea, Scene, Step
from bot.retention.save_attempt import Answer, Outcome
from bot.retention.say import Button, Option, Say
from bot.retention.waiting import Staffing, expected_wait

MESSAGE, CALL, CARRY_ON = "leave_message", "call_back", "carry_on"
_CALLING = "call:"
_PLEA = "call_back"
_REQUESTED = "requested"
_NOT_UNDERSTOOD = "nlu_fallback"
# A number with its country code has so many digits (ITU-T E.164); below and above it says which.
_FEWEST_DIGITS, _MOST_DIGITS = 8, 15

LEAVE_MESSAGE = buttons.choose(MESSAGE, "utter_button_leave_message")
CALL_BACK = buttons.choose(CALL, "utter_button_call_back")
GO_ON = buttons.choose(CARRY_ON, "utter_button_carry_on")
# Under whatever asks something on the way to a person: it can be left at any time.
_OTHERS = (LEAVE_MESSAGE, GO_ON, buttons.CANCEL)

# What is asked while a person is awaited.
ON_THE_WAY = (Awaiting.WAY, Awaiting.CONTACT, Awaiting.PHONE, Awaiting.CALL_TIME)

_OPTIONS = (
    Option(MESSAGE, "Leave a message", ("message", "ticket", "email", "mail", "write")),
    Option(CALL, "Call me back", ("call", "phone", "callback", "ring", "telephone")),
    Option(CARRY_ON, "Carry on here", ("carry", "continue", "assistant", "you", "bot", "go")),
)


def while_waiting(scene: Scene, reason: str) -> tuple[tuple[Say, ...], bool]:
    """Return what is said to who is handed over, and whether the assistant goes on listening.

    A person is promised only where one is there. Where nobody is, that is said first, with when
    people come back; the conversation waits for them in any case, and until the customer chooses
    the assistant goes on answering. Without desk hours nothing is known of who is there, and no
    more is said than that a person will answer.
    """
    staffing, now = scene.situation.staffing, scene.situation.now
    if staffing is None:
        return (Say(f"utter_handoff_{reason}"),), False
    if staffing.is_on_duty(now):
        return (Say(f"utter_handoff_{reason}"), _wait_say(staffing)), False
    opens = staffing.hours.next_opening(now)
    if opens is None or staffing.hours.is_open(now):
        say = Say("utter_nobody_here", {}, _choices(scene))
    else:
        figures = {"opens": write_moment(opens, staffing.hours)}
        say = Say("utter_nobody_here_until", figures, _choices(scene))
    return (Say(f"utter_away_{reason}"), say), True


def answers(scene: Scene) -> bool:
    """Whether this chooses a way to a person, or answers what was asked on the way."""
    heard, awaiting = scene.heard, scene.dialogue.awaiting
    if heard.intent == "choose_option":
        option = heard.value("option") or ""
        return option in _WAYS or option.startswith(_CALLING)
    if heard.intent == "provide_phone":
        return True
    return heard.intent == "provide_email" and awaiting is Awaiting.CONTACT


def go(scene: Scene) -> Step:
    """Take the way that was chosen; where an agent holds the conversation, they answer."""
    heard = scene.heard
    if scene.situation.held_by_agent:
        return scene.step()
    if heard.intent == "provide_email":
        return _take_contact(scene)
    if heard.intent == "provide_phone":
        return _take_phone(scene)
    option = heard.value("option") or ""
    return _WAYS[option](scene) if option in _WAYS else _take_window(scene, option)


def again(scene: Scene) -> tuple[Say, ...]:
    """Ask once more what was asked on the way to a person.

    What was typed instead and understood as nothing else is an answer that went wrong: then it is
    said what is wrong with it.
    """
    awaiting = scene.dialogue.awaiting
    is_answer = scene.heard.intent == _NOT_UNDERSTOOD
    if awaiting is Awaiting.WAY:
        return (Say("utter_resume_way", {}, _choices(scene)),)
    if awaiting is Awaiting.PHONE:
        is_number = is_answer and re.search(r"\d", scene.heard.text)
        return (_wrong_phone(scene) if is_number else Say("utter_ask_phone", {}, _OTHERS),)
    if awaiting is Awaiting.CALL_TIME:
        return (_ask_call_time(scene),)
    return (_wrong_contact() if is_answer else _ask_contact(),)


def told_times(hours: DeskHours, now: datetime) -> Iterator[str]:
    """Yield every time of the desk that may be told now, in the words it is told in."""
    opens = hours.next_opening(now)
    if opens is not None:
        yield write_moment(opens, hours)
    yield from (write_shift(window, hours) for window in call_windows(hours, now))


def listening(scene: Scene) -> Scene:
    """The choice is open: words can make it, too."""
    options = tuple(o for o in _OPTIONS if o.id != CALL or _can_call(scene))
    return scene.with_dialogue(scene.dialogue.asks(Awaiting.WAY, *options))


def _wait_say(staffing: Staffing) -> Say:
    wait = expected_wait(staffing.queue)
    if wait is None:
        return Say("utter_wait_unknown", {}, (LEAVE_MESSAGE, CALL_BACK, GO_ON, buttons.CANCEL))
    offered = (LEAVE_MESSAGE, CALL_BACK, GO_ON, buttons.CANCEL)
    if wait.to_minutes is None:
        return Say("utter_wait_long", {}, offered)
    if wait.to_minutes == 1:
        return Say("utter_wait_minute", {}, offered)
    figures = {"from": str(wait.from_minutes), "to": str(wait.to_minutes)}
    few = "utter_wait_minutes" if wait.from_minutes else "utter_wait_short"
    return Say(few, figures, offered)


def _choices(scene: Scene) -> tuple[Button, ...]:
    call = (CALL_BACK,) if _can_call(scene) else ()
    return (LEAVE_MESSAGE, *call, GO_ON, buttons.CANCEL)


def _can_call(scene: Scene) -> bool:
    staffing = scene.situation.staffing
    return staffing is not None and any(call_windows(staffing.hours, scene.situation.now))


def _leave_message(scene: Scene) -> Step:
    """A ticket: to the address that is known, or the one they give."""
    history = scene.situation.history
    if history is not None and history.customer.email:
        return _leave(scene, history.customer.email)
    return scene.step(_ask_contact(), dialogue=scene.dialogue.asks(Awaiting.CONTACT))


def _ask_contact() -> Say:
    return Say("utter_ask_contact", {}, (GO_ON, buttons.CANCEL))


def _wrong_contact() -> Say:
    return Say("utter_contact_wrong", {}, (GO_ON, buttons.CANCEL))


def _take_contact(scene: Scene) -> Step:
    email = scene.heard.value("email")
    return _leave(scene, email) if email else scene.step(_wrong_contact())


def _leave(scene: Scene, email: str) -> Step:
    known = scene.situation.ticket
    figures = {"ticket": known or _ticket(scene), "email": email}
    response = "utter_ticket_there_already" if known else "utter_ticket_left"
    reason = scene.dialogue.waits_for or _REQUESTED
    wish = LeaveTicket(figures["ticket"], email, reason)
    return _left(scene, wish, Say(response, figures, (GO_ON, buttons.CANCEL)))


def _left(scene: Scene, wish: LeaveTicket, say: Say) -> Step:
    """Wait for people: what was open with the assistant is theirs to settle."""
    attempt = scene.dialogue.open_attempt
    closed = attempt and attempt.answered(Answer.NONE).closed(
        Outcome.ESCALATED, scene.situation.now
    )
    dialogue = replace(
        scene.dialogue.asks(None), attempt=closed or scene.dialogue.attempt, plea=None
    )
    step = scene.step(say, dialogue=dialogue)
    return replace(step, ticket=wish, closed=(closed,) if closed else ())


def _call_back(scene: Scene) -> Step:
    if not _can_call(scene):
        return scene.step(Say("utter_no_call_time", {}, _OTHERS))
    say = Say("utter_ask_phone", {}, _OTHERS)
    return scene.step(say, dialogue=scene.dialogue.asks(Awaiting.PHONE))


def _ask_call_time(scene: Scene) -> Say:
    """Ask for one of the times that can still be chosen; some may have passed since."""
    staffing, now = scene.situation.staffing, scene.situation.now
    offered = tuple(
        buttons.choose(option.id, option.title)
        for option in scene.dialogue.options
        if staffing and chosen_window(option.id, staffing.hours, now)
    )
    if not offered:
        return Say("utter_no_call_time", {}, _OTHERS)
    return Say("utter_ask_call_time", {}, (*offered, *_OTHERS))


def _take_phone(scene: Scene) -> Step:
    """Check the number, and ask when."""
    history, staffing = scene.situation.history, scene.situation.staffing
    place = history.customer.jurisdiction if history else None
    phone = read_phone(scene.heard.value("phone") or "", place)
    if staffing is None or not _can_call(scene):
        return scene.step(Say("utter_no_call_time", {}, _OTHERS))
    if phone is None:
        dialogue = scene.dialogue.asks(Awaiting.PHONE)
        return scene.step(_wrong_phone(scene), dialogue=dialogue)
    windows = tuple(call_windows(staffing.hours, scene.situation.now))
    options = tuple(
        Option(window_id(w), write_shift(w, staffing.hours), (str(number),))
        for number, w in enumerate(windows, 1)
    )
    plea = Plea(_PLEA, "", {"phone": phone})
    dialogue = replace(scene.dialogue.asks(Awaiting.CALL_TIME, *options), plea=plea)
    return scene.step(_ask_call_time(scene.with_dialogue(dialogue)), dialogue=dialogue)


def _wrong_phone(scene: Scene) -> Say:
    """Say what is wrong with the number that was typed, as far as its digits tell."""
    typed = scene.heard.value("phone") or scene.heard.text
    digits, history = re.sub(r"\D", "", typed), scene.situation.history
    response = "utter_phone_wrong"
    if len(digits) < _FEWEST_DIGITS:
        response = "utter_phone_short"
    elif len(digits) > _MOST_DIGITS:
        response = "utter_phone_long"
    elif not re.search(r"\+|^\W*00", typed) and not (history and history.customer.jurisdiction):
        response = "utter_phone_no_country"
    return Say(response, {}, _OTHERS)


def _take_window(scene: Scene, option: str) -> Step:
    """The time was chosen: keep it if it can still be kept."""
    plea, staffing = scene.dialogue.plea, scene.situation.staffing
    if plea is None or plea.kind != _PLEA or staffing is None:
        return _call_back(scene)
    window = chosen_window(option, staffing.hours, scene.situation.now)
    if window is None:
        renewed = replace(scene.heard, entities=(("phone", plea.detail["phone"]),))
        return _take_phone(scene.with_heard(renewed))
    history = scene.situation.history
    ticket = scene.situation.ticket or _ticket(scene)
    call = CallBack(plea.detail["phone"], window)
    figures = {
        "ticket": ticket,
        "phone": call.phone,
        "window": write_shift(window, staffing.hours),
    }
    say = Say("utter_call_back_planned", figures, (GO_ON, buttons.CANCEL))
    contact = (history.customer.email if history else None) or call.phone
    reason = scene.dialogue.waits_for or _REQUESTED
    return _left(scene, LeaveTicket(ticket, contact, reason, call), say)


def _carry_on(scene: Scene) -> Step:
    """Back to the assistant; a ticket that was left stays."""
    ticket = scene.situation.ticket
    figures = {"ticket": ticket} if ticket else {}
    response = "utter_carried_on_with_ticket" if ticket else "utter_carried_on"
    dialogue = replace(scene.dialogue.asks(None), plea=None, waits_for=None)
    say = Say(response, figures, (buttons.CANCEL, buttons.PERSON))
    return replace(scene.step(say, dialogue=dialogue), hand_back=True)


def _ticket(scene: Scene) -> str:
    """Name the ticket by what is fresh for this message: the same on every try."""
    return f"T-{scene.situation.new_id[:8].upper()}"


def _no_check_ins(scene: Scene) -> Step:
    """They want to hear nothing unasked any more; who is not known has heard nothing."""
    if scene.situation.history is None:
        return scene.step(Say("utter_anything_else"))
    return replace(
        scene.step(Say("utter_check_ins_off", {}, (buttons.PERSON,))), check_ins_off=True
    )


_WAYS = {
    MESSAGE: _leave_message,
    CALL: _call_back,
    CARRY_ON: _carry_on,
    "check_ins_off": _no_check_ins,
}
