"""Answers to what the desk asked: taking, declining, confirming, wanting something else."""

from __future__ import annotations

from dataclasses import replace

from bot.retention import buttons, complaints, leaving, orders, service
from bot.retention.account import ConcessionKind, Order
from bot.retention.calendar import add_duration, add_months, write_day
from bot.retention.cancellation import CancellationReason, read_reasons
from bot.retention.conclusions import ran_out
from bot.retention.consent import terms_say
from bot.retention.dialogue import Awaiting, Plea, Scene, Step
from bot.retention.figures import subject_name, subscription_figures
from bot.retention.offer import Offer, pause_months_left, read_offer
from bot.retention.offering import (
    granted_offers,
    make_offer,
    only_discounts_beyond_authority,
)
from bot.retention.people import escalate
from bot.retention.resuming import resume
from bot.retention.rights import KINDS as RIGHTS
from bot.retention.save_attempt import Answer, Outcome
from bot.retention.say import Say


def affirm(scene: Scene) -> Step:
    """A yes means whatever was asked; to nothing it means nothing."""
    awaiting, dialogue = scene.dialogue.awaiting, scene.dialogue
    if awaiting is Awaiting.OFFER:
        return accept(scene)
    if awaiting in (Awaiting.CONSENT, Awaiting.CONFIRMATION) and dialogue.plea:
        return carry_out_plea(scene, dialogue.plea)
    if awaiting is Awaiting.RESOLUTION and dialogue.asks_whether_solved:
        return keep(scene)  # any other yes there could mean either way
    again = resume(scene) if awaiting is not None else ()
    return scene.step(*(again or (Say("utter_nothing_to_confirm", {}, (buttons.PERSON,)),)))


def deny(scene: Scene) -> Step:
    """A bare no is carried out only as an answer to an offer (settled 26)."""
    awaiting = scene.dialogue.awaiting
    if awaiting in (Awaiting.OFFER, Awaiting.CHOICE):
        return decline(scene)
    if awaiting is Awaiting.REASON:
        return without_reason(scene)
    if awaiting in (Awaiting.CONSENT, Awaiting.CONFIRMATION, Awaiting.RESOLUTION):
        return leave_it_open(scene)
    again = resume(scene) if awaiting is not None else ()
    return scene.step(*(again or (Say("utter_anything_else"),)))


def accept(scene: Scene) -> Step:
    """Restate the exact terms and ask for consent (R13); nothing is done yet."""
    attempt = scene.dialogue.open_attempt
    offer = attempt.open_offer if attempt else None
    wanted = scene.heard.value("offer")
    if attempt is None or offer is None or (wanted and wanted != offer.id):
        return already_taken(scene)
    if offer.expires_at <= scene.situation.now:
        return ran_out(scene)
    if isinstance(scene.situation.subject(offer.about), Order):
        return orders.pick(scene)
    offer = _as_wished(scene, offer)
    plea = Plea("offer", offer.about, {"offer": offer.to_document()})
    dialogue = replace(scene.dialogue.asks(Awaiting.CONSENT), plea=plea)
    return scene.step(terms_say(scene, plea), dialogue=dialogue)


def already_taken(scene: Scene) -> Step:
    """A second press on Accept, from another tab or a double click, does nothing twice."""
    attempt = scene.dialogue.attempt
    if scene.dialogue.awaiting is Awaiting.CONSENT:
        return scene.step(*resume(scene))
    if attempt and attempt.accepted_offer:
        return scene.step(Say("utter_already_done", {}, (buttons.PERSON,)))
    return scene.step(Say("utter_nothing_on_offer", {}, (buttons.PERSON,)), *resume(scene))


def carry_out_plea(scene: Scene, plea: Plea) -> Step:
    """Consent was given: have it done."""
    if plea.kind == "at_once":
        subscription = scene.situation.account.subscription(plea.about)
        return leaving.cancel_now(scene, (subscription,), at_once=True)
    if plea.kind in RIGHTS:
        subscription = scene.situation.account.subscription(plea.about)
        return leaving.cancel_now(scene, (subscription,), at_once=True, refund=True)
    if plea.kind.startswith("order_"):
        return orders.carry_out(scene, plea)
    if plea.kind == "offer" and read_offer(plea.detail["offer"]).expires_at <= scene.situation.now:
        return ran_out(scene)
    return service.carry_out(scene, plea)


