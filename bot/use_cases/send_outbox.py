"""Send the mails that wait."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import structlog

from bot.errors import Unavailable
from bot.use_cases.ports import Clock, DeskUnitOfWork, Mail, OutgoingMail, Wording

log = structlog.get_logger()

# Longer than a mail server may take, so that no second worker sends the same mail meanwhile.
_CLAIM = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(minutes=5)


def send_outbox(
    *, unit_of_work: Callable[[], DeskUnitOfWork], clock: Clock, mail: Mail, wording: Wording
) -> int:
    """Send every due mail and return how many went out; what the server refuses waits longer."""
    sent = 0
    while (waiting := _claim(unit_of_work, clock)) is not None:
        subject, text = wording.mail(waiting.kind, waiting.figures)
        try:
            mail.send(to=waiting.to, subject=subject, text=text, headers=_headers(waiting))
        except Unavailable as error:
            log.warning("mail_put_off", mail=waiting.id, tries=waiting.tries, error=error.code)
            _put_off(waiting, unit_of_work, clock)
            continue
        with unit_of_work() as uow:
            uow.outbox.sent(waiting, now=clock.now())
            uow.commit()
        sent += 1
    if sent:
        log.info("outbox_sent", mails=sent)
    return sent


def _claim(unit_of_work: Callable[[], DeskUnitOfWork], clock: Clock) -> OutgoingMail | None:
    now = clock.now()
    with unit_of_work() as uow:
        waiting = uow.outbox.claim(now=now, until=now + _CLAIM)
        uow.commit()
    return waiting


def _put_off(
    waiting: OutgoingMail, unit_of_work: Callable[[], DeskUnitOfWork], clock: Clock
) -> None:
    wait = min(timedelta(seconds=2**waiting.tries), _LONGEST_WAIT)
    with unit_of_work() as uow:
        uow.outbox.put_off(waiting, until=clock.now() + wait)
        uow.commit()


def _headers(waiting: OutgoingMail) -> dict[str, str]:
    """A mail nobody asked for can be switched off in one click by the mail program (RFC 8058)."""
    off = waiting.figures.get("off")
    if off is None:
        return {}
    return {"List-Unsubscribe": f"<{off}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
