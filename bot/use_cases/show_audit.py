"""Show an administrator what staff did and saw; that they looked is noted as well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.errors import PersonNotFound
from bot.people.audit import AuditEntry
from bot.people.person import StaffMember, email_of
from bot.retention.records import Link
from bot.use_cases.people_ports import StaffRow
from bot.use_cases.reception import Reception

AT_A_TIME = 50
_ELSEWHERE = ("person", "conversation")


@dataclass(frozen=True)
class Noted:
    """One entry in words; `who` is None for somebody who could not be told apart."""

    number: int
    at: datetime
    what: str
    who: str | None
    conversation: str | None
    details: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class AuditPage:
    """Entries, newest first; `older` is the number to ask for the ones before these by, if any."""

    noted: tuple[Noted, ...]
    older: int | None


def show_audit(
    staff: StaffMember, *, email: str = "", before: int | None = None, at: Reception
) -> AuditPage:
    """Return the newest entries, of all or of whoever signs in with `email`.

    Raises:
        InvalidInput: `email` is no address.
        PersonNotFound: nobody has this address.
    """
    everybody = at.views.everybody()
    person = _person(email, everybody) if email else None
    found = at.audit.newest(AT_A_TIME + 1, before=before, person=person)
    details = {"whom": person} if person else {}
    with at.unit_of_work() as uow:
        uow.audit.add(
            AuditEntry("audit_viewed", staff.person_id, details=details), now=at.clock.now()
        )
        uow.commit()
    names = {row.person.id: f"{row.person.name} ({row.person.email})" for row in everybody}
    shown = found[:AT_A_TIME]
    older = shown[-1].number if len(found) > AT_A_TIME else None
    return AuditPage(tuple(_noted(link, names) for link in shown), older)


def _person(email: str, everybody: tuple[StaffRow, ...]) -> str:
    wanted = email_of(email)
    for row in everybody:
        if row.person.email == wanted:
            return row.person.id
    raise PersonNotFound(wanted)


def _noted(link: Link, names: Mapping[str, str]) -> Noted:
    payload = dict(link.payload or {})
    who, conversation = payload.get("person"), payload.get("conversation")
    return Noted(
        link.number,
        link.at,
        _plain(link.kind).capitalize(),
        names.get(who, who) if who else None,
        conversation,
        tuple(
            (_plain(key), _told(value, names))
            for key, value in payload.items()
            if key not in _ELSEWHERE and value not in (None, "", [])
        ),
    )


def _told(value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(_told(one, names) for one in value)
    return names.get(value, value) if isinstance(value, str) else str(value)


def _plain(code: str) -> str:
    return code.replace("_", " ")
