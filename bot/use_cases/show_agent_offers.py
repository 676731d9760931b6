"""Show an agent what they may offer this customer now, and why not the rest."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.conversations.agent import AgentOnDuty
from bot.conversations.offer_names import offer_name
from bot.errors import NotPossible
from bot.retention.agent_offers import attempt_for_agent
from bot.retention.authority import Grantor
from bot.retention.cancellation import CancellationReason
from bot.retention.dialogue import Dialogue, Heard, Scene, Situation, read_dialogue
from bot.retention.figures import offer_figures, subject_name
from bot.retention.offer import Offer
from bot.retention.offering import public_offer
from bot.retention.say import Say
from bot.retention.verdict_words import concerns, why
from bot.use_cases.agent_desk import AgentDesk
from bot.use_cases.offers_for_agent import MayOffer, may_offer
from bot.use_cases.situations import situation_of


def show_agent_offers(
    conversation: str,
    *,
    agent: AgentOnDuty,
    about: str | None = None,
    reason: CancellationReason | None = None,
    customer_asked: bool = False,
    desk: AgentDesk,
) -> dict[str, Any]:
    """Return the offers in the shape of the desk's interface; nothing is offered or recorded.

    Raises:
        ConversationNotFound: it was never handed to people.
        BillingUnavailable: the billing system does not answer.
        InvalidInput: the company gives no authority to the agent's level.
    """
    dialogue, situation = situation_at_desk(conversation, agent, desk)
    try:
        attempt = attempt_for_agent(
            dialogue, situation, about=about, reason=reason, customer_asked=customer_asked
        )
    except NotPossible as error:
        return _nothing(situation, str(error))
    found = may_offer(situation, attempt)
    scene = Scene(replace(dialogue, attempt=attempt), Heard("give_reason"), situation)
    return {
        "about": {
            "id": found.about,
            "title": subject_name(situation.subject(found.about)),
        },
        "reason": attempt.reason.value if attempt.reason else None,
        "authority": _authority(situation, found.left_minor),
        "may_offer": found.why_not is None and any(one.offer for one in found.offers),
        "why_not": found.why_not,
        "offers": [_offer(one, scene, desk) for one in found.offers if concerns(one.unmet)],
    }


def situation_at_desk(
    conversation: str, agent: AgentOnDuty, desk: AgentDesk
) -> tuple[Dialogue, Situation]:
    """Return where the dialogue stands and everything known, by the agent's authority."""
    now = desk.clock.now()
    with desk.unit_of_work() as uow:
        uow.cases.get(conversation)
        document, _version = uow.dialogues.get(conversation)
        account = uow.identities.account(conversation)
        earlier = uow.save_attempts.of_account(account) if account else ()
        spent = uow.budgets.spent(now=now)
    situation = situation_of(
        account,
        rules=desk.rules,
        now=now,
        conversation=conversation,
        new_id="asked",
        earlier=earlier,
        spent=spent,
    )
    terms = replace(situation.terms, explore_percent=0)
    grantor = Grantor(agent.level, agent.id)
    dialogue = read_dialogue(document if "attempt" in document else {})
    return dialogue, replace(situation, grantor=grantor, terms=terms)


def _nothing(situation: Situation, why_not: str) -> dict[str, Any]:
    return {
        "about": None,
        "reason": None,
        "authority": _authority(situation, None),
        "may_offer": False,
        "why_not": why_not,
        "offers": [],
    }


def _authority(situation: Situation, left_minor: int | None) -> dict[str, Any]:
    """Raises InvalidInput: the company gives no authority to the agent's level."""
    authority, history = situation.authority, situation.history
    return {
        "level": authority.level,
        "limit_minor": authority.concession_minor,
        "month_minor": authority.month_minor,
        "left_minor": left_minor,
        "currency": history.currency if history else situation.terms.authority_limit.currency,
    }


def _offer(one: MayOffer, scene: Scene, desk: AgentDesk) -> dict[str, Any]:
    told = {
        "policy": one.policy,
        "kind": one.kind.value,
        "name": offer_name(one.kind.value),
        "granted": one.offer is not None,
        "why": why({"conditions": one.unmet}),
        "others": list(one.others),
    }
    return told if one.offer is None else {**told, **_figures(one.offer, scene, desk)}


def _figures(offer: Offer, scene: Scene, desk: AgentDesk) -> dict[str, Any]:
    account = scene.situation.account
    subject = subject_name(scene.situation.subject(offer.about))
    public = public_offer(offer, subject)
    say = Say(f"utter_offer_{offer.kind.value}", offer_figures(offer, account), (), offer=public)
    worded = desk.switchboard.wording.render(say)
    shown = ("title", "terms", "price_minor", "price_after_minor", "currency", "until")
    return {
        "text": worded.text,
        "value_minor": offer.value_minor,
        **{name: (worded.offer or {})[name] for name in shown},
    }
