"""Leaving a subscription: from the stated wish to the exit, with one honest attempt between."""

from __future__ import annotations

from dataclasses import replace

from bot.retention import buttons
from bot.retention.account import Subscription, SubscriptionStatus
from bot.retention.calendar import write_day
from bot.retention.cancellation import SOLVABLE, read_reasons
from bot.retention.commands import CancelSubscription
from bot.retention.dialogue import Act, Awaiting, Conclusion, Dialogue, Plea, Scene, Step
from bot.retention.facts import REMEDY
from bot.retention.figures import (
    last_charge,
    subscription_figures,
    subscription_option,
)
from bot.retention.offering import make_offer, next_offer
from bot.retention.remedies import late_boxes_owed, remedy_act
from bot.retention.rights import Right, live_right
from bot.retention.save_attempt import CONTINUES_WITHIN, Outcome, SaveAttempt
from bot.retention.say import Option, Say
from bot.retention.subjects import (
    has_several,
    insisting,
    is_about_a_subscription,
    subjects_meant,
    was_left_today,
)

BOTH = Option("both", "utter_button_both", ("both", "all", "everything"))


def leave(scene: Scene) -> Step:
    """Hear a wish to leave: begin an attempt, or carry it out when it is said again."""
    subjects, attempt = subjects_meant(scene), scene.dialogue.open_attempt
    if len(subjects) > 1 and scene.heard.flag("both"):
        return leave_all(scene, subjects)
    if scene.heard.flag("both") and has_several(scene):
        scene = insisting(scene)  # the other one is leaving already
    if attempt and _answers_why(scene):
        return proceed(scene)
    if attempt and (not subjects or attempt.about in {s.id for s in subjects}):
        return insist(scene)
    if not subjects:
        return nothing_to_leave(scene)
    if len(subjects) > 1:
        return ask_which(scene, subjects)
    return begin(scene, subjects[0])


def insist(scene: Scene) -> Step:
    """Carry the exit out now, as far as it is known what is meant (R1, R3, R6)."""
    dialogue, attempt = scene.dialogue, scene.dialogue.open_attempt
    if attempt:
        return carry_out(scene.with_dialogue(_refusing(scene)))
    closed = dialogue.attempt if is_about_a_subscription(scene) else None
    if closed and closed.outcome in (Outcome.SAVED, Outcome.ESCALATED):
        reopened = replace(dialogue, attempt=closed.reopened().withdrawn())
        return carry_out(scene.with_dialogue(_refusing(scene.with_dialogue(reopened))))
    return leave(insisting(scene))


def refused(scene: Scene) -> Scene:
    """Return the scene with the open attempt marked, if there is one: nothing more is offered."""
    return scene.with_dialogue(_refusing(scene)) if scene.dialogue.open_attempt else scene


def begin(scene: Scene, subscription: Subscription) -> Step:
    """Open the attempt about one subscription, or go on with the one closed a moment ago."""
    last = scene.dialogue.attempt
    before = last.outcome if last and last.about == subscription.id else None
    if before in (Outcome.SAVED, Outcome.ESCALATED) and is_about_a_subscription(scene):
        return insist(scene)  # said before in this conversation, whoever was asked for since
    if before is Outcome.SAVED or was_left_today(scene, subscription):
        scene = insisting(scene)  # said again: it is leaving already, or waits for billing
    return proceed(scene.with_dialogue(with_new_attempt(scene, subscription)))


def with_new_attempt(scene: Scene, subscription: Subscription) -> Dialogue:
    """Return the dialogue with an attempt about this subscription just opened."""
    situation = scene.situation
    attempt = SaveAttempt(
        id=f"sa-{situation.new_id}",
        conversation=situation.conversation,
        account=situation.account.account,
        about=subscription.id,
        opened_at=situation.now,
        hardship=scene.dialogue.in_hardship,
    )
    return replace(scene.dialogue, attempt=attempt, plea=None, waiting_move=None)


def proceed(scene: Scene) -> Step:
    """Take the attempt one step on: exit, sympathy, right, remedy, offer or the question why."""
    scene = scene.with_dialogue(_with_what_was_said(scene))
    attempt, subscription = open_attempt(scene), _subscription(scene)
    if subscription.is_leaving and not scene.heard.flag("immediate"):
        return already_leaving(scene, subscription)
    if insists(scene):
        return carry_out(scene.with_dialogue(_refusing(scene)))
    if attempt.hardship:
        return sympathise(scene)
    right = live_right(subscription, scene.situation)
    if right and not attempt.right_named:
        return name_right(scene, subscription, right)
    if late_boxes_owed(scene, subscription) and attempt.reason in SOLVABLE:
        return remedy_act(scene, subscription)
    scene, offer = next_offer(scene)
    if offer:
        return make_offer(scene, offer, *_person_first(scene))
    return _without_offer(scene, subscription)


