"""Resuming: after a digression or a misunderstanding the thread is picked up with nothing lost."""

from __future__ import annotations

from bot.retention import buttons
from bot.retention.account import Order
from bot.retention.dialogue import Awaiting, Scene
from bot.retention.figures import offer_figures
from bot.retention.offer import read_offer
from bot.retention.offering import offer_say
from bot.retention.orders import return_say
from bot.retention.say import Button, Say


def resume(scene: Scene) -> tuple[Say, ...]:
    """Ask again what was being asked; nothing when nothing was. An open offer is shown again
    under its own id, which makes it no new one."""
    awaiting = scene.dialogue.awaiting
    if awaiting is None or awaiting in (Awaiting.REPHRASE, Awaiting.GUESS):
        return _controls(scene)
    if awaiting is Awaiting.EMAIL:
        return (Say("utter_ask_email"),)
    if awaiting is Awaiting.CODE:
        return (Say("utter_ask_code"),)
    if awaiting is Awaiting.OFFER:
        return _offer_again(scene)
    if awaiting is Awaiting.CONSENT:
        return _terms_again(scene)
    if awaiting in (Awaiting.SUBJECT, Awaiting.DURATION):
        offered = tuple(_option_button(scene, o.id, o.title) for o in scene.dialogue.options)
        return (Say(f"utter_resume_{awaiting.value}", {}, (*offered, buttons.PERSON)),)
    if awaiting is Awaiting.REASON:
        offered = (*buttons.REASONS, buttons.NO_REASON, buttons.CANCEL, buttons.PERSON)
        return (Say("utter_resume_reason", {}, offered),)
    if awaiting is Awaiting.CONFIRMATION:
        offered = (buttons.CONFIRM, _exit(scene), _stay(scene), buttons.PERSON)
        return (Say("utter_resume_confirmation", {}, offered),)
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
    if offer is None:
        return _controls(scene)
    if isinstance(scene.situation.subject(offer.about), Order):
        return (return_say(scene, offer),)
    return (offer_say(scene, offer),)


def _terms_again(scene: Scene) -> tuple[Say, ...]:
    plea = scene.dialogue.plea
    if plea is None:
        return _controls(scene)
    offered = (buttons.CONFIRM, _exit(scene), buttons.PERSON)
    if plea.kind == "offer":
        offer = read_offer(plea.detail["offer"])
        figures = offer_figures(offer, scene.situation.account)
        return (Say(f"utter_consent_{offer.kind.value}", figures, offered),)
    return (Say(f"utter_terms_{plea.kind}", dict(plea.detail["figures"]), offered),)


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
