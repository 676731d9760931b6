"""Offering: judging the policies for the open attempt, and putting one offer to the customer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from bot.retention import buttons
from bot.retention.account import ConcessionKind, Order, Subscription
from bot.retention.capabilities import needed_for
from bot.retention.choosing_here import chosen_among
from bot.retention.decision import Limits, decide
from bot.retention.dialogue import Awaiting, Scene, Step
from bot.retention.facts import Facts, Talk, order_facts, subscription_facts
from bot.retention.figures import offer_figures, subject_name
from bot.retention.offer import (
    Offer,
    cheaper_rescue_plan,
    offer_on_order,
    offer_on_subscription,
    pause_months_left,
    price_terms,
    smaller_plan,
)
from bot.retention.policy import RetentionPolicy
from bot.retention.save_attempt import CONTINUES_WITHIN, OfferMade, SaveAttempt
from bot.retention.say import Say


def next_offer(scene: Scene, *, kind: ConcessionKind | None = None) -> tuple[Scene, Offer | None]:
    """Judge the policies for the open attempt and return the best offer left, if one may be made.

    The verdicts are kept in the attempt, whatever comes of them. With `kind` only offers of that
    kind count.
    """
    scene, found = granted_offers(scene)
    return scene, next((o for o in found if kind is None or o.kind is kind), None)


def granted_offers(scene: Scene) -> tuple[Scene, tuple[Offer, ...]]:
    """Judge the policies and return every offer that may be made next, best first."""
    attempt = scene.dialogue.open_attempt
    if attempt is None:
        return scene, ()
    subject, situation = scene.situation.subject(attempt.about), scene.situation
    drafts = {p.cited: draft(p, scene, subject) for p in situation.policies}
    lacking = beyond_billing(scene, subject, drafts)
    facts = facts_about(scene, subject)
    limits = replace(limits_of(scene, attempt), beyond_billing=lacking)
    decision = decide(
        situation.policies,
        attempt.reason,
        facts,
        drafts,
        limits,
        exclude=frozenset(made.offer.policy for made in offers_of_the_day(scene, attempt)),
    )
    choice, offers = chosen_among(scene, attempt, decision, facts, cap=limits.cap)
    judged = attempt.judged(decision).having_chosen(choice.to_document())
    scene = scene.with_dialogue(replace(scene.dialogue, attempt=judged))
    return scene, () if attempt.refused else offers


def facts_about(scene: Scene, subject: Subscription | Order) -> Facts:
    """Return the facts of a subject as the policies see them."""
    situation = scene.situation
    account, now = situation.account, situation.now
    current = scene.dialogue.attempt
    earlier = [o for o in situation.earlier if not current or o.id != current.id]
    newest = max((other.opened_at for other in earlier), default=None)
    talk = Talk(
        earlier_attempts=len(earlier),
        days_since_attempt=(now - newest).days if newest else None,
        channel="desk" if situation.grantor.person else "chat",
        language=scene.heard.value("language") or "en",
    )
    if isinstance(subject, Order):
        return order_facts(account, subject, now=now, talk=talk)
    smaller = smaller_plan(account, subject) or cheaper_rescue_plan(account, subject)
    return subscription_facts(
        account,
        subject,
        now=now,
        smaller_plan=smaller.code if smaller else None,
        pause_months_left=pause_months_left(
            subject, in_a_row_at_most=situation.terms.pause_months_in_a_row_at_most
        ),
        talk=talk,
    )


def draft(policy: RetentionPolicy, scene: Scene, subject: Subscription | Order) -> Offer | None:
    """Work the policy's offer out for this subject; None when there is nothing of its kind."""
    account, now = scene.situation.account, scene.situation.now
    if isinstance(subject, Order):
        return offer_on_order(policy.offer, policy.cited, subject, now=now)
    return offer_on_subscription(policy.offer, policy.cited, account, subject, now=now)


def beyond_billing(
    scene: Scene, subject: Subscription | Order, drafts: dict[str, Offer | None]
) -> dict[str, str]:
    """Return, by cited policy, what carrying its offer out takes and the billing system lacks."""
    situation = scene.situation
    needed = {
        p.cited: needed_for(p.offer.kind, drafts[p.cited], subject, situation.account)
        for p in situation.policies
    }
    return {
        cited: capability.value
        for cited, capability in needed.items()
        if capability and not situation.capabilities.can(capability)
    }