def carry_out(scene: Scene) -> Step:
    """End the subscription: at the period's end without asking, at once after one confirmation."""
    subscription, situation = _subscription(scene), scene.situation
    at_once = scene.heard.flag("immediate") or ends_at_once(subscription)
    if subscription.is_leaving and not at_once:
        return already_leaving(scene, subscription)
    right = live_right(subscription, situation)
    if right:
        return name_right(scene, subscription, right)
    if at_once:
        return confirm_at_once(scene, subscription)
    return cancel_now(scene, (subscription,), at_once=False)


def cancel_now(
    scene: Scene, subscriptions: tuple[Subscription, ...], *, at_once: bool, refund: bool = False
) -> Step:
    """Tell billing to end these; the last day's concessions on them are taken back."""
    if scene.dialogue.open_attempt and not scene.dialogue.open_attempt.verdicts:
        scene, _ = next_offer(scene)  # so that the record says why nothing was offered
    commands = tuple(
        CancelSubscription(
            subscription.id,
            at_once=at_once,
            requested_at=scene.situation.requested_at,
            refund_last_charge=refund,
            revoke=_to_revoke(scene, subscription),
        )
        for subscription in subscriptions
    )
    dialogue = replace(scene.dialogue.asks(None), plea=None, waiting_move=None)
    detail = {
        "subjects": [subscription.id for subscription in subscriptions],
        "at_once": at_once,
        "refund": refund,
        "person_for": next((f for f in ("legal", "distress") if scene.heard.flag(f)), None),
        "before": {s.id: s.status.value for s in subscriptions},
    }
    return Step(dialogue, act=Act(commands, Conclusion.LEFT, detail))


def leave_all(scene: Scene, subscriptions: tuple[Subscription, ...]) -> Step:
    """End several subscriptions at once: both were named, so nothing more is asked."""
    scene = refused(scene)
    lasting = tuple(s for s in subscriptions if not ends_at_once(s) and not s.is_leaving)
    return cancel_now(scene, lasting or subscriptions, at_once=not lasting)


def confirm_at_once(scene: Scene, subscription: Subscription) -> Step:
    """Ask once before an exit that cannot be taken back."""
    response = {
        SubscriptionStatus.TRIALING: "utter_confirm_end_trial",
        SubscriptionStatus.PAUSED: "utter_confirm_end_paused",
    }.get(subscription.status, "utter_confirm_at_once")
    return ask_to_confirm(
        scene, Say(response, subscription_figures(subscription)), Plea("at_once", subscription.id)
    )


def ask_to_confirm(scene: Scene, say: Say, plea: Plea) -> Step:
    dialogue = replace(scene.dialogue.asks(Awaiting.CONFIRMATION), plea=plea)
    offered = (buttons.CONFIRM, buttons.CANCEL, buttons.KEEP, buttons.PERSON)
    return scene.step(replace(say, buttons=offered), dialogue=dialogue)


def name_right(scene: Scene, subscription: Subscription, right: Right) -> Step:
    """Name the better right before anything else (R16); it is no offer."""
    attempt = scene.dialogue.open_attempt
    charge = last_charge(scene.situation.account, subscription)
    figures = {
        **subscription_figures(subscription),
        "refund": str(charge.amount) if charge else "-",
        "charged_on": write_day(charge.paid_on) if charge and charge.paid_on else "-",
        "until": write_day(right.until),
    }
    if attempt:
        named = replace(attempt, right_named=True)
        scene = scene.with_dialogue(replace(scene.dialogue, attempt=named))
    return ask_to_confirm(
        scene, Say(f"utter_name_{right.kind}", figures), Plea(right.kind, subscription.id)
    )


def sympathise(scene: Scene) -> Step:
    """Nothing is sold to someone in hardship: the exit and a person, their choice."""
    figures = subscription_figures(_subscription(scene))
    say = Say("utter_hardship", figures, (buttons.CANCEL, buttons.PERSON))
    return scene.step(say, dialogue=scene.dialogue.asks(Awaiting.RESOLUTION))


def already_leaving(scene: Scene, subscription: Subscription) -> Step:
    attempt = scene.dialogue.open_attempt
    fresh = attempt is not None and not attempt.offers and attempt.opened_at == scene.situation.now
    dialogue = replace(scene.dialogue.asks(None), attempt=None if fresh else attempt)
    say = Say(
        "utter_already_leaving",
        subscription_figures(subscription),
        (buttons.UNDO, buttons.PERSON),
    )
    return scene.step(say, dialogue=dialogue)


