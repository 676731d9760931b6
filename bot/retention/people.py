"""Handing over: when a person is better, the assistant says so once and falls silent."""

from __future__ import annotations

from dataclasses import replace

from bot.retention import buttons, ways
from bot.retention.dialogue import Act, Awaiting, Dialogue, Escalate, Heard, Scene, Step
from bot.retention.figures import subscription_figures
from bot.retention.leaving import is_high_value, sympathise
from bot.retention.save_attempt import Answer, Outcome
from bot.retention.say import Button, Say

# Where an act keeps why a person joins as soon as it is done.
PERSON_AT_ONCE = "person_at_once"


def ask_for_agent(scene: Scene) -> Step:
    """A person on request, at once (R10); the queue is told what kind of case it is."""
    if scene.dialogue.person_for:
        return escalate(scene, scene.dialogue.person_for)
    known = scene.situation.history is not None
    return escalate(scene, "high_value" if known and is_high_value(scene) else "requested")


def distress(scene: Scene) -> Step:
    """Somebody who cannot cope gets a person at once; nothing is asked and nothing is sold."""
    return escalate(scene, "distress")


def erase_data(scene: Scene) -> Step:
    """Erasing is done by a person; what runs goes on until its end is asked for (settled 8)."""
    live = [s for s in scene.situation.account.subscriptions if s.is_live and not s.is_leaving]
    keeps = (Say("utter_erasure_ends_nothing", subscription_figures(live[0])),) if live else ()
    return escalate(scene, "data_erasure", *keeps)


def escalate(scene: Scene, reason: str, *before: Say) -> Step:
    """Put the conversation into the queue; the exit stays, and works without the person (R10)."""
    attempt, now = scene.dialogue.open_attempt, scene.situation.now
    closed = attempt.answered(Answer.NONE).closed(Outcome.ESCALATED, now) if attempt else None
    dialogue = replace(
        scene.dialogue.asks(None),
        attempt=closed or scene.dialogue.attempt,
        plea=None,
        person_for=None,
        waits_for=reason,
    )
    controls = (buttons.CANCEL,) if _open_subjects(scene) else ()
    says, listens = _handed_over(scene, reason, controls)
    scene = ways.listening(scene.with_dialogue(dialogue)) if listens else scene
    step = scene.step(*before, *says, dialogue=scene.dialogue if listens else dialogue)
    return replace(step, escalate=Escalate(reason), closed=(closed,) if closed else ())


def _handed_over(
    scene: Scene, reason: str, controls: tuple[Button, ...]
) -> tuple[tuple[Say, ...], bool]:
    says, listens = ways.while_waiting(scene, reason)
    return (replace(says[0], buttons=controls), *says[1:]), listens


def beside(scene: Scene, step: Step, reason: str) -> Step:
    """Let a person in at once beside what is asked or carried out: neither waits for the other."""
    if step.act:
        detail = {**step.act.detail, PERSON_AT_ONCE: reason}
        return replace(step, act=replace(step.act, detail=detail))
    says, _listens = _handed_over(scene, reason, (buttons.CANCEL,))
    dialogue = replace(step.dialogue, waits_for=reason)
    return replace(step, says=(*step.says, *says), dialogue=dialogue, escalate=Escalate(reason))


def after_act(scene: Scene, step: Step, act: Act) -> Step:
    """Bring in the person an act was to be joined by, whatever became of it."""
    reason = act.detail.get(PERSON_AT_ONCE)
    return beside(scene, step, reason) if reason else step


def tells_of_hardship(heard: Heard) -> bool:
    """Say whether this tells of hardship or distress, whatever else it is about."""
    told = heard.intent == "express_hardship"
    return told or heard.flag("hardship") or heard.flag("distress")


def in_hardship(dialogue: Dialogue) -> Dialogue:
    """Return the dialogue of a customer in hardship: nothing is sold in it from now on, in the
    attempt that is open or in a later one (settled 17)."""
    attempt = dialogue.open_attempt
    hard = replace(attempt, hardship=True) if attempt else dialogue.attempt
    return replace(dialogue, in_hardship=True, attempt=hard)


def hardship(scene: Scene) -> Step:
    """Hardship without a wish to leave: the exit and a person, nothing sold (settled 17)."""
    attempt = scene.dialogue.open_attempt
    if attempt:
        dialogue = replace(
            scene.dialogue.asks(Awaiting.RESOLUTION),
            attempt=attempt.answered(Answer.DECLINED),
            plea=None,
        )
        scene = scene.with_dialogue(dialogue)
        if any(s.id == attempt.about for s in scene.situation.account.subscriptions):
            return sympathise(scene)
    live = [s for s in scene.situation.account.subscriptions if s.is_live]
    figures = subscription_figures(live[0]) if live else {}
    response = "utter_hardship" if live else "utter_hardship_no_subscription"
    controls = (buttons.CANCEL, buttons.PERSON) if live else (buttons.PERSON,)
    return scene.step(Say(response, figures, controls))


def legal(scene: Scene) -> Step:
    return escalate(scene, "legal")


def _open_subjects(scene: Scene) -> bool:
    history = scene.situation.history
    return history is None or any(s.is_live for s in history.subscriptions) or bool(history.orders)
