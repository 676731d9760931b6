"""The part of the composition root that is about staff: signing in, and the audit."""

from __future__ import annotations

from datetime import timedelta

from bot.bootstrap_base import database, unit_of_work
from bot.integrations.clock import SystemClock
from bot.integrations.second_factor import TotpSecondFactor
from bot.integrations.staff_passwords import Argon2Passwords
from bot.integrations.staff_secrets import RandomStaffSecrets
from bot.people.session import SessionLimits
from bot.settings import Settings
from bot.storage.audit_repository import SqlAuditBook
from bot.storage.staff_views import SqlStaffViews
from bot.use_cases.load_demo_staff import DEMO_IDS
from bot.use_cases.reception import Reception


def reception(settings: Settings) -> Reception:
    """Return what staff sign in with."""
    return Reception(
        unit_of_work=unit_of_work(settings),
        views=SqlStaffViews(database(settings.database_url)),
        audit=audit_book(settings),
        clock=SystemClock(),
        secrets=RandomStaffSecrets(settings.staff_key),
        passwords=Argon2Passwords(),
        second_factor=TotpSecondFactor(settings.staff_key),
        needs_second_factor=settings.in_production or settings.staff_second_factor,
        company=settings.company,
        limits=SessionLimits(
            idle=timedelta(minutes=settings.staff_idle_minutes),
            absolute=timedelta(hours=settings.staff_session_hours),
        ),
        invitation_valid=timedelta(hours=settings.invitation_hours),
        # Their password is in the source; they may be left over from trying the desk out.
        closed_to=DEMO_IDS if settings.in_production else frozenset(),
    )


def audit_book(settings: Settings) -> SqlAuditBook:
    return SqlAuditBook(database(settings.database_url))
