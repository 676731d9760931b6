"""The part of the composition root that is about check-ins."""

from __future__ import annotations

from collections.abc import Callable

from bot import bootstrap
from bot.bootstrap_base import unit_of_work
from bot.integrations.clock import SystemClock
from bot.integrations.off_links import ZONES, SignedOffLinks
from bot.integrations.policy_files import load_terms
from bot.settings import Settings
from bot.use_cases.raise_check_ins import CheckInDesk, raise_check_ins
from bot.use_cases.switch_check_ins import switch_check_ins_off


def check_in_desk(settings: Settings) -> CheckInDesk:
    """Raises FileInvalid: the company file is not fully understood."""
    return CheckInDesk(
        unit_of_work=unit_of_work(settings),
        billing=bootstrap.billing(settings),
        terms=load_terms(settings.policy_folder / "company.yml"),
        links=off_links(settings),
        zones=ZONES,
        site=settings.public_url,
        by_mail=settings.check_in_mail and bool(settings.smtp_host),
    )


def off_links(settings: Settings) -> SignedOffLinks:
    return SignedOffLinks(settings.token_key, settings.public_url)


def raised_by_schedule(settings: Settings) -> Callable[[], int]:
    """Return what raises the check-ins that are due now."""
    desk, clock = check_in_desk(settings), SystemClock()
    return lambda: len(raise_check_ins(desk=desk, now=clock.now()))


def switch_off(settings: Settings) -> Callable[[str], None]:
    """Return what takes the token of a link."""
    links, uow, clock = off_links(settings), unit_of_work(settings), SystemClock()
    return lambda token: switch_check_ins_off(token, links=links, unit_of_work=uow, clock=clock)
