"""What is known about a customer at one moment: the desk's rules beside the account's history."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from bot.retention.choosing import Choosing
from bot.retention.dialogue import Situation
from bot.retention.holdout import in_holdout
from bot.retention.jurisdiction import Profiles
from bot.retention.outcomes import NO_EVIDENCE
from bot.retention.policy import RetentionPolicy
from bot.retention.save_attempt import read_attempt
from bot.retention.terms import Terms
from bot.use_cases.ports import Billing, Outcomes


class Rules(Protocol):
    """The rules in force, and the billing system they are held against."""

    @property
    def billing(self) -> Billing: ...
    @property
    def policies(self) -> tuple[RetentionPolicy, ...]: ...
    @property
    def profiles(self) -> Profiles: ...
    @property
    def terms(self) -> Terms: ...
    @property
    def outcomes(self) -> Outcomes: ...


def situation_of(
    account: str | None,
    *,
    rules: Rules,
    now: datetime,
    conversation: str,
    new_id: str,
    earlier: tuple[dict[str, Any], ...] = (),
    asked_at: datetime | None = None,
) -> Situation:
    """Return everything known about the account at `now`; `earlier` are its recorded attempts.

    Raises:
        AccountNotFound: there is no such account.
        BillingUnavailable: the billing system does not answer.
    """
    history = rules.billing.history(account, now=now) if account else None
    jurisdiction = history.customer.jurisdiction if history else None
    held_out = account is not None and in_holdout(
        account, salt=rules.terms.holdout_salt, percent=rules.terms.holdout_percent
    )
    by_value = rules.terms.choose is Choosing.VALUE
    return Situation(
        now=now,
        conversation=conversation,
        new_id=new_id,
        history=history,
        catalogue=history.catalogue if history else rules.billing.catalogue(),
        policies=rules.policies,
        profile=rules.profiles.of(jurisdiction, now.date()),
        terms=rules.terms,
        in_holdout=held_out,
        earlier=tuple(read_attempt(document) for document in earlier),
        asked_at=asked_at,
        capabilities=rules.billing.capabilities,
        evidence=rules.outcomes.as_of(now.date()) if by_value and history else NO_EVIDENCE,
    )
