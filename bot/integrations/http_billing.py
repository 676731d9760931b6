"""A billing system of the company's own, over the contract in `billing-http.openapi.yml`."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta

import structlog

from bot.errors import AccountNotFound, BillingUnavailable
from bot.integrations.billing_line import Json
from bot.integrations.http_billing_client import (
    ACCOUNT_NOT_FOUND,
    SYSTEM,
    HttpBillingClient,
)
from bot.integrations.http_billing_reading import (
    ToldAccount,
    read_account,
    read_accounts,
    read_capabilities,
    read_catalogue,
)
from bot.integrations.journaled_billing import (
    JournaledCommands,
    Planned,
    StepRefused,
    told_after,
)
from bot.retention.account import AccountHistory, Plan
from bot.retention.capabilities import Capabilities
from bot.retention.commands import CancelSubscription, Command
from bot.use_cases.outside_billing import BillingJournal, JournalEntry
from bot.use_cases.recorded_act import write_command

log = structlog.get_logger()

# Clocks that differ by less are the same clock: the line and the work take time, too.
SAME_CLOCK = timedelta(seconds=30)
_WORTH_A_WARNING = timedelta(minutes=5)
_CAPABILITIES_SECONDS = 60
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class HttpBilling:
    """Fits the port `Billing`.

    It is also the `OutsideSystem` that its journaled commands are carried out in: each is one
    request, which the other side takes once for its idempotency key, however often it is asked.
    """

    name = SYSTEM

    def __init__(self, client: HttpBillingClient, journal: BillingJournal) -> None:
        self._client = client
        self._commands = JournaledCommands(self, journal)
        self._declared: tuple[float, Capabilities] | None = None

    @property
    def capabilities(self) -> Capabilities:
        """Return what it declares, asked at most once a minute; while it is down, as last heard.

        Raises:
            BillingUnavailable: it was never heard of yet.
        """
        declared = self._declared
        if declared and time.monotonic() - declared[0] < _CAPABILITIES_SECONDS:
            return declared[1]
        try:
            told = self._get_capabilities()
        except BillingUnavailable:
            if declared is None:
                raise
            return declared[1]
        self._declared = (time.monotonic(), told)
        return told

    def history(self, account: str, *, now: datetime) -> AccountHistory:
        return self._read(account, now).history

    def account_of_email(self, email: str) -> str | None:
        """Return the account with this address; the first where there are several."""
        try:
            found = self._client.get("/v1/accounts", read_accounts, email=email.strip().lower())
        except StepRefused as refused:
            raise _unreadable(refused) from refused
        return found[0] if found else None

    def catalogue(self) -> tuple[Plan, ...]:
        try:
            return self._client.get("/v1/catalogue", read_catalogue)
        except StepRefused as refused:
            raise _unreadable(refused) from refused

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
        """Return the one request; what is allowed, the billing system knows."""
        ahead = self._read(account, now).is_ahead_by(now)
        body = write_command(command)
        if isinstance(command, CancelSubscription) and abs(ahead) > SAME_CLOCK:
            # It counts from when it was said (R18), told in the time of whose books it is for.
            body["requested_at"] = (command.requested_at + ahead).isoformat()
        return Planned(({"path": f"/v1/accounts/{account}/commands", "body": body},))

    def ask(self, step: Json, entry: JournalEntry, now: datetime) -> None:
        self._client.command(step["path"], step["body"], key=entry.key)

    def is_there(self, step: Json) -> bool:
        """Nobody has to look: asking again under the same key does nothing twice."""
        return False

    def is_a_change(self, step: Json) -> bool:
        return True

    def _read(self, account: str, now: datetime) -> ToldAccount:
        if not _NUMBER.fullmatch(account):
            raise AccountNotFound(account)
        try:
            told = self._client.get(f"/v1/accounts/{account}", lambda t: read_account(t, account))
        except StepRefused as refused:
            if refused.code == ACCOUNT_NOT_FOUND:
                raise AccountNotFound(account) from refused
            raise _unreadable(refused) from refused
        ahead = told.is_ahead_by(now)
        if abs(ahead) > _WORTH_A_WARNING:
            log.warning("billing_clock_differs", ahead_seconds=round(ahead.total_seconds()))
        return told

    def _get_capabilities(self) -> Capabilities:
        try:
            return self._client.get("/v1/capabilities", read_capabilities)
        except StepRefused as refused:
            raise _unreadable(refused) from refused


def _unreadable(refused: StepRefused) -> BillingUnavailable:
    return BillingUnavailable(f"{SYSTEM} refused to be read: {refused}")
