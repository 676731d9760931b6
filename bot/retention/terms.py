"""The company's own figures: promises, limits and remedies that decisions and wording rest on."""

from __future__ import annotations

from dataclasses import dataclass

from bot.money import Money
from bot.retention.choosing import Choosing
from bot.retention.worth import Worth


@dataclass(frozen=True)
class Terms:
    """Days, months and amounts as `data/retention/company.yml` states them.

    `worth` is what choosing by value weighs with; None where the company does not say.
    `monthly_budget_minor` is the most all concessions of a calendar month may cost; None: no limit.
    """

    company: str
    money_back_days: int
    return_days: int
    skip_notice_days: int
    pause_months_at_most: int
    pause_months_in_a_row_at_most: int
    late_box_credit: Money
    high_value: Money
    cool_down_days: int
    authority_limit: Money
    holdout_percent: int
    holdout_salt: str
    exchange_items: tuple[str, ...]
    choose: Choosing = Choosing.LADDER
    explore_percent: int = 0
    worth: Worth | None = None
    monthly_budget_minor: int | None = None
