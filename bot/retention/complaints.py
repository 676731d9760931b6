"""Complaints: what is owed for a fault is granted at once, and nobody is sold anything."""

from __future__ import annotations

from bot.retention import buttons
from bot.retention.cancellation import CancellationReason, read_reasons
from bot.retention.dialogue import Scene, Step
from bot.retention.remedies import late_boxes_owed, remedy_act
from bot.retention.resuming import resume
from bot.retention.say import Say


def hear_problem(scene: Scene) -> Step:
    """A fault: what is owed for it is granted at once; anything else is for a person."""
    for subscription in (s for s in scene.situation.account.subscriptions if s.is_live):
        if late_boxes_owed(scene, subscription) and _speaks_of_delivery(scene):
            return remedy_act(scene, subscription)
    say = Say("utter_problem_for_a_person", {}, (buttons.PERSON,))
    return scene.offering_person("complaint").step(say, *resume(scene))


def hear_complaint(scene: Scene) -> Step:
    """Dissatisfaction without a wish to leave: mended where it can be, never sold to."""
    named = read_reasons(scene.heard.values("cancellation_reason"))
    if CancellationReason.DELIVERY_PROBLEM in named:
        return hear_problem(scene)
    response = "utter_complaint" if scene.heard.intent == "complain" else "utter_cause_noted"
    scene = scene.offering_person("complaint")
    return scene.step(Say(response, {}, (buttons.PERSON,)), *resume(scene))


def _speaks_of_delivery(scene: Scene) -> bool:
    named = read_reasons(scene.heard.values("cancellation_reason"))
    return not named or CancellationReason.DELIVERY_PROBLEM in named
