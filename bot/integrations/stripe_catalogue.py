"""The plans on sale in Stripe as the desk's catalogue."""

from __future__ import annotations

from dataclasses import replace

from bot.integrations.billing_line import Json
from bot.integrations.stripe_reading import MONTHS, money, plan_code
from bot.retention.account import Plan


def read_plan(plan: Json) -> Plan | None:
    """Return a catalogue entry; None for what the desk has no words for (tiers, other rhythms)."""
    product = plan.get("product") if isinstance(plan.get("product"), dict) else {}
    noted = plan.get("metadata") or {}
    if plan.get("amount") is None or plan.get("interval_count", 1) != 1:
        return None
    if plan["interval"] not in MONTHS or plan.get("billing_scheme", "per_unit") != "per_unit":
        return None
    return Plan(
        code=plan_code(plan),
        name=str(plan.get("nickname") or (product or {}).get("name") or plan_code(plan)),
        price=money(int(plan["amount"]), plan["currency"]),
        interval=plan["interval"],
        size=int(noted.get("desk_size") or 0),
        advertised=noted.get("desk_advertised", "true") != "false",
        boxes_per_cycle=1,
    )


def sized(plans: tuple[Plan, ...]) -> tuple[Plan, ...]:
    """Return the plans in order; where none says how big it is, the price says it."""
    if not any(plan.size for plan in plans):
        order = sorted(plans, key=lambda plan: plan.price.minor)
        plans = tuple(
            replace(plan, size=1 + sum(p.interval == plan.interval for p in order[:n]))
            for n, plan in enumerate(order)
        )
    return tuple(sorted(plans, key=lambda plan: (plan.interval, plan.size, plan.code)))
