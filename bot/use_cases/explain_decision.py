"""Explain what an account would be offered now, and why; nothing is offered or recorded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from bot.errors import InvalidInput
from bot.retention.account import Order, Subscription
from bot.retention.authority import ASSISTANT, Grantor
from bot.retention.budget import Spent
from bot.retention.cancellation import CancellationReason
from bot.retention.dialogue import Dialogue, Heard, Scene, Situation
from bot.retention.figures import subject_name
from bot.retention.offer import Offer
from bot.retention.offering import facts_about, granted_offers, limits_of
from bot.retention.save_attempt import SaveAttempt
from bot.use_cases.situations import Rules, situation_of


def explain_decision(
    account: str,
    reason: CancellationReason | None,
    *,
    rules: Rules,
    now: datetime,
    about: str | None = None,
    asked_for_more: bool = False,
    earlier: tuple[dict[str, Any], ...] = (),
    spent: Spent | None = None,
    level: str = ASSISTANT,
) -> list[dict[str, Any]]:
    """Return, for each thing the customer could leave (or the one named), the whole decision.

    Shape: `{"about", "subject", "reason", "profile", "facts", "verdicts", "offers", "choice"}`;
    `offers` are in the order they would be made, `verdicts` and `choice` as in the record of a save
    attempt. Nothing is drawn by lot here. `level` is by whose authority it is judged.

    Raises:
        AccountNotFound: there is no such account.
        BillingUnavailable: the billing system does not answer.
        InvalidInput: the account has nothing called `about`, or nothing to leave; the company gives
            no authority to the level.
    """
    situation = situation_of(
        account,
        rules=rules,
        now=now,
        conversation="",
        new_id="explained",
        earlier=earlier,
        spent=spent,
    )
    terms = replace(situation.terms, explore_percent=0)
    situation = replace(situation, terms=terms, grantor=Grantor(level))
    return [
        _explained(situation, subject, reason, asked_for_more=asked_for_more)
        for subject in _subjects(situation, about)
    ]


def _subjects(situation: Situation, about: str | None) -> tuple[Subscription | Order, ...]:
    history = situation.account
    chosen = tuple(one for one in history.subjects if about in (None, one.id))
    if not chosen:
        known = ", ".join(one.id for one in history.subjects) or "nothing"
        raise InvalidInput(
            f"{history.account} has no {about or 'subscription or order'}. It has {known}."
        )
    return chosen


def _explained(
    situation: Situation,
    subject: Subscription | Order,
    reason: CancellationReason | None,
    *,
    asked_for_more: bool,
) -> dict[str, Any]:
    attempt = SaveAttempt(
        id=situation.new_id,
        conversation=situation.conversation,
        account=situation.account.account,
        about=subject.id,
        opened_at=situation.now,
        reasons=(reason,) if reason else (),
        asked_for_more=asked_for_more,
    )
    scene = Scene(Dialogue("website", attempt=attempt), Heard("give_reason"), situation)
    judged, offers = granted_offers(scene)
    decided = judged.dialogue.attempt or attempt
    return {
        "about": subject.id,
        "subject": subject_name(subject),
        "reason": reason.value if reason else None,
        "profile": {
            "key": situation.profile.key,
            "title": situation.profile.title,
            "offers_at_most": limits_of(scene, attempt).cap,
            "citation": situation.profile.citation,
        },
        "facts": dict(facts_about(scene, subject)),
        "verdicts": list(decided.verdicts),
        "offers": [_offer(offer) for offer in offers],
        "choice": decided.choices[-1],
    }


def _offer(offer: Offer) -> dict[str, Any]:
    return {
        "kind": offer.kind.value,
        "policy": offer.policy,
        "price_minor": offer.price_minor,
        "price_after_minor": offer.price_after_minor,
        "currency": offer.currency,
        "value_minor": offer.value_minor,
        "starts_on": _iso(offer.starts_on),
        "until": _iso(offer.until),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
