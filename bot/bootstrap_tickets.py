"""The part of the composition root that is about tickets outside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bot.errors import SetupError
from bot.integrations import django_helpdesk, ticket_mail, ticket_webhook
from bot.integrations.clock import SystemClock
from bot.integrations.django_helpdesk import DjangoHelpdesk
from bot.integrations.mail import SmtpMail
from bot.integrations.ticket_mail import TicketMail
from bot.integrations.ticket_webhook import TicketWebhook, read_reply
from bot.settings import Settings
from bot.use_cases.deliver_tickets import deliver_tickets
from bot.use_cases.switchboard import Switchboard
from bot.use_cases.take_ticket_reply import fetch_ticket_replies, take_ticket_reply
from bot.use_cases.ticket_ports import TicketPlace


def ticket_places(settings: Settings) -> tuple[str, ...]:
    """Return the names of the places outside that are set, in the order tickets go there."""
    asked = {
        ticket_mail.PLACE: settings.ticket_mail_to,
        ticket_webhook.PLACE: settings.ticket_webhook_url,
        django_helpdesk.PLACE: settings.helpdesk_url,
    }
    return tuple(place for place, is_set in asked.items() if is_set)


def places(settings: Settings) -> dict[str, TicketPlace]:
    """Return the places themselves, by name.

    Raises:
        SetupError: a place is set half.
    """
    made: dict[str, TicketPlace] = {}
    if settings.ticket_mail_to:
        made[ticket_mail.PLACE] = TicketMail(smtp(settings), settings.ticket_mail_to)
    if settings.ticket_webhook_url:
        made[ticket_webhook.PLACE] = TicketWebhook(
            settings.ticket_webhook_url,
            settings.ticket_webhook_secret,
            SystemClock(),
            outside_only=settings.in_production,
        )
    if settings.helpdesk_url:
        made[django_helpdesk.PLACE] = helpdesk(settings)
    return made


def smtp(settings: Settings) -> SmtpMail:
    """Raises SetupError: no mail server is set."""
    if not settings.smtp_host:
        raise SetupError("Tickets by mail need a mail server. Set DESK_SMTP_HOST.")
    return SmtpMail(
        host=settings.smtp_host,
        port=settings.smtp_port,
        sender=settings.smtp_from,
        user=settings.smtp_user,
        password=settings.smtp_password,
        starttls=settings.smtp_starttls,
    )


def helpdesk(settings: Settings) -> DjangoHelpdesk:
    """Raises SetupError: it is set half, or a name has no number."""
    if not (settings.helpdesk_user and settings.helpdesk_password):
        raise SetupError(
            "The helpdesk needs a user. Set DESK_HELPDESK_USER and DESK_HELPDESK_PASSWORD."
        )
    return DjangoHelpdesk(
        settings.helpdesk_url,
        user=settings.helpdesk_user,
        password=settings.helpdesk_password,
        queue=settings.helpdesk_queue,
        names=_names(settings.helpdesk_names),
    )


def deliver(settings: Settings, switchboard: Switchboard) -> Callable[[], int]:
    """Return what brings out every ticket that is due."""
    where = places(settings)
    return lambda: deliver_tickets(
        unit_of_work=switchboard.unit_of_work, clock=switchboard.clock, places=where
    )


def fetch(settings: Settings, switchboard: Switchboard) -> Callable[[], int] | None:
    """Return what looks for answers in the helpdesk; None where there is none."""
    if not settings.helpdesk_url:
        return None
    asked, every = helpdesk(settings), timedelta(seconds=settings.helpdesk_poll_seconds)
    return lambda: fetch_ticket_replies(
        asked, outside=django_helpdesk.PLACE, every=every, switchboard=switchboard
    )


def take_reply(settings: Settings, switchboard: Switchboard) -> Callable[[bytes, str], bool] | None:
    """Return what takes a reply's body and signature; None where no webhook is set."""
    if not settings.ticket_webhook_url:
        return None

    def take(body: bytes, signature: str) -> bool:
        reply = read_reply(body, signature, settings.ticket_webhook_secret, switchboard.clock)
        return take_ticket_reply(reply, outside=ticket_webhook.PLACE, switchboard=switchboard)

    return take


def _names(listed: str) -> dict[int, str]:
    names = {}
    for entry in filter(None, (part.strip() for part in listed.split(","))):
        number, _, name = entry.partition("=")
        if not (number.strip().isdecimal() and name.strip()):
            raise SetupError(f"DESK_HELPDESK_NAMES has {entry!r}. Write it as 3=Kim, 4=Ada.")
        names[int(number)] = name.strip()
    return names
