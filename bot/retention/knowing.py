"""Knowing: what the dialogue is told at one moment, from the account's history and the rules."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.retention.account import AccountHistory, Plan
from bot.retention.budget import Spent
from bot.retention.capabilities import EVERYTHING, Capabilities
from bot.retention.dialogue import Situation
from bot.retention.holdout import in_holdout
from bot.retention.jurisdiction import Profiles
from bot.retention.outcomes import NO_EVIDENCE, Evidence
from bot.retention.policy import RetentionPolicy
from bot.retention.save_attempt import SaveAttempt
from bot.retention.terms import Terms


class RulesInForce(Protocol):
    """What the company and the law lay down."""

    @property
    def policies(self) -> tuple[RetentionPolicy, ...]: ...
    @property
    def profiles(self) -> Profiles: ...
    @property
    def terms(self) -> Terms: ...


def situation_at(
    now: datetime,
    history: AccountHistory | None,
    *,
    rules: RulesInForce,
    catalogue: tuple[Plan, ...],
    conversation: str,
    new_id: str,
    earlier: tuple[SaveAttempt, ...] = (),
    asked_at: datetime | None = None,
    capabilities: Capabilities = EVERYTHING,
    evidence: Evidence = NO_EVIDENCE,
    spent: Spent | None = None,
) -> Situation:
    """Put together what is known; `catalogue` is what a visitor sees who is not known yet."""
    jurisdiction = history.customer.jurisdiction if history else None
    terms = rules.terms
    held_out = history is not None and in_holdout(
        history.account, salt=terms.holdout_salt, percent=terms.holdout_percent
    )
    return Situation(
        now=now,
        conversation=conversation,
        new_id=new_id,
        history=history,
        catalogue=history.catalogue if history else catalogue,
        policies=rules.policies,
        profile=rules.profiles.of(jurisdiction, now.date()),
        terms=terms,
        in_holdout=held_out,
        earlier=earlier,
        asked_at=asked_at,
        capabilities=capabilities,
        evidence=evidence,
        spent=spent or Spent(),
    )