def decline(scene: Scene) -> Step:
    """A no to an offer, after a wish to leave, is carried out (R3, settled 26)."""
    attempt = scene.dialogue.open_attempt
    if scene.dialogue.awaiting is Awaiting.REASON and attempt:
        return without_reason(scene)
    if attempt is None or attempt.open_offer is None:
        return leave_it_open(scene) if attempt else scene.step(Say("utter_anything_else"))
    declined = replace(attempt.answered(Answer.DECLINED), refused=True)
    scene = scene.with_dialogue(replace(scene.dialogue, attempt=declined))
    if isinstance(scene.situation.subject(attempt.about), Order):
        return orders.leave_order(scene)
    return leaving.carry_out(scene)


def without_reason(scene: Scene) -> Step:
    """They would rather not say why: that blocks nothing, and nothing is asked again (R5)."""
    attempt = leaving.open_attempt(scene)
    dialogue = replace(
        scene.dialogue.asks(Awaiting.RESOLUTION), attempt=replace(attempt, refused=True)
    )
    subscription = scene.situation.account.subscription(attempt.about)
    say = Say(
        "utter_without_reason",
        subscription_figures(subscription),
        (buttons.CANCEL, buttons.KEEP, buttons.PERSON),
    )
    return scene.step(say, dialogue=dialogue)


def leave_it_open(scene: Scene) -> Step:
    """Nothing was agreed and nothing changes; both ways stay open."""
    attempt = scene.dialogue.open_attempt
    dialogue = replace(scene.dialogue.asks(Awaiting.RESOLUTION if attempt else None), plea=None)
    exit_button = (buttons.exit_control(scene.situation.subject(attempt.about)),) if attempt else ()
    stay = (buttons.keep(scene.situation.subject(attempt.about)),) if attempt else ()
    say = Say("utter_nothing_changed", {}, (*exit_button, *stay, buttons.PERSON))
    return scene.step(say, dialogue=dialogue)


def keep(scene: Scene) -> Step:
    """They stay: the attempt is saved, and a cancellation already set can be taken back."""
    attempt = scene.dialogue.open_attempt
    if attempt is None:
        return _solved(scene) if scene.dialogue.asks_whether_solved else service.undo(scene)
    if not isinstance(scene.situation.subject(attempt.about), Order):
        subscription = scene.situation.account.subscription(attempt.about)
        if subscription.is_leaving:
            return service.undo(scene)
    closed = attempt.answered(Answer.DECLINED).closed(Outcome.SAVED, scene.situation.now)
    dialogue = replace(scene.dialogue.asks(None), attempt=closed, plea=None)
    figures = {"subject": subject_name(scene.situation.subject(attempt.about))}
    say = Say("utter_kept", figures, (buttons.PERSON,))
    return replace(scene.step(say, dialogue=dialogue), closed=(closed,))


def _solved(scene: Scene) -> Step:
    """The remedy was enough for somebody who never said that they wanted to leave."""
    dialogue = replace(scene.dialogue.asks(None), plea=None)
    return scene.step(Say("utter_anything_else"), dialogue=dialogue)


def other_options(scene: Scene) -> Step:
    """They ask what else there is: that, and only that, allows one offer more (R2)."""
    attempt = scene.dialogue.open_attempt
    if attempt is None:
        return scene.step(Say("utter_services", {}, (buttons.PERSON,)))
    if isinstance(scene.situation.subject(attempt.about), Order):
        return scene.step(Say("utter_nothing_else_order"), *resume(scene))
    if attempt.open_offer is None and not attempt.reasons:
        return scene.step(Say("utter_services"), *resume(scene))
    scene, offers = granted_offers(_asking_for_more(scene))
    return make_offer(scene, offers[0]) if offers else nothing_else(scene)


def ask_discount(scene: Scene) -> Step:
    """Discounts are never service: policies decide, and a no is explained plainly (settled 9)."""
    attempt = scene.dialogue.open_attempt
    about = attempt.about if attempt else _only_subscription(scene)
    if about is None or isinstance(scene.situation.subject(about), Order):
        return scene.step(Say("utter_no_discount", {}, (buttons.PERSON,)), *resume(scene))
    if attempt is None or attempt.hardship:
        controls = (buttons.CANCEL, buttons.PERSON)
        return scene.step(replace(why_no_discount(scene, about), buttons=controls), *resume(scene))
    if not attempt.reasons:
        expensive = attempt.with_reasons((CancellationReason.TOO_EXPENSIVE,), scene.heard.text)
        scene = scene.with_dialogue(replace(scene.dialogue, attempt=expensive))
    scene, offers = granted_offers(_asking_for_more(scene))
    discount = next((o for o in offers if o.kind is ConcessionKind.DISCOUNT), None)
    if discount:
        return make_offer(scene, discount)
    attempt = scene.dialogue.open_attempt
    if attempt and only_discounts_beyond_authority(attempt, scene.situation.policies):
        return escalate(scene, "over_authority")
    reason = why_no_discount(scene, about)
    return make_offer(scene, offers[0], reason) if offers else nothing_else(scene, reason)


