"""Small talk, misunderstandings and other languages: short, honest, and back to the thread."""

from __future__ import annotations

from dataclasses import replace

from bot.retention import buttons
from bot.retention.check_ins import check_in_say
from bot.retention.dialogue import Awaiting, Scene, Step
from bot.retention.people import escalate
from bot.retention.resuming import resume
from bot.retention.save_attempt import Outcome
from bot.retention.say import Button, Say

# Guesses a customer can be shown: what they may want done. Reasons and answers are no use as such.
_GUESSABLE = frozenset(
    {
        "request_cancellation",
        "cancel_order",
        "return_order",
        "request_pause",
        "skip_delivery",
        "change_frequency",
        "request_downgrade",
        "request_discount",
        "ask_cancellation_terms",
        "ask_refund_terms",
        "ask_billing",
        "ask_order_status",
        "ask_plan",
        "report_problem",
        "undo_cancellation",
    }
)
_ALWAYS_LIKELY = ("request_cancellation", "ask_billing")


def greet_first(scene: Scene) -> Step:
    """The first message says that this is an automated assistant (R11)."""
    history = scene.situation.history
    if history is None:
        return scene.step(Say("utter_welcome_visitor", {}, (buttons.PERSON,)))
    figures = {"name": history.customer.name}
    dialogue = replace(scene.dialogue, identified_by="website")
    can_leave = any(s.is_live for s in history.subscriptions)
    controls = (buttons.CANCEL, buttons.PERSON) if can_leave else (buttons.PERSON,)
    step = scene.step(Say("utter_welcome", figures, controls), dialogue=dialogue)
    told = scene.situation.check_in
    if told is None:
        return step
    return replace(step, says=(*step.says, check_in_say(told)), check_in=told)


def greet(scene: Scene) -> Step:
    return scene.step(Say("utter_greet"), *resume(scene))


def thank(scene: Scene) -> Step:
    return scene.step(Say("utter_thanked"), *resume(scene))


def goodbye(scene: Scene) -> Step:
    """Leaving the chat without deciding is neither a save nor a cancellation (R7)."""
    attempt = scene.dialogue.open_attempt
    if attempt is None:
        return scene.step(Say("utter_goodbye"))
    closed = attempt.closed(Outcome.UNDECIDED, scene.situation.now)
    dialogue = replace(scene.dialogue.asks(None), attempt=closed, plea=None)
    say = Say("utter_goodbye_undecided", {}, (buttons.CANCEL, buttons.PERSON))
    return replace(scene.step(say, dialogue=dialogue), closed=(closed,))


def are_you_human(scene: Scene) -> Step:
    return scene.step(Say("utter_automated", {}, (buttons.PERSON,)), *resume(scene))


def out_of_scope(scene: Scene) -> Step:
    return scene.step(Say("utter_out_of_scope", {}, (buttons.PERSON,)), *resume(scene))


def other_language(scene: Scene) -> Step:
    """Say in that language what we can do, with the exit and a person (settled 20, 31)."""
    language = scene.heard.value("language") or "es"
    say = Say(f"utter_other_language_{language}", {}, (buttons.CANCEL, buttons.PERSON))
    return scene.step(say)


def say_again(scene: Scene) -> Step:
    """Say what stands once more; an offer keeps its id, so that it is no new one (settled 11)."""
    return scene.step(*(resume(scene) or (Say("utter_anything_else"),)))


def misunderstood(scene: Scene) -> Step:
    """Ask once, then show two guesses beside a person, then hand over."""
    dialogue = scene.dialogue
    count = dialogue.misunderstood + 1
    dialogue = replace(dialogue, misunderstood=count)
    scene = scene.with_dialogue(dialogue)
    if count == 1:
        return scene.step(Say("utter_ask_rephrase"), *resume(scene))
    if count == 2:
        offered = tuple(Button(f"utter_button_guess_{g}", g) for g in guesses(scene))
        say = Say("utter_guesses", {}, (*offered, buttons.CANCEL, buttons.PERSON))
        keeps = dialogue.awaiting or Awaiting.GUESS
        dialogue = replace(dialogue, person_for="not_understood")
        return scene.step(say, dialogue=dialogue.asks(keeps, *dialogue.options))
    return escalate(scene, "not_understood")


def guesses(scene: Scene) -> tuple[str, ...]:
    """Return the two likeliest things they may want, from what was understood."""
    likely = [intent for intent in scene.heard.ranking if intent in _GUESSABLE]
    return tuple(dict.fromkeys((*likely, *_ALWAYS_LIKELY)))[:2]


def silent(scene: Scene) -> Step:
    """Thirty minutes of silence: on record it is abandoned, and never called a save.

    The dialogue stands where it stood. Who comes back finds on the screen what was asked last, and
    can answer it; the attempt is the same one then, with all that counts in it (R2, R3, R5).
    """
    attempt = scene.dialogue.open_attempt
    closed = (attempt.closed(Outcome.ABANDONED, scene.situation.now),) if attempt else ()
    return replace(scene.step(), closed=closed)


def left(scene: Scene) -> Step:
    """The chat was closed: abandoned as well, and nothing of it waits for an answer any more."""
    attempt = scene.dialogue.open_attempt
    if attempt is None:
        return scene.step()
    closed = attempt.closed(Outcome.ABANDONED, scene.situation.now)
    dialogue = replace(scene.dialogue.asks(None), attempt=closed, plea=None)
    return replace(scene.step(dialogue=dialogue), closed=(closed,))
