"""The gateway with its real parts: what `python -m bot gateway` runs."""

from __future__ import annotations

from functools import partial

from bot import (
    bootstrap,
    bootstrap_check_ins,
    bootstrap_desk,
    bootstrap_publishing,
    bootstrap_review,
    bootstrap_staff,
    bootstrap_studio,
    bootstrap_tickets,
)
from bot.gateway.app import create_app
from bot.gateway.compose import make_parts
from bot.gateway.parts import Parts
from bot.gateway.server import serve
from bot.gateway.turns import Chore
from bot.gateway.wakeups import Wakeups
from bot.integrations.assistant_note import AssistantNote
from bot.logs import configure_logs
from bot.settings import Settings
from bot.use_cases.ports import Mail
from bot.use_cases.send_outbox import send_outbox
from bot.use_cases.switchboard import Switchboard
from bot.use_cases.waiting_cancellations import settle_cancellations
from bot.use_cases.warm_up_studio import warm_up_studio

# A customer waits for the code that a mail brings.
OUTBOX_SECONDS = 1.0
CANCELLATION_SECONDS = 10.0
MODEL_SECONDS = 10.0
TICKET_SECONDS = 2.0
FETCH_SECONDS = 5.0
# Trainers write, and git brings, new examples at any moment.
EXAMPLES_SECONDS = 30.0


def run_gateway(settings: Settings, *, note: AssistantNote | None = None) -> None:
    """Serve until told to stop; `note` names the assistant where one may take another's place.

    Raises:
        SetupError: the address is taken, or a setting cannot be used.
        FileInvalid: a retention policy or the domain file is not understood.
    """
    configure_logs(settings.log_level)
    parts = real_parts(settings, note)
    serve(create_app(parts), parts.wakeups, host=settings.host, port=settings.port)


def real_parts(settings: Settings, note: AssistantNote | None = None) -> Parts:
    wakeups, studio = Wakeups(), bootstrap_studio.studio(settings)
    switchboard = bootstrap.switchboard(settings, wake=wakeups.wake, note=note)
    return make_parts(
        settings,
        switchboard,
        wakeups=wakeups,
        sessions=bootstrap.session_tokens(settings),
        identities=bootstrap.identity_tokens(settings),
        used_identities=bootstrap.used_identities(settings),
        reception=bootstrap_staff.reception(settings),
        agent_desk=lambda board: bootstrap_desk.agent_desk(settings, board),
        studio=studio,
        publishing=bootstrap_publishing.publishing_desk(settings),
        review=bootstrap_review.review_room(settings),
        seal=bootstrap.receipt_seal(settings),
        checks=bootstrap.health_checks(settings, note),
        chores=(
            *_chores(switchboard, bootstrap.mail(settings)),
            *_ticket_chores(settings, switchboard),
            *_check_in_chores(settings),
            Chore("warm_up_studio", EXAMPLES_SECONDS, partial(warm_up_studio, desk=studio)),
        ),
        demo_customers=lambda: bootstrap.demo_customers(settings),
        take_stripe_event=bootstrap.take_stripe_event(settings),
        take_ticket_reply=bootstrap_tickets.take_reply(settings, switchboard),
        switch_check_ins_off=bootstrap_check_ins.switch_off(settings),
    )


def _chores(switchboard: Switchboard, mail: Mail) -> tuple[Chore, ...]:
    def send() -> int:
        return send_outbox(
            unit_of_work=switchboard.unit_of_work,
            clock=switchboard.clock,
            mail=mail,
            wording=switchboard.wording,
        )

    def settle() -> int:
        return settle_cancellations(
            unit_of_work=switchboard.unit_of_work,
            billing=switchboard.billing,
            clock=switchboard.clock,
        )

    def listen() -> bool:
        # Reads the model at the start, and each new one, before a customer would wait for it.
        return switchboard.understanding.wants_to_leave("hello")

    return (
        Chore("read_model", MODEL_SECONDS, listen),
        Chore("send_outbox", OUTBOX_SECONDS, send),
        Chore("settle_cancellations", CANCELLATION_SECONDS, settle),
    )


def _ticket_chores(settings: Settings, switchboard: Switchboard) -> tuple[Chore, ...]:
    out = Chore("deliver_tickets", TICKET_SECONDS, bootstrap_tickets.deliver(settings, switchboard))
    fetch = bootstrap_tickets.fetch(settings, switchboard)
    return (out, Chore("fetch_ticket_replies", FETCH_SECONDS, fetch)) if fetch else (out,)


def _check_in_chores(settings: Settings) -> tuple[Chore, ...]:
    if not settings.check_in_minutes:
        return ()
    raised = bootstrap_check_ins.raised_by_schedule(settings)
    return (Chore("raise_check_ins", settings.check_in_minutes * 60.0, raised),)
