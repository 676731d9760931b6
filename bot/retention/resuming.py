"""Resuming: after a digression or a misunderstanding the thread is picked up with nothing lost."""

from __future__ import annotations

from collections.abc import Callable

from bot.retention import buttons, ways
from bot.retention.account import Order
from bot.retention.consent import terms_say
from bot.retention.dialogue import Awaiting, Scene
from bot.retention.offering import offer_say
from bot.retention.orders import return_say
from bot.retention.say import Button, Say


def resume(scene: Scene) -> tuple[Say, ...]:
    """Ask again what was being asked; nothing when nothing was. An open offer is shown again
    under its own id, which makes it no new one."""
    awaiting = scene.dialogue.awaiting
    return _AGAIN.get(awaiting, _controls)(scene) if awaiting else _controls(scene)


def _email_again(scene: Scene) -> tuple[Say, ...]:
    return (Say("utter_ask_email"),)


def _code_again(scene: Scene) -> tuple[Say, ...]:
    return (Say("utter_ask_code"),)


def _subject_again(scene: Scene) -> tuple[Say, ...]:
    return (Say("utter_resume_subject", {}, _options(scene)),)


def _duration_again(scene: Scene) -> tuple[Say, ...]:
    return (Say("utter_resume_duration", {}, _options(scene)),)


def _reason_again(scene: Scene) -> tuple[Say, ...]:
    return (Say("utter_resume_reason", {}, buttons.WHY),)


def _confirmation_again(scene: Scene) -> tuple[Say, ...]:
    offered = (buttons.CONFIRM, _exit(scene), _stay(scene), buttons.PERSON)
    return (Say("utter_resume_confirmation", {}, offered),)


def _resolution_again(scene: Scene) -> tuple[Say, ...]:
    if scene.dialogue.asks_whether_solved:
        return (Say("utter_resume_solved", {}, (buttons.SOLVED, _exit(scene), buttons.PERSON)),)
    return _both_ways(scene)


def _controls(scene: Scene) -> tuple[Say, ...]:
    return () if scene.dialogue.open_attempt is None else _both_ways(scene)


def _both_ways(scene: Scene) -> tuple[Say, ...]:
    offered = (_exit(scene), _stay(scene), buttons.PERSON)
    return (Say("utter_resume_resolution", {}, offered),)


def _offer_again(scene: Scene) -> tuple[Say, ...]:
    attempt = scene.dialogue.open_attempt
    offer = attempt.open_offer if attempt else None
    if offer is None or scene.dialogue.in_hardship:  # nothing is sold to them any more
        return _controls(scene)
    if isinstance(scene.situation.subject(offer.about), Order):
        return (return_say(scene, offer),)
    return (offer_say(scene, offer),)


def _terms_again(scene: Scene) -> tuple[Say, ...]:
    plea = scene.dialogue.plea
    if plea is None:
        return _controls(scene)
    return (terms_say(scene, plea, way_out=_exit(scene)),)


def _exit(scene: Scene) -> Button:
    attempt = scene.dialogue.open_attempt
    if attempt is None:
        return buttons.CANCEL
    return buttons.exit_control(scene.situation.subject(attempt.about))


def _stay(scene: Scene) -> Button:
    attempt = scene.dialogue.open_attempt
    return buttons.keep(scene.situation.subject(attempt.about)) if attempt else buttons.KEEP


def _option_button(scene: Scene, option: str, title: str) -> Button:
    if option.startswith("P") and title.isdigit():
        return buttons.pause_for(int(title))
    return buttons.choose(option, title)


def _options(scene: Scene) -> tuple[Button, ...]:
    offered = (_option_button(scene, option.id, option.title) for option in scene.dialogue.options)
    return (*offered, buttons.PERSON)


_AGAIN: dict[Awaiting, Callable[[Scene], tuple[Say, ...]]] = {
    Awaiting.EMAIL: _email_again,
    Awaiting.CODE: _code_again,
    Awaiting.OFFER: _offer_again,
    Awaiting.CHOICE: _offer_again,
    Awaiting.CONSENT: _terms_again,
    Awaiting.SUBJECT: _subject_again,
    Awaiting.DURATION: _duration_again,
    Awaiting.REASON: _reason_again,
    Awaiting.CONFIRMATION: _confirmation_again,
    Awaiting.RESOLUTION: _resolution_again,
    **dict.fromkeys(ways.ON_THE_WAY, ways.again),
}
