"""Agreeing: what is given is counted before it is carried out, or it is not given."""

from __future__ import annotations

from bot.retention import conclusions
from bot.retention.budget_lines import to_spend
from bot.retention.dialogue import Act, Scene, Step
from bot.retention.facts import has_rested
from bot.retention.offer import OFFER_STANDS
from bot.use_cases.ports import UnitOfWork


def agree(uow: UnitOfWork, scene: Scene, act: Act) -> Step | None:
    """Spend what the act gives, inside the caller's transaction, or return what is said instead.

    Between offer and consent somebody else may have given something: billing knows of it, or it
    was agreed too lately in another conversation to be there yet.
    """
    situation = scene.situation
    for line in to_spend(scene.dialogue.open_attempt, act.commands):
        if line.cools_down and not (
            has_rested(situation.account, situation.now, situation.terms.cool_down_days)
            and uow.budgets.has_rested(line, since=situation.now - OFFER_STANDS)
        ):
            return conclusions.not_possible(scene, act)
        if not uow.budgets.spend(line, budgets=situation.budgets, now=situation.now):
            return conclusions.ran_out(scene)
    return None
