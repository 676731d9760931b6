"""Show an account as the billing system has it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import Any

from bot import bootstrap, settings
from bot.integrations.clock import SystemClock
from bot.money import Money
from bot.use_cases.show_account import show_account


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("account", help="an account number, such as A-1001")
    parser.add_argument("--json", action="store_true", help="the whole record as JSON")


def run(arguments: argparse.Namespace) -> int:
    billing = bootstrap.billing(settings.load())
    shown = show_account(arguments.account, billing=billing, clock=SystemClock())
    print(json.dumps(shown, indent=2) if arguments.json else "\n".join(_lines(shown)))
    return 0


def _lines(shown: dict[str, Any]) -> Iterator[str]:
    customer, currency = shown["customer"], shown["currency"]

    def money(row: dict[str, Any], name: str) -> str:
        return str(Money(row[name], currency))

    who = f"{customer['name']} <{customer['email']}>  {customer['jurisdiction']}"
    yield f"{shown['account']}  {who}"
    yield f"credit {money(shown, 'credit_minor')}"
    for s in shown["subscriptions"]:
        price = f"{money(s, 'price_minor')} a {s['interval']}"
        yield f"{s['id']}  {s['plan']}, {s['status']}, {price}"
        yield from _standing(s)
    for o in shown["orders"]:
        yield f"{o['id']}  {o['item']}, {o['status']}, {money(o, 'price_minor')}"
    for i in shown["invoices"]:
        yield f"{i['id']}  {i['issued_on']}, {money(i, 'amount_minor')}, {i['status']}"
    for c in shown["concessions"]:
        taken_back = ", taken back" if c["revoked_at"] else ""
        yield f"{c['id']}  {c['kind']} by {c['policy']} on {c['granted_at'][:10]}{taken_back}"


def _standing(subscription: dict[str, Any]) -> Iterator[str]:
    """Tell the dates and agreements that hold for a subscription, and leave out the others."""
    for name in ("renews_on", "trial_ends_on", "cancels_on", "canceled_at"):
        if subscription[name]:
            yield f"    {name.replace('_', ' ')} {subscription[name]}"
    for name in ("discount", "pause", "pending_change"):
        terms = subscription[name] or {}
        if terms:
            said = ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in terms.items())
            yield f"    {name.replace('_', ' ')}: {said}"
