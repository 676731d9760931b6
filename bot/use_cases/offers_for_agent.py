"""What somebody of a level may offer a customer now, and what is left of their authority."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.errors import InvalidInput
from bot.retention.account import ConcessionKind
from bot.retention.authority import Authority, Grantor
from bot.retention.budget import Spent
from bot.retention.cancellation import CancellationReason
from bot.retention.dialogue import Dialogue, Heard, Scene, Situation
from bot.retention.offer import Offer
from bot.retention.offering import granted_offers, limits_of
from bot.retention.save_attempt import SaveAttempt
from bot.use_cases.situations import Rules, situation_of

# What keeps one level from granting, and another may.
_OF_THE_LEVEL = frozenset({"level", "value_minor", "authority_left_minor"})


@dataclass(frozen=True)
class MayOffer:
    """One policy's answer for the person who asks.

    `offer` is None where it is not granted; `unmet` are the conditions that do not hold then, and
    `others` the levels that could grant it instead.
    """

    policy: str
    kind: ConcessionKind
    offer: Offer | None
    unmet: tuple[dict[str, Any], ...]
    others: tuple[str, ...]


@dataclass(frozen=True)
class OffersForAgent:
    """`left_minor` is what the person may still grant this month; None: no such limit.

    `why_not` says in a sentence why nothing at all may be offered; None where something may.
    """

    about: str
    authority: Authority
    left_minor: int | None
    currency: str
    why_not: str | None
    offers: tuple[MayOffer, ...]


def offers_for_agent(
    account: str,
    grantor: Grantor,
    *,
    rules: Rules,
    now: datetime,
    conversation: str = "",
    about: str | None = None,
    attempt: SaveAttempt | None = None,
    reason: CancellationReason | None = None,
    earlier: tuple[dict[str, Any], ...] = (),
    spent: Spent | None = None,
) -> OffersForAgent:
    """Judge every policy that speaks of the case by the authority of who asks; nothing is changed.

    With an open `attempt` its subject, reason and offers count, and what the customer refused;
    without one `about` (or the account's only live subscription) and `reason` do. `earlier` are
    the account's recorded attempts, `spent` this month's concessions, both as the unit of work
    tells them. Whoever makes one of the offers records it by `attempt.offering(offer, now,
    by=grantor.person)`; `record_move` then sets aside what it costs, and the customer's consent
    has it carried out like any other.

    Raises:
        AccountNotFound: there is no such account.
        BillingUnavailable: the billing system does not answer.
        InvalidInput: the company gives no authority to the level, or it is not clear what is meant.
    """
    situation = situation_of(
        account,
        rules=rules,
        now=now,
        conversation=conversation,
        new_id="asked",
        earlier=earlier,
        spent=spent,
    )
    situation = replace(
        situation, grantor=grantor, terms=replace(situation.terms, explore_percent=0)
    )
    case = attempt or _imagined(situation, about, reason)
    return may_offer(situation, case)


def may_offer(situation: Situation, attempt: SaveAttempt) -> OffersForAgent:
    """Return what the situation's grantor may offer in this attempt; pure."""
    authority, person = situation.authority, situation.grantor.person
    verdicts, offers = _judged(situation, attempt)
    kinds = {policy.cited: policy.offer.kind for policy in situation.policies}
    left = None
    if person is not None and authority.month_minor is not None:
        left = max(0, authority.month_minor - situation.spent.by_person.get(person, 0))
    return OffersForAgent(
        about=attempt.about,
        authority=authority,
        left_minor=left,
        currency=situation.account.currency,
        why_not=_why_not(situation, attempt),
        offers=tuple(
            MayOffer(
                policy=cited,
                kind=kinds[cited],
                offer=offers.get(cited),
                unmet=unmet,
                others=_others(situation, attempt, cited, unmet),
            )
            for cited, unmet in verdicts.items()
        ),
    )


def _judged(
    situation: Situation, attempt: SaveAttempt
) -> tuple[dict[str, tuple[dict[str, Any], ...]], dict[str, Offer]]:
    """Return what does not hold, by policy, and the offers that are granted."""
    fresh = replace(attempt, verdicts=())
    scene = Scene(Dialogue("website", attempt=fresh), Heard("give_reason"), situation)
    judged, offers = granted_offers(scene)
    decided = judged.dialogue.attempt or fresh
    unmet = {
        verdict["policy"]: tuple(c for c in verdict["conditions"] if not c["holds"])
        for verdict in decided.verdicts
    }
    return unmet, {offer.policy: offer for offer in offers}


def _others(
    situation: Situation, attempt: SaveAttempt, cited: str, unmet: tuple[dict[str, Any], ...]
) -> tuple[str, ...]:
    if not unmet or {condition["fact"] for condition in unmet} - _OF_THE_LEVEL:
        return ()
    return tuple(
        one.level
        for one in situation.terms.agent_levels
        if one.level != situation.grantor.level
        and not _judged(replace(situation, grantor=Grantor(one.level)), attempt)[0].get(cited)
    )


def _why_not(situation: Situation, attempt: SaveAttempt) -> str | None:
    scene = Scene(Dialogue("website", attempt=attempt), Heard("give_reason"), situation)
    limits = limits_of(scene, attempt)
    reasons = (
        (attempt.refused, "The customer said no; nothing more is offered."),
        (limits.hardship, "The customer is in hardship; nothing is sold to them."),
        (limits.in_holdout, "The account is held out, so that we know what offers do."),
        (not limits.cap, f"No offer may be made before the exit in {situation.profile.title}."),
        (
            limits.made >= limits.cap,
            "As many offers were made as may be; one more only if the customer asks for it.",
        ),
    )
    return next((why for holds, why in reasons if holds), None)


def _imagined(
    situation: Situation, about: str | None, reason: CancellationReason | None
) -> SaveAttempt:
    """Return the attempt there would be if the customer asked to leave now."""
    history = situation.account
    live = [s.id for s in history.subscriptions if s.is_live]
    known = [*(s.id for s in history.subscriptions), *(o.id for o in history.orders)]
    wanted = about or (live[0] if len(live) == 1 else None)
    if wanted not in known:
        raise InvalidInput(
            f"Say which one is meant: {history.account} has {', '.join(known) or 'nothing'}."
        )
    return SaveAttempt(
        id="asked",
        conversation=situation.conversation,
        account=history.account,
        about=wanted,
        opened_at=situation.now,
        reasons=(reason,) if reason else (),
    )
