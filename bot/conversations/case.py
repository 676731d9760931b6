"""A case: one stay of a conversation with people, from asking for one to its outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from bot.conversations.escalation import EscalationReason


class CaseOutcome(str, Enum):
    """How people were done with it. `no_reply`: the customer did not come back."""

    SOLVED = "solved"
    SAVED = "saved"
    CANCELED = "canceled"
    NOT_SOLVED = "not_solved"
    NO_REPLY = "no_reply"
    HANDED_BACK = "handed_back"


class Skill(str, Enum):
    """What a case asks for."""

    GENERAL = "general"
    RETENTION = "retention"
    BILLING = "billing"
    TRUST = "trust"
    CARE = "care"
    PRIVACY = "privacy"
    VIP = "vip"


_SKILLS = {
    EscalationReason.DISTRESS: Skill.CARE,
    EscalationReason.LEGAL: Skill.TRUST,
    EscalationReason.FRAUD: Skill.TRUST,
    EscalationReason.OVER_AUTHORITY: Skill.RETENTION,
    EscalationReason.HIGH_VALUE: Skill.VIP,
    EscalationReason.BACKEND_FAILING: Skill.BILLING,
    EscalationReason.DATA_ERASURE: Skill.PRIVACY,
}


def skill_for(reason: EscalationReason, *, wants: str) -> Skill:
    """Return what a case of this reason asks for; a wish to leave asks for retention."""
    known = _SKILLS.get(reason)
    if known is not None:
        return known
    return Skill.RETENTION if wants == "cancel" else Skill.GENERAL


@dataclass(frozen=True)
class Targets:
    """How soon a customer is to be answered: the first time, and after that."""

    first_reply: timedelta = timedelta(seconds=60)
    reply: timedelta = timedelta(seconds=180)


@dataclass(frozen=True)
class Case:
    """`waiting_since` is there while it waits in the queue, `held_since` while an agent holds it.

    `team` and `for_agent` say whom it was passed on to. `came_back` is set when it was with a
    person before: it stands in front. `last_agent` is who held it last.
    """

    conversation: str
    opened_at: datetime
    reason: str
    wants: str
    skill: str
    customer_name: str | None = None
    cancellation_reason: str | None = None
    value_minor: int | None = None
    currency: str | None = None
    team: str | None = None
    for_agent: str | None = None
    came_back: bool = False
    waiting_since: datetime | None = None
    held_since: datetime | None = None
    first_reply_at: datetime | None = None
    last_agent: str | None = None
    closed_at: datetime | None = None
    outcome: str | None = None

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def place(self) -> tuple[bool, datetime, str]:
        """Where it stands in the queue: those that come back first, then the longest waiting."""
        return (not self.came_back, self.waiting_since or self.opened_at, self.conversation)

    def taken(self, agent: str, now: datetime) -> Case:
        return replace(
            self,
            waiting_since=None,
            held_since=now,
            last_agent=agent,
            team=None,
            for_agent=None,
            came_back=False,
        )

    def answered(self, now: datetime) -> Case:
        return self if self.first_reply_at else replace(self, first_reply_at=now)

    def waits_again(
        self, since: datetime, *, team: str | None = None, for_agent: str | None = None
    ) -> Case:
        """Back in the queue, in front of those who have not been with anybody yet."""
        return replace(
            self,
            waiting_since=since,
            held_since=None,
            team=team,
            for_agent=for_agent,
            came_back=True,
        )

    def closed(self, outcome: CaseOutcome, now: datetime) -> Case:
        return replace(
            self,
            closed_at=now,
            outcome=outcome.value,
            waiting_since=None,
            held_since=None,
            team=None,
            for_agent=None,
        )

    def due_at(self, unanswered_since: datetime | None, targets: Targets) -> datetime | None:
        """Return when an answer is due, or None where nothing is owed."""
        if not self.is_open:
            return None
        if self.first_reply_at is None:
            return (self.waiting_since or self.opened_at) + targets.first_reply
        waits = unanswered_since or self.waiting_since
        return waits + targets.reply if waits else None


def opened_case(
    conversation: str,
    *,
    reason: EscalationReason,
    summary: Mapping[str, Any],
    last_agent: str | None,
    now: datetime,
) -> Case:
    """Return the case that an escalation opens, from what its summary tells."""
    who, value = summary.get("who") or {}, summary.get("value") or {}
    wants = str(summary.get("wants") or "person")
    return Case(
        conversation=conversation,
        opened_at=now,
        reason=reason.value,
        wants=wants,
        skill=skill_for(reason, wants=wants).value,
        customer_name=who.get("name"),
        cancellation_reason=summary.get("reason"),
        value_minor=value.get("minor"),
        currency=value.get("currency"),
        waiting_since=now,
        last_agent=last_agent,
    )
