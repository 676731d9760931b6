"""Carries out commands in a billing system outside once: written into the journal beforehand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol, TypeVar

import structlog

from bot.errors import BillingUnavailable, NotPossible
from bot.integrations.billing_line import Json
from bot.retention.commands import CancelSubscription, Command
from bot.use_cases.outside_billing import BillingJournal, JournalEntry

log = structlog.get_logger()

_Read = TypeVar("_Read")

_PLANNING_TRIES = 12


@dataclass(frozen=True)
class Planned:
    """How a command is carried out: `steps` in order, `revoked` concessions by number."""

    steps: tuple[Json, ...]
    effective_at: datetime | None = None
    revoked: tuple[int, ...] = field(default=())


class StepRefused(Exception):
    """The system outside understood and refused; this step changed nothing. `code` is its word."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class OutsideSystem(Protocol):
    """What an adapter brings: the steps of a command as data, and how to take and find them."""

    name: str

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
        """Read the account and return how the command is carried out in it, asking for nothing.

        The steps' marks, by which they are found again, are derived from `marks`.

        Raises:
            NotPossible, AccountNotFound, BillingUnavailable: as `Billing.execute`.
        """

    def ask(self, step: Json, entry: JournalEntry, now: datetime) -> None:
        """Ask for one step of the entry.

        Raises:
            StepRefused: it changed nothing.
            BillingUnavailable: no answer; `may_have_happened` says whether it may be done.
        """

    def is_there(self, step: Json) -> bool:
        """Tell whether the step is seen to be done; False also where nobody can tell, and asking
        again under the entry's key is harmless."""

    def is_a_change(self, step: Json) -> bool:
        """Tell whether anybody notices that the step was taken."""


class JournaledCommands:
    """Carries out commands in `system`, each once for its key.

    What is to be done is written into the journal before the system hears of it, with the requests
    themselves. Whatever breaks off after that is finished by the next call with the same key, or
    by the next command for the account: each step is looked for before it is asked for again.
    """

    def __init__(self, system: OutsideSystem, journal: BillingJournal) -> None:
        self._system, self._journal = system, journal

    def execute(self, account: str, command: Command, *, key: str, now: datetime) -> None:
        """Carry out `command` once for `key`; errors as of the port `Billing`."""
        entry, is_new = self._journal.find(key), False
        if entry is None:
            entry, is_new = self._begin(account, command, key, now)
        _check_same(entry, account, command)
        if entry.done_at is None:
            self._carry_out(entry, now, is_first_try=is_new)

    def _begin(
        self, account: str, command: Command, key: str, now: datetime
    ) -> tuple[JournalEntry, bool]:
        """Write down what will be asked, and say that it is new; or return who came first.

        What broke off earlier for this account is finished before anything is read.
        """
        for _ in range(_PLANNING_TRIES):
            # The journal before the account: what was begun after it was read is noticed below,
            # and what was begun before it is done by then, so that its effect is read.
            journal = self._journal.of_account(account)
            for unfinished in journal:
                if unfinished.done_at is None:
                    self._finish_earlier(unfinished, command, now)
            planned = self._system.plan(account, command, journal, key=key, marks=key, now=now)
            entry = JournalEntry(
                number=0,
                key=key,
                account=account,
                fingerprint=_fingerprint(account, command),
                command=command,
                steps=planned.steps,
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
            NotPossible: the first change was refused; nothing was changed.
            BillingUnavailable: it broke off; `may_have_happened` unless nothing was sent.
        """
        if not is_first_try:
            entry = self._as_of_now(entry, now)
        changed = False
        for step in entry.steps:
            try:
                if is_first_try or not self._system.is_there(step):
                    self._system.ask(step, entry, now)
            except StepRefused as refused:
                self._refused(entry, step, refused, changed=changed)
            except BillingUnavailable as error:
                if is_first_try and not changed and not error.may_have_happened:
                    self._journal.drop(entry.key)
                    raise
                raise BillingUnavailable(str(error), may_have_happened=True) from error
            changed = changed or self._system.is_a_change(step)
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
        if self._system.is_there(entry.steps[0]):
            return entry
        planned = self._system.plan(
            entry.account,
            entry.command,
            self._journal.of_account(entry.account),
            key=entry.key,
            marks=f"{entry.key}@{now.isoformat()}",
            now=now,
        )
        anew = replace(
            entry,
            steps=planned.steps,
            effective_at=planned.effective_at,
            revoked=planned.revoked,
        )
        return self._journal.plan_anew(anew, instead_of=entry)

    def _refused(
        self, entry: JournalEntry, step: Json, refused: StepRefused, *, changed: bool
    ) -> None:
        """The system says no: not possible as a whole; in the middle a person has to look."""
        if self._system.is_there(step):
            return
        name = self._system.name
        log.warning(
            "billing_refused", system=name, key=entry.key, path=step["path"], code=refused.code
        )
        if changed:
            raise BillingUnavailable(f"{name} refused a part: {refused}", may_have_happened=True)
        self._journal.drop(entry.key)
        if self._journal.find(entry.key):
            return  # it became possible, and another desk saw it through
        raise NotPossible(f"{name} refused it: {refused}") from refused


def told_after(read: Callable[[], _Read]) -> _Read:
    """Read what is true after a command: it is done, and the same key tells it later."""
    try:
        return read()
    except BillingUnavailable as error:
        raise BillingUnavailable(str(error), may_have_happened=True) from error


def _check_same(entry: JournalEntry, account: str, command: Command) -> None:
    if entry.fingerprint != _fingerprint(account, command):
        raise NotPossible(f"The key {entry.key!r} was used for another command. Use a new key.")


def _fingerprint(account: str, command: Command) -> str:
    """Return a hash of what is asked, leaving out when: a retry may name another time."""
    asked: dict[str, Any] = {k: v for k, v in asdict(command).items() if k != "requested_at"}
    text = json.dumps([account, type(command).__name__, asked], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
