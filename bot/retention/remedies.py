"""Remedies: what is owed for a fault on record. Granted, never offered, and only once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.retention.account import AccountHistory, ConcessionKind, Subscription
from bot.retention.commands import ConcessionNote, GrantCredit
from bot.retention.dialogue import Act, Conclusion, Scene, Step
from bot.retention.facts import REMEDY

REMEDY_POLICY = f"{REMEDY}@1"


def late_boxes_owed(scene: Scene, subscription: Subscription) -> int:
    """Count the late boxes of a subscription that no remedy was granted for yet."""
    account = scene.situation.account
    settled = _newest_remedy(account, subscription)
    return sum(
        box.late
        for box in account.boxes_of(subscription.id)
        if settled is None or box.due_on > settled
    )


def remedy_act(scene: Scene, subscription: Subscription) -> Step:
    """Grant the credit for late boxes at once; whether that solves it is asked afterwards."""
    count = late_boxes_owed(scene, subscription)
    amount = scene.situation.terms.late_box_credit.times(count)
    note = ConcessionNote(ConcessionKind.CREDIT, REMEDY_POLICY, amount)
    act = Act(
        (GrantCredit(amount, subscription.id, note),),
        Conclusion.REMEDIED,
        {"subject": subscription.id, "boxes": count, "amount_minor": amount.minor},
    )
    return Step(replace(scene.dialogue.asks(None), plea=None), act=act)


def _newest_remedy(account: AccountHistory, subscription: Subscription) -> date | None:
    granted = [
        concession.granted_at.date()
        for concession in account.concessions
        if concession.policy.startswith(REMEDY)
        and concession.subscription == subscription.id
        and concession.revoked_at is None
    ]
    return max(granted, default=None)