def why_no_discount(scene: Scene, about: str) -> Say:
    """Say plainly what stands against a discount now."""
    situation = scene.situation
    subscription = situation.account.subscription(about)
    figures = subscription_figures(subscription)
    discount = subscription.discount
    if discount and situation.now.date() < discount.ends_on:
        running = {"percent": f"{discount.percent} %", "until": write_day(discount.ends_on)}
        return Say("utter_discount_runs", {**figures, **running})
    granted = [
        c.granted_at for c in situation.account.concessions if c.kind is ConcessionKind.DISCOUNT
    ]
    if granted and (situation.now - max(granted)).days < situation.terms.cool_down_days:
        return Say("utter_discount_cool_down", {**figures, "granted_on": write_day(max(granted))})
    return Say("utter_no_discount", figures)


def nothing_else(scene: Scene, *before: Say) -> Step:
    attempt = leaving.open_attempt(scene)
    control = buttons.exit_control(scene.situation.subject(attempt.about))
    say = Say("utter_nothing_else", {}, (control, buttons.KEEP, buttons.PERSON))
    answered = attempt.answered(Answer.DECLINED)
    dialogue = replace(scene.dialogue.asks(Awaiting.RESOLUTION), attempt=answered, plea=None)
    return scene.step(*before, say, dialogue=dialogue)


def give_reason(scene: Scene) -> Step:
    """A cause was named: it moves the attempt on, or is noted when nobody wants to leave."""
    attempt = scene.dialogue.open_attempt
    named = read_reasons(scene.heard.values("cancellation_reason"))
    if attempt is None:
        return complaints.hear_complaint(scene)
    if isinstance(scene.situation.subject(attempt.about), Order):
        attempt = attempt.with_reasons(named, scene.heard.text)
        scene = scene.with_dialogue(replace(scene.dialogue, attempt=attempt))
        return scene.step(Say("utter_reason_noted"), *resume(scene))
    if not named and scene.dialogue.awaiting is Awaiting.REASON:
        other = ("cancellation_reason", CancellationReason.OTHER.value)
        heard = replace(scene.heard, entities=(*scene.heard.entities, other))
        scene = scene.with_heard(heard)
    if attempt.refused:
        return scene.step(Say("utter_reason_noted"), *resume(scene))
    if attempt.offers:
        noted = attempt.with_reasons(named, scene.heard.text)
        scene = scene.with_dialogue(replace(scene.dialogue, attempt=noted))
        if noted.hardship:
            return leaving.sympathise(scene)
        return scene.step(Say("utter_reason_noted"), *resume(scene))
    return leaving.proceed(scene)


def _asking_for_more(scene: Scene) -> Scene:
    attempt = leaving.open_attempt(scene)
    return scene.with_dialogue(
        replace(scene.dialogue, attempt=replace(attempt, asked_for_more=True))
    )


def _as_wished(scene: Scene, offer: Offer) -> Offer:
    """A pause may be taken for another length than proposed, within the company's limit."""
    wished = scene.heard.value("duration")
    if offer.kind is not ConcessionKind.PAUSE or wished is None or offer.starts_on is None:
        return offer
    subscription, terms = scene.situation.account.subscription(offer.about), scene.situation.terms
    # A longer pause is counted from where the present one ends, as the offer itself is.
    runs_to = offer.starts_on
    left = pause_months_left(subscription, in_a_row_at_most=terms.pause_months_in_a_row_at_most)
    until = add_duration(runs_to, wished)
    latest = add_months(runs_to, min(terms.pause_months_at_most, left))
    if until is None or not runs_to < until <= latest:
        return offer
    return replace(offer, until=until)


def _only_subscription(scene: Scene) -> str | None:
    live = [s for s in scene.situation.account.subscriptions if s.is_live]
    return live[0].id if live else None
