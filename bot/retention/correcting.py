"""Correcting: the other subscription was meant all along, and nothing said so far is lost."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.retention import buttons
from bot.retention.account import Subscription
from bot.retention.dialogue import Awaiting, Scene, Step
from bot.retention.figures import subscription_figures
from bot.retention.leaving import (
    begin,
    insists,
    open_attempt,
    proceed,
    with_new_attempt,
)
from bot.retention.save_attempt import Outcome
from bot.retention.say import Say
from bot.retention.subjects import is_named

_OTHER_ONE = re.compile(
    r"\bthe other (?:one|subscription)\b|^\W*(?:no\W+)?the other\W*$", re.IGNORECASE
)


def corrected_subject(scene: Scene) -> Subscription | None:
    """Return the other subscription when the customer says that it was meant."""
    attempt = scene.dialogue.open_attempt
    account = scene.situation.history
    if attempt is None or account is None or scene.heard.flag("both"):
        return None
    if any(order.id == attempt.about for order in account.orders):
        return None
    staying = [s for s in account.subscriptions if s.is_live and not s.is_leaving]
    others = [s for s in staying if s.id != attempt.about]
    named = [s for s in others if is_named(s, scene)]
    if _OTHER_ONE.search(scene.heard.text):
        named = named or others
    # Both of them named is no correction.
    return named[0] if len(named) == 1 and not _names(attempt.about, scene) else None


def begin_instead(scene: Scene, subscription: Subscription) -> Step:
    """Go on about the subscription that was meant; what was said before is not asked again."""
    mistaken = open_attempt(scene).closed(Outcome.UNDECIDED, scene.situation.now)
    said = tuple(("cancellation_reason", reason.value) for reason in mistaken.reasons)
    # What seemed to be a reason was the correction.
    kept = tuple(e for e in scene.heard.entities if e[0] != "cancellation_reason")
    heard = replace(scene.heard, intent="request_cancellation", entities=(*kept, *said))
    scene = scene.with_heard(heard)
    if mistaken.reason_asked and not said and not mistaken.hardship:
        step = _without_asking_again(scene, subscription)
    else:
        step = begin(scene, subscription)
    return replace(step, closed=(*step.closed, mistaken))


def _names(about: str, scene: Scene) -> bool:
    return is_named(scene.situation.account.subscription(about), scene)


def _without_asking_again(scene: Scene, subscription: Subscription) -> Step:
    """They were asked why and corrected us instead: an answer stays welcome, and optional (R5)."""
    dialogue = with_new_attempt(scene, subscription).asks(Awaiting.REASON)
    scene = scene.with_dialogue(dialogue)
    dialogue = replace(dialogue, attempt=replace(open_attempt(scene), reason_asked=True))
    if insists(scene):
        return proceed(scene.with_dialogue(dialogue))
    figures = subscription_figures(subscription)
    return scene.step(Say("utter_subject_corrected", figures, buttons.WHY), dialogue=dialogue)
