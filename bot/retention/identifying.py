"""Identifying: an e-mail address and a code prove an account; nothing more is ever asked (R9)."""

from __future__ import annotations

from dataclasses import replace

from bot.retention import buttons
from bot.retention.dialogue import Awaiting, Heard, Scene, SendCode, Step, TryCode
from bot.retention.say import Say


def ask_who(scene: Scene) -> Step:
    """Ask for the e-mail address; what was wanted is kept and done afterwards."""
    dialogue = replace(scene.dialogue.asks(Awaiting.EMAIL), waiting_move=scene.heard)
    return scene.step(_email_asked_for(scene), dialogue=dialogue)


def take_email(scene: Scene) -> Step:
    """Send a code. Whether the address is known is never told."""
    email = scene.heard.value("email")
    if scene.situation.history is not None:
        return scene.step(Say("utter_known_already"))
    if email is None:
        return scene.step(_email_asked_for(scene))
    dialogue = scene.dialogue.asks(Awaiting.CODE)
    sent = scene.step(
        Say("utter_code_sent", {"email": email}, (buttons.PERSON,)), dialogue=dialogue
    )
    return replace(sent, identify=SendCode(email))


def take_code(scene: Scene) -> Step:
    code = scene.heard.value("code")
    if scene.dialogue.awaiting is not Awaiting.CODE:
        return scene.step(_email_asked_for(scene))
    if code is None:
        return code_refused(scene)
    return replace(scene.step(), identify=TryCode(code))


def _email_asked_for(scene: Scene) -> Say:
    """Return the question for the address, in other words where it stands there already."""
    again = "_again" if scene.dialogue.awaiting is Awaiting.EMAIL else ""
    return Say(f"utter_ask_email{again}", {}, (buttons.PERSON,))


def code_refused(scene: Scene) -> Step:
    return scene.step(Say("utter_code_wrong", {}, (buttons.PERSON,)))


def too_many_codes(scene: Scene) -> Step:
    """No further code for a while; a person can still be reached, and the question stays open."""
    return scene.step(Say("utter_too_many_codes", {}, (buttons.PERSON,)))


def known_now(scene: Scene) -> tuple[Scene, Heard | None]:
    """The code was right: return the scene with the account, and the move that had to wait."""
    waiting = scene.dialogue.waiting_move
    dialogue = replace(scene.dialogue.asks(None), identified_by="email_code", waiting_move=None)
    return scene.with_dialogue(dialogue), waiting