def ask_which(scene: Scene, subscriptions: tuple[Subscription, ...]) -> Step:
    options = tuple(subscription_option(s) for s in subscriptions)
    dialogue = replace(
        scene.dialogue.asks(Awaiting.SUBJECT, *options, BOTH), waiting_move=scene.heard
    )
    return scene.step(which_say(dialogue), dialogue=dialogue)


def which_say(dialogue: Dialogue) -> Say:
    """The question which one is meant, with a button for each and one for all."""
    offered = tuple(buttons.choose(option.id, option.title) for option in dialogue.options)
    return Say("utter_ask_which", {}, (*offered, buttons.PERSON))


def nothing_to_leave(scene: Scene) -> Step:
    return scene.step(Say("utter_nothing_to_cancel", {}, (buttons.PERSON,)))


def ask_why(scene: Scene, subscription: Subscription) -> Step:
    """Ask once for the reason; answering is optional (R5)."""
    attempt = replace(open_attempt(scene), reason_asked=True)
    dialogue = replace(scene.dialogue.asks(Awaiting.REASON), attempt=attempt)
    response = "utter_ask_reason_high_value" if is_high_value(scene) else "utter_ask_reason"
    say = Say(response, subscription_figures(subscription), buttons.WHY)
    return scene.step(say, dialogue=dialogue)


def is_high_value(scene: Scene) -> bool:
    return scene.situation.account.lifetime_value >= scene.situation.terms.high_value


def ends_at_once(subscription: Subscription) -> bool:
    """Trials and paused subscriptions have no paid period left to run out."""
    return subscription.status in (SubscriptionStatus.TRIALING, SubscriptionStatus.PAUSED)


def open_attempt(scene: Scene) -> SaveAttempt:
    attempt = scene.dialogue.open_attempt
    if attempt is None:
        raise LookupError("there is no open save attempt")
    return attempt


def _without_offer(scene: Scene, subscription: Subscription) -> Step:
    attempt = open_attempt(scene)
    if not attempt.reasons and not attempt.reason_asked:
        return ask_why(scene, subscription)
    if attempt.reason in SOLVABLE:
        scene = scene.offering_person("complaint")
        say = Say(
            "utter_cause_for_a_person",
            subscription_figures(subscription),
            (buttons.PERSON, buttons.CANCEL, buttons.KEEP),
        )
        return scene.step(say, dialogue=scene.dialogue.asks(Awaiting.RESOLUTION))
    return carry_out(scene.with_dialogue(_refusing(scene)))


def _person_first(scene: Scene) -> tuple[Say, ...]:
    """A customer of high value hears of a person in the first answer, beside any offer."""
    attempt = open_attempt(scene)
    first = is_high_value(scene) and not attempt.offers and not attempt.reason_asked
    return (Say("utter_person_for_you"),) if first else ()


def _answers_why(scene: Scene) -> bool:
    """A wish to leave that names a cause while we asked why is an answer, not insistence."""
    named = read_reasons(scene.heard.values("cancellation_reason"))
    return (
        scene.dialogue.awaiting is Awaiting.REASON
        and bool(named)
        and not scene.heard.flag("insisting")
    )


def insists(scene: Scene) -> bool:
    """Say whether this move is to be carried out without offer or question (settled 2)."""
    situation = scene.situation
    return (
        scene.heard.flag("insisting")
        or scene.heard.flag("immediate")
        or situation.profile.is_strict
        or situation.in_holdout
        or scene.heard.flag("legal")
    )


def _with_what_was_said(scene: Scene) -> Dialogue:
    named = read_reasons(scene.heard.values("cancellation_reason"))
    asked = scene.dialogue.awaiting is Awaiting.REASON
    words = scene.heard.text if named or asked else ""
    attempt = open_attempt(scene).with_reasons(named, words)
    return replace(scene.dialogue, attempt=attempt)


def _refusing(scene: Scene) -> Dialogue:
    return replace(scene.dialogue, attempt=replace(open_attempt(scene), refused=True))


def _subscription(scene: Scene) -> Subscription:
    return scene.situation.account.subscription(open_attempt(scene).about)


def _to_revoke(scene: Scene, subscription: Subscription) -> tuple[str, ...]:
    since = scene.situation.now - CONTINUES_WITHIN
    return tuple(
        concession.id
        for concession in scene.situation.account.concessions
        if concession.subscription == subscription.id
        and concession.revoked_at is None
        and concession.granted_at >= since
        and not concession.policy.startswith(REMEDY)
    )
