"""Raise check-ins: find the occasions of a day, and have them told where that is welcome."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

import structlog

from bot.errors import AccountNotFound, BillingUnavailable
from bot.retention.account import AccountHistory
from bot.retention.check_ins import CheckIn, Contacts, due, is_quiet, why_not
from bot.retention.holdout import in_holdout
from bot.retention.terms import Terms
from bot.use_cases.check_in_ports import MAIL, SITE, OffLinks
from bot.use_cases.ports import Billing, UnitOfWork

log = structlog.get_logger()


@dataclass(frozen=True)
class CheckInDesk:
    """`zones` are clocks by jurisdiction; `by_mail` says that mails may be sent."""

    unit_of_work: Callable[[], UnitOfWork]
    billing: Billing
    terms: Terms
    links: OffLinks
    zones: Mapping[str, tzinfo]
    site: str
    by_mail: bool = False


@dataclass(frozen=True)
class Raised:
    """One occasion and what comes of it: `way` is `mail` or `site`, None with `why_not`."""

    check_in: CheckIn
    way: str | None
    why_not: str | None = None


def raise_check_ins(*, desk: CheckInDesk, now: datetime, dry_run: bool = False) -> list[Raised]:
    """Look at every account as of `now`; with `dry_run` nothing is stored or sent.

    One occasion an account at a time. It is told when the customer next opens the site; by mail,
    where mails are on, at once, or at the next round after the quiet hours.
    """
    with desk.unit_of_work() as uow:
        accounts = uow.check_ins.accounts()
    found = [one for account in accounts for one in _of(account, desk, now, dry_run)]
    raised = sum(one.way is not None for one in found)
    log.info("check_ins_raised", accounts=len(accounts), raised=raised, dry_run=dry_run)
    return found


def _of(account: str, desk: CheckInDesk, now: datetime, dry_run: bool) -> Iterator[Raised]:
    try:
        history = desk.billing.history(account, now=now)
    except (AccountNotFound, BillingUnavailable) as error:
        log.warning("check_ins_skipped", account=account, error=error.code)
        return
    terms = desk.terms
    held_out = in_holdout(account, salt=terms.holdout_salt, percent=terms.holdout_percent)
    occasions = due(history, now.date(), in_holdout=held_out)
    if not occasions:
        return
    with desk.unit_of_work() as uow:
        contacts = uow.check_ins.contacts(account)
        for check_in in occasions:
            raised = _raise(check_in, contacts, history, desk, uow, now)
            if raised.way:
                contacts = _after(raised, contacts, now)
            yield raised
        if not dry_run:
            uow.commit()


def _raise(
    check_in: CheckIn,
    contacts: Contacts,
    history: AccountHistory,
    desk: CheckInDesk,
    uow: UnitOfWork,
    now: datetime,
) -> Raised:
    why = why_not(check_in, contacts, now)
    if why is not None:
        return Raised(check_in, None, why)
    uow.check_ins.raise_(check_in, now=now)
    customer = history.customer
    zone = _zone(customer.jurisdiction, desk.zones)
    if not (desk.by_mail and customer.email) or is_quiet(now, zone):
        return Raised(check_in, SITE)
    if uow.check_ins.told(check_in, MAIL, now=now):
        figures = {
            **check_in.figures,
            "name": customer.name,
            "company": desk.terms.company,
            "site": desk.site,
            "off": desk.links.link(check_in.account),
        }
        uow.check_ins.mail(check_in.kind.value, customer.email, figures, now=now)
    return Raised(check_in, MAIL)


def _after(raised: Raised, contacts: Contacts, now: datetime) -> Contacts:
    key = raised.check_in.key
    if raised.way == MAIL:
        return replace(contacts, told={**contacts.told, key: now})
    return replace(contacts, raised={**contacts.raised, key: now})


def _zone(jurisdiction: str | None, zones: Mapping[str, tzinfo]) -> tzinfo | None:
    """A whole country has a clock here only if it has one; of the states some have."""
    return zones.get(jurisdiction or "")