def offers_of_the_day(scene: Scene, attempt: SaveAttempt) -> tuple[OfferMade, ...]:
    """Return the attempt's offers, and those of the last day on the same subject before it."""
    since = scene.situation.now - CONTINUES_WITHIN
    earlier = (
        made
        for other in scene.situation.earlier
        if other.about == attempt.about and other.id != attempt.id
        for made in other.offers
        if made.shown_at >= since
    )
    return (*earlier, *attempt.offers)


def limits_of(scene: Scene, attempt: SaveAttempt) -> Limits:
    """Return the limits of this attempt; offers of the last day on the same subject count too."""
    situation = scene.situation
    subject = situation.subject(attempt.about)
    today = situation.profile.day_of(situation.now)
    cap = situation.profile.offers_on(today, began_on=began_on(subject))
    return Limits(
        today=situation.now.date(),
        cap=cap + 1 if cap and attempt.asked_for_more else cap,
        made=len(offers_of_the_day(scene, attempt)),
        in_holdout=situation.in_holdout,
        hardship=attempt.hardship,
        cool_down_days=situation.terms.cool_down_days,
        authority=situation.authority,
        authorities=situation.terms.authorities,
        person=situation.grantor.person,
        budgets=situation.budgets,
        spent=situation.spent,
    )


def only_discounts_beyond_authority(
    attempt: SaveAttempt, policies: tuple[RetentionPolicy, ...]
) -> bool:
    """Say whether a discount fails by its cost alone, so that a person may grant it."""
    discounts = {
        policy.cited for policy in policies if policy.offer.kind is ConcessionKind.DISCOUNT
    }
    return any(
        {c["fact"] for c in verdict["conditions"] if not c["holds"]} == {"value_minor"}
        for verdict in attempt.verdicts
        if verdict["policy"] in discounts
    )


def began_on(subject: Subscription | Order) -> date:
    """Return the day from which a right to withdraw counts: the contract's, or the delivery's."""
    if isinstance(subject, Order):
        return subject.delivered_on or subject.ordered_on
    return subject.started_on


def make_offer(scene: Scene, offer: Offer, *before: Say) -> Step:
    """Show the offer, with the exit as prominent as accepting (R4)."""
    attempt = scene.dialogue.open_attempt
    if attempt is None:
        raise LookupError("an offer needs an open save attempt")
    named = offer.named(f"{attempt.id}-{len(attempt.offers) + 1}")
    dialogue = replace(
        scene.dialogue.asks(Awaiting.OFFER),
        attempt=attempt.offering(named, scene.situation.now),
        plea=None,
    )
    scene = scene.with_dialogue(dialogue)
    return scene.step(*before, offer_say(scene, named))


def offer_say(scene: Scene, offer: Offer) -> Say:
    """Word an offer; the same offer said again after a digression is no new one (settled 11)."""
    account = scene.situation.account
    subject = scene.situation.subject(offer.about)
    if isinstance(subject, Order):
        raise TypeError("offers on orders are made with the return, see bot.retention.orders")
    return Say(
        f"utter_offer_{offer.kind.value}",
        offer_figures(offer, account),
        (
            buttons.accept(offer.id),
            buttons.exit_control(subject),
            buttons.SOMETHING_ELSE,
            buttons.PERSON,
        ),
        offer=public_offer(offer, subject_name(subject)) | price_terms(offer, account),
    )


def public_offer(offer: Offer, subject: str) -> dict[str, Any]:
    """Return the offer as clients see it; `title` and `terms` are response names still to word."""
    return {
        "id": offer.id,
        "kind": offer.kind.value,
        "policy": offer.policy,
        "title": f"utter_offer_title_{offer.kind.value}",
        "terms": f"utter_offer_terms_{offer.kind.value}",
        "subject": subject,
        "price_minor": offer.price_minor,
        "price_after_minor": offer.price_after_minor,
        "currency": offer.currency,
        "starts_on": offer.starts_on.isoformat() if offer.starts_on else None,
        "until": offer.until.isoformat() if offer.until else None,
        "expires_at": offer.expires_at.isoformat(),
        "choices": [
            {"id": c.id, "title": c.title, "kind": c.kind, "value_minor": c.value_minor}
            for c in offer.choices
        ],
    }
