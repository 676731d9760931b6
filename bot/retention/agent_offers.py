"""An agent's offer: one of those they may make, put to the customer like any other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.errors import NotPossible
from bot.retention import buttons
from bot.retention.account import Order
from bot.retention.cancellation import CancellationReason, read_reasons
from bot.retention.dialogue import Awaiting, Dialogue, Heard, Scene, Situation, Step
from bot.retention.offer import Offer
from bot.retention.offering import granted_offers, offer_say
from bot.retention.outcomes import ASKED_FOR_MORE
from bot.retention.save_attempt import Outcome, SaveAttempt
from bot.retention.verdict_words import why

OFFER_BY_AGENT = "offer_by_agent"
UNKNOWN_CUSTOMER = "The customer has not shown who they are. Ask for their e-mail address first."
NO_ORDERS = "What can be done with an order is offered with its return, by the assistant."


def attempt_for_agent(
    dialogue: Dialogue,
    situation: Situation,
    *,
    about: str | None = None,
    reason: CancellationReason | None = None,
    customer_asked: bool = False,
) -> SaveAttempt:
    """Return the attempt an agent goes on with: the one handed to them, or a new one.

    Raises:
        NotPossible: the customer is not known, or it is not clear which subscription is meant.
    """
    if situation.history is None:
        raise NotPossible(UNKNOWN_CUSTOMER)
    attempt = dialogue.attempt
    goes_on = attempt is not None and attempt.outcome in (None, Outcome.ESCALATED)
    if attempt is None or not goes_on or about not in (None, attempt.about):
        attempt = _new_attempt(situation, about)
    if isinstance(situation.subject(attempt.about), Order):
        raise NotPossible(NO_ORDERS)
    attempt = attempt if attempt.is_open else attempt.reopened()
    if reason is not None and reason not in attempt.reasons:
        attempt = attempt.with_reasons((reason,), "")
    return replace(
        attempt,
        asked_for_more=attempt.asked_for_more or customer_asked,
        # Told to the assistant or while waiting: a person sells nothing to them either.
        hardship=attempt.hardship or dialogue.in_hardship,
    )


def offer_by_agent(dialogue: Dialogue, heard: Heard, situation: Situation) -> Step:
    """Make the offer of the policy that `heard` names; the exit stands beside it (R4).

    Raises:
        NotPossible: it may not be made; the message says why.
    """
    named = heard.value("cancellation_reason")
    attempt = attempt_for_agent(
        dialogue,
        situation,
        about=heard.value("about"),
        reason=next(iter(read_reasons((named,))), None) if named else None,
        customer_asked=heard.flag("customer_asked"),
    )
    scene = Scene(replace(dialogue, attempt=attempt), heard, situation)
    judged, offers = granted_offers(scene)
    policy = heard.value("policy") or ""
    offer = next((offer for offer in offers if offer.policy == policy), None)
    if offer is None:
        raise NotPossible(_why_not(scene, attempt, policy))
    return _made(judged, offer)


def _made(scene: Scene, offer: Offer) -> Step:
    attempt, situation = scene.dialogue.open_attempt, scene.situation
    if attempt is None:
        raise LookupError("an offer needs an open save attempt")
    named = offer.named(f"{attempt.id}-{len(attempt.offers) + 1}")
    chosen = replace(attempt, choices=(*attempt.choices[:-1], _choice(attempt, named)))
    made = chosen.offering(named, situation.now, by=situation.grantor.person)
    dialogue = replace(scene.dialogue.asks(Awaiting.OFFER), attempt=made, plea=None)
    scene = scene.with_dialogue(dialogue)
    controls = (buttons.accept(named.id), buttons.exit_control(situation.subject(named.about)))
    return scene.step(replace(offer_say(scene, named), buttons=controls))


def _choice(attempt: SaveAttempt, offer: Offer) -> dict[str, Any]:
    """Record who chose; learning counts what people choose apart from its own choices."""
    return {
        **attempt.choices[-1],
        "segment": ASKED_FOR_MORE,
        "chosen": offer.policy,
        "propensities": {offer.policy: 1.0},
        "because": f"{offer.policy} was offered by an agent.",
    }


def _why_not(scene: Scene, attempt: SaveAttempt, policy: str) -> str:
    if attempt.refused:
        return "The customer said no; nothing more is offered."
    if attempt.hardship:
        return "The customer is in hardship; nothing is sold to them."
    # Judged without what was granted earlier, which an attempt keeps to explain its offers.
    fresh = replace(scene.dialogue, attempt=replace(attempt, verdicts=()))
    judged = granted_offers(scene.with_dialogue(fresh))[0].dialogue.attempt or attempt
    verdict = next((v for v in judged.verdicts if v["policy"] == policy), None)
    if verdict is None:
        return f"No policy {policy} speaks of this case, or it was offered already."
    return why(verdict)


def _new_attempt(situation: Situation, about: str | None) -> SaveAttempt:
    live = [s.id for s in situation.account.subscriptions if s.is_live]
    known = [*live, *(order.id for order in situation.account.orders)]
    meant = about or (live[0] if len(live) == 1 else None)
    if meant is None or meant not in known:
        raise NotPossible(f"Say which one is meant: {', '.join(known) or 'there is nothing'}.")
    return SaveAttempt(
        id=f"sa-{situation.new_id}",
        conversation=situation.conversation,
        account=situation.account.account,
        about=meant,
        opened_at=situation.now,
    )
