"""The company's own figures: promises, limits and remedies that decisions and wording rest on."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import InvalidInput
from bot.money import Money
from bot.retention.authority import ASSISTANT, Authority
from bot.retention.choosing import Choosing
from bot.retention.worth import Worth


@dataclass(frozen=True)
class Terms:
    """Days, months and amounts as `data/retention/company.yml` states them.

    `worth` is what choosing by value weighs with; None where the company does not say.
    `monthly_budget_minor` is the most all concessions of a calendar month may cost; None: no limit.
    `authority_limit` is the assistant's; `agent_levels` say what people may grant alone.
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
    agent_levels: tuple[Authority, ...] = ()

    @property
    def authorities(self) -> tuple[Authority, ...]:
        """The assistant's authority and that of every level the company names, lowest first."""
        return (Authority(ASSISTANT, self.authority_limit.minor), *self.agent_levels)

    def authority_of(self, level: str) -> Authority:
        """Raises InvalidInput: the company says nothing of this level."""
        known = {one.level: one for one in self.authorities}
        if level not in known:
            raise InvalidInput(
                f"company.yml gives no authority to the level {level}. Add it to `agent_levels`; "
                f"it has {', '.join(known)}."
            )
        return known[level]
