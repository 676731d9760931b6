"""Stripe as the billing system: read live, changed once, and never left half changed for good."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

import structlog

from bot.errors import AccountNotFound, BillingUnavailable, NotPossible
from bot.integrations.stripe_catalogue import read_plan, sized
from bot.integrations.stripe_client import SavedFailure, StripeClient, StripeRefused
from bot.integrations.stripe_commands import plan_steps
from bot.integrations.stripe_history import tell
from bot.integrations.stripe_reading import Json, StripeAccount, plan_code
from bot.integrations.stripe_steps import marked
from bot.retention.account import AccountHistory, Plan
from bot.retention.capabilities import Capabilities, Capability
from bot.retention.commands import CancelSubscription, Command
from bot.use_cases.outside_billing import BillingJournal, JournalEntry

log = structlog.get_logger()

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
_PLANNING_TRIES = 4
# Stripe forgets an idempotency key after a day; then a step is recognised by its mark alone.
_KEY_LASTS = timedelta(hours=23)


class StripeBilling:
    """Fits the port `Billing`; an account's number is the customer's id in Stripe (`cus_…`).

    What is to be done is written into the journal before Stripe hears of it, with the requests
    themselves. Whatever breaks off after that is finished by the next call with the same key, or
    by the next command for the account: each step is looked for before it is asked for again.
    """

    capabilities = CAPABILITIES

    def __init__(self, client: StripeClient, journal: BillingJournal) -> None:
        self._client, self._journal = client, journal
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
        entry, is_new = self._journal.find(key), False
        if entry is None:
            entry, is_new = self._begin(account, command, key, now)
        _check_same(entry, account, command)
        if entry.done_at is None:
            self._carry_out(entry, now, is_first_try=is_new)
        try:
            return self.history(account, now=now)
        except BillingUnavailable as error:
            # It is done; only what is now true cannot be read. The same key tells it later.
            raise BillingUnavailable(str(error), may_have_happened=True) from error

    def _begin(
        self, account: str, command: Command, key: str, now: datetime
    ) -> tuple[JournalEntry, bool]:
        """Write down what will be asked, and say that it is new; or return who came first.

        What broke off earlier for this account is finished before anything is read.
        """
        for _ in range(_PLANNING_TRIES):
            # The journal before Stripe: what was begun after it was read is noticed below, and
            # what was begun before it is done by then, so that its effect is read.
            journal = self._journal.of_account(account)
            for unfinished in journal:
                if unfinished.done_at is None:
                    self._finish_earlier(unfinished, command, now)
            read = self._read(account, journal)
            planned = _within_reach(partial(plan_steps, read, command, key=key, now=now))
            entry = JournalEntry(
                number=0,
                key=key,
                account=account,
                fingerprint=_fingerprint(account, command),
                command=command,
                steps=marked(planned.steps, key),
                begun_at=now,
                effective_at=planned.effective_at,
                revoked=planned.revoked,
            )
            newest = journal[-1].number if journal else 0
            if self._journal.begin(entry, after=newest):
                return entry, True
            known = self._journal.find(key)
            if known:
                return known, False
        raise BillingUnavailable("Too much happens in this account at once. Try again.")

    def _finish_earlier(self, entry: JournalEntry, command: Command, now: datetime) -> None:
        """Finish what broke off; an exit goes on even where that still fails."""
        try:
            self._carry_out(entry, now, is_first_try=False)
        except NotPossible as error:
            log.warning("unfinished_was_refused", key=entry.key, why=str(error))
        except BillingUnavailable as error:
            if not isinstance(command, CancelSubscription):
                raise BillingUnavailable(str(error)) from error
            log.warning("unfinished_before_exit", key=entry.key, why=str(error))

    def _carry_out(self, entry: JournalEntry, now: datetime, *, is_first_try: bool) -> None:
        """Ask for every step that is not there yet, and close the entry.

        Raises:
            NotPossible: Stripe refused the first change; nothing was changed.
            BillingUnavailable: it broke off; `may_have_happened` unless nothing was sent.
        """
        if not is_first_try:
            entry = self._as_of_now(entry, now)
        changed = False
        for step in entry.steps:
            try:
                if is_first_try or not self._is_there(step):
                    self._ask(step, entry, now)
            except StripeRefused as refused:
                self._refused(entry, step, refused, changed=changed)
            except BillingUnavailable as error:
                if is_first_try and not changed and not error.may_have_happened:
                    self._journal.drop(entry.key)
                    raise
                raise BillingUnavailable(str(error), may_have_happened=True) from error
            # A coupon that nobody uses changes nothing for anybody.
            changed = changed or step["path"] != "/v1/coupons"
        try:
            self._journal.done(entry.key, revoked=entry.revoked, now=now)
        except BillingUnavailable as error:
            raise BillingUnavailable(str(error), may_have_happened=True) from error

    def _as_of_now(self, entry: JournalEntry, now: datetime) -> JournalEntry:
        """Work an exit out anew where nothing of it was done: the account has moved on since.

        A renewal may lie between, and what it charged has to be given back (R18). Everything else
        stays as it was agreed.
        """
        if not isinstance(entry.command, CancelSubscription) or not entry.steps:
            return entry
        if self._is_there(entry.steps[0]):
            return entry
        read = self._read(entry.account, self._journal.of_account(entry.account))
        planned = _within_reach(partial(plan_steps, read, entry.command, key=entry.key, now=now))
        anew = replace(
            entry,
            steps=marked(planned.steps, f"{entry.key}@{now.isoformat()}"),
            effective_at=planned.effective_at,
            revoked=planned.revoked,
        )
        return self._journal.plan_anew(anew, instead_of=entry)

    def _refused(
        self, entry: JournalEntry, step: Json, refused: StripeRefused, *, changed: bool
    ) -> None:
        """Stripe says no: as a whole it is not possible; in the middle a person has to look."""
        if self._is_there(step):
            return
        log.warning("stripe_refused", key=entry.key, path=step["path"], code=refused.code)
        if changed:
            raise BillingUnavailable(f"Stripe refused a part: {refused}", may_have_happened=True)
        self._journal.drop(entry.key)
        raise NotPossible(f"Stripe refused it: {refused}") from refused

    def _ask(self, step: Json, entry: JournalEntry, now: datetime) -> None:
        key = f"desk-{step['mark']}"
        if now - entry.begun_at > _KEY_LASTS:
            # Its mark was just looked for and is not there: it is asked for anew.
            key = f"{key}-{(now - entry.begun_at).days + 1}"
        try:
            self._client.change(step["method"], step["path"], step["params"], key=key)
        except SavedFailure as failure:
            if self._is_there(step):
                return
            self._ask_anew(step, f"{key}-{int(now.timestamp())}", failure)

    def _ask_anew(self, step: Json, key: str, failure: SavedFailure) -> None:
        try:
            self._client.change(step["method"], step["path"], step["params"], key=key)
        except SavedFailure as again:
            raise BillingUnavailable(
                f"Stripe keeps failing: {failure}", may_have_happened=True
            ) from again

    def _is_there(self, step: Json) -> bool:
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


def _check_same(entry: JournalEntry, account: str, command: Command) -> None:
    if entry.fingerprint != _fingerprint(account, command):
        raise NotPossible(f"The key {entry.key!r} was used for another command. Use a new key.")


def _fingerprint(account: str, command: Command) -> str:
    """Return a hash of what is asked, leaving out when: a retry may name another time."""
    asked = {k: v for k, v in asdict(command).items() if k != "requested_at"}
    text = json.dumps([account, type(command).__name__, asked], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _at(found: Any, path: list[str]) -> Any:
    for name in path:
        found = (found or {}).get(name)
    return found
