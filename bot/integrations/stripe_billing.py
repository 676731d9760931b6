"""Stripe as the billing system: read live, changed once, and never left half changed for good."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from bot.errors import AccountNotFound, BillingUnavailable
from bot.integrations.billing_line import Json
from bot.integrations.journaled_billing import JournaledCommands, Planned, told_after
from bot.integrations.stripe_catalogue import read_plan, sized
from bot.integrations.stripe_client import SavedFailure, StripeClient, StripeRefused
from bot.integrations.stripe_commands import plan_steps
from bot.integrations.stripe_history import tell
from bot.integrations.stripe_reading import StripeAccount, plan_code
from bot.integrations.stripe_steps import marked
from bot.retention.account import AccountHistory, Plan
from bot.retention.capabilities import Capabilities, Capability
from bot.retention.commands import Command
from bot.use_cases.outside_billing import BillingJournal, JournalEntry

_Read = TypeVar("_Read")

CAPABILITIES = Capabilities(
    "stripe",
    frozenset(
        {
            Capability.PAUSE,
            Capability.CHANGE_PLAN,
            Capability.DISCOUNT,
            Capability.CREDIT,
            Capability.EXTEND_TRIAL,
            Capability.REFUND,
        }
    ),
)
_CATALOGUE_SECONDS = 60
# Stripe forgets an idempotency key after a day; then a step is recognised by its mark alone.
_KEY_LASTS = timedelta(hours=23)


class StripeBilling:
    """Fits the port `Billing`; an account's number is the customer's id in Stripe (`cus_…`).

    It is also the `OutsideSystem` that its journaled commands are carried out in.
    """

    name = "Stripe"
    capabilities = CAPABILITIES

    def __init__(self, client: StripeClient, journal: BillingJournal) -> None:
        self._client, self._journal = client, journal
        self._commands = JournaledCommands(self, journal)
        self._plans: tuple[float, tuple[Json, ...]] = (0.0, ())

    def history(self, account: str, *, now: datetime) -> AccountHistory:
        return _told(self._read(account, self._journal.of_account(account)), now)

    def account_of_email(self, email: str) -> str | None:
        """Return the customer with this address; the oldest where there are several."""
        wanted = email.strip().lower()
        for asked in dict.fromkeys((email.strip(), wanted)):
            found = _within_reach(partial(self._customers, asked))
            if found:
                return str(found[-1]["id"])
        return None

    def catalogue(self) -> tuple[Plan, ...]:
        return _read_plans(self._all_plans())

    def execute(self, account: str, command: Command, *, key: str, now: datetime) -> AccountHistory:
        """Carry out `command` once for `key` and return what is now true; see the port."""
        self._commands.execute(account, command, key=key, now=now)
        return told_after(lambda: self.history(account, now=now))

    def plan(
        self,
        account: str,
        command: Command,
        journal: tuple[JournalEntry, ...],
        *,
        key: str,
        marks: str,
        now: datetime,
    ) -> Planned:
        read = self._read(account, journal)
        planned = _within_reach(partial(plan_steps, read, command, key=key, now=now))
        return replace(planned, steps=marked(planned.steps, marks))

    def is_a_change(self, step: Json) -> bool:
        """A coupon that nobody uses changes nothing for anybody."""
        return bool(step["path"] != "/v1/coupons")

    def ask(self, step: Json, entry: JournalEntry, now: datetime) -> None:
        key = f"desk-{step['mark']}"
        if now - entry.begun_at > _KEY_LASTS:
            # Its mark was just looked for and is not there: it is asked for anew.
            key = f"{key}-{(now - entry.begun_at).days + 1}"
        try:
            self._client.change(step["method"], step["path"], step["params"], key=key)
        except SavedFailure as failure:
            if self.is_there(step):
                return
            self._ask_anew(step, f"{key}-{int(now.timestamp())}", failure)

    def _ask_anew(self, step: Json, key: str, failure: SavedFailure) -> None:
        try:
            self._client.change(step["method"], step["path"], step["params"], key=key)
        except SavedFailure as again:
            raise BillingUnavailable(
                f"Stripe keeps failing: {failure}", may_have_happened=True
            ) from again

    def is_there(self, step: Json) -> bool:
        """Look for the mark that the step would have left."""
        seen = step["seen"]
        try:
            if "list" in seen:
                found = list(self._client.pages(seen["path"], seen["list"]))
            else:
                found = [self._client.get(seen["path"])]
        except StripeRefused as refused:
            if refused.is_missing:
                return False
            raise BillingUnavailable(f"Stripe refused to be read: {refused}") from refused
        return any(_at(one, seen["field"]) == seen["is"] for one in found)

    def _read(self, account: str, journal: tuple[JournalEntry, ...]) -> StripeAccount:
        try:
            customer = self._client.get(f"/v1/customers/{account}")
        except StripeRefused as refused:
            if refused.is_missing:
                raise AccountNotFound(account) from refused
            raise BillingUnavailable(f"Stripe refused to be read: {refused}") from refused
        if customer.get("deleted"):
            raise AccountNotFound(account)
        asked = {"customer": account}
        plans = self._all_plans()
        return _within_reach(
            lambda: StripeAccount(
                customer=customer,
                subscriptions=tuple(
                    self._client.pages("/v1/subscriptions", {**asked, "status": "all"})
                ),
                invoices=tuple(
                    self._client.pages("/v1/invoices", {**asked, "expand": ["data.charge"]})
                ),
                plans=_read_plans(plans),
                plan_ids={plan_code(plan): str(plan["id"]) for plan in plans},
                journal=journal,
            )
        )

    def _customers(self, email: str) -> list[Json]:
        return list(self._client.pages("/v1/customers", {"email": email}))

    def _all_plans(self) -> tuple[Json, ...]:
        """Return the plans on sale, read at most once a minute."""
        read_at, plans = self._plans
        if not plans or time.monotonic() - read_at > _CATALOGUE_SECONDS:
            asked = {"active": True, "expand": ["data.product"]}
            plans = _within_reach(lambda: tuple(self._client.pages("/v1/plans", asked)))
            self._plans = (time.monotonic(), plans)
        return plans


def _told(account: StripeAccount, now: datetime) -> AccountHistory:
    return _within_reach(partial(tell, account, now=now))


def _within_reach(read: Callable[[], _Read]) -> _Read:
    """Read, or say that Stripe told something the desk cannot use."""
    try:
        return read()
    except StripeRefused as refused:
        raise BillingUnavailable(f"Stripe refused to be read: {refused}") from refused
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise BillingUnavailable(f"Stripe's answer makes no sense: {error!r}") from error


def _read_plans(plans: tuple[Json, ...]) -> tuple[Plan, ...]:
    known = [_within_reach(partial(read_plan, plan)) for plan in plans]
    return sized(tuple(plan for plan in known if plan))


def _at(found: Any, path: list[str]) -> Any:
    for name in path:
        found = (found or {}).get(name)
    return found
