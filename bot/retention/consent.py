"""Consent: the exact terms of what was accepted or asked for, with consent and the exit beside."""

from __future__ import annotations

from bot.retention import buttons
from bot.retention.dialogue import Plea, Scene
from bot.retention.figures import offer_figures
from bot.retention.offer import read_offer
from bot.retention.say import Button, Say

# What responses that restate terms begin with.
RESTATED = ("utter_consent_", "utter_terms_")


def terms_say(scene: Scene, plea: Plea, *, way_out: Button = buttons.CANCEL) -> Say:
    """Word the terms of a plea (R13); the same words when they are said again."""
    offered = (buttons.CONFIRM, way_out, buttons.PERSON)
    if plea.kind != "offer":
        return Say(f"utter_terms_{plea.kind}", dict(plea.detail["figures"]), offered)
    offer = read_offer(plea.detail["offer"])
    figures = offer_figures(offer, scene.situation.account)
    return Say(f"utter_consent_{offer.kind.value}", figures, offered)
