"""What is known about a customer at one moment: the desk's rules beside the account's history."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from bot.retention.budget import Spent
from bot.retention.choosing import Choosing
from bot.retention.dialogue import Situation
from bot.retention.knowing import RulesInForce, situation_at
from bot.retention.outcomes import NO_EVIDENCE
from bot.retention.save_attempt import read_attempt
from bot.use_cases.ports import Billing, Outcomes


class Rules(RulesInForce, Protocol):
    """The rules in force, and the billing system they are held against."""

    @property
    def billing(self) -> Billing: ...
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
    spent: Spent | None = None,
) -> Situation:
    """Return everything known about the account at `now`; `earlier` are its recorded attempts.

    `spent` is what this month's concessions to anybody have cost so far; nothing, if left out.

    Raises:
        AccountNotFound: there is no such account.
        BillingUnavailable: the billing system does not answer.
    """
    history = rules.billing.history(account, now=now) if account else None
    by_value = rules.terms.choose is Choosing.VALUE
    return situation_at(
        now,
        history,
        rules=rules,
        catalogue=history.catalogue if history else rules.billing.catalogue(),
        conversation=conversation,
        new_id=new_id,
        earlier=tuple(read_attempt(document) for document in earlier),
        asked_at=asked_at,
        capabilities=rules.billing.capabilities,
        evidence=rules.outcomes.as_of(now.date()) if by_value and history else NO_EVIDENCE,
        spent=spent,
    )
