"""Puts a gateway together around a wired switchboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.conversations.turn import Lane
from bot.gateway.access import Sessions
from bot.gateway.desk.board import SharedBoard
from bot.gateway.headers import Origins
from bot.gateway.metrics import Metrics
from bot.gateway.parts import Check, Identities, OpenSockets, Parts, RateLimits, Seal, no_link
from bot.gateway.rate_limits import Callers, Networks
from bot.gateway.turns import Chore, TurnEngine
from bot.gateway.wakeups import Wakeups
from bot.settings import Settings
from bot.use_cases.agent_desk import AgentDesk
from bot.use_cases.assign_cases import assign_cases
from bot.use_cases.expire_silent import expire_silent
from bot.use_cases.pending_turns import pending_turns
from bot.use_cases.publishing_desk import PublishingDesk
from bot.use_cases.reception import Reception
from bot.use_cases.return_cases import return_cases
from bot.use_cases.review_room import ReviewRoom
from bot.use_cases.run_turn import run_turn
from bot.use_cases.show_demo_customers import DemoCustomer
from bot.use_cases.show_desk import read_desk
from bot.use_cases.studio_desk import StudioDesk
from bot.use_cases.switchboard import Switchboard
from bot.use_cases.take_identity import UsedIdentities

SILENCE_SECONDS = 15.0
ASSIGN_SECONDS = 1.0
RETURN_SECONDS = 5.0


def make_parts(
    settings: Settings,
    switchboard: Switchboard,
    *,
    wakeups: Wakeups,
    sessions: Sessions,
    identities: Identities,
    used_identities: UsedIdentities,
    reception: Reception,
    agent_desk: Callable[[Switchboard], AgentDesk],
    studio: StudioDesk,
    publishing: PublishingDesk,
    review: ReviewRoom,
    seal: Seal,
    checks: Mapping[str, Check],
    chores: tuple[Chore, ...] = (),
    demo_customers: Callable[[], tuple[DemoCustomer, ...]] = tuple,
    take_stripe_event: Callable[[bytes, str], bool] | None = None,
    take_ticket_reply: Callable[[bytes, str], bool] | None = None,
    switch_check_ins_off: Callable[[str], None] = no_link,
) -> Parts:
    """Return everything the application needs.

    Args:
        switchboard: its `wake` must be `wakeups.wake`.
        agent_desk: makes the desk of the agents beside that switchboard.
        chores: what else has to be done again and again, such as sending the outbox.

    Raises:
        SetupError: a setting names networks that are none.
    """
    metrics = Metrics()
    switchboard = replace(switchboard, count_breach=metrics.count_breach)

    def run(conversation: str, lane: Lane) -> bool:
        return run_turn(conversation, lane, switchboard=switchboard)

    def due() -> list[tuple[str, Lane]]:
        return [(turn.conversation, turn.lane) for turn in pending_turns(switchboard=switchboard)]

    silence = Chore(
        "expire_silent", SILENCE_SECONDS, lambda: expire_silent(switchboard=switchboard)
    )
    agents = agent_desk(switchboard)
    board = SharedBoard(
        lambda before, changed: read_desk(desk=agents, before=before, changed=changed)
    )
    wakeups.on_ring = board.changed
    return Parts(
        settings=settings,
        switchboard=switchboard,
        sessions=sessions,
        identities=identities,
        used_identities=used_identities,
        reception=reception,
        agent_desk=agents,
        board=board,
        studio=studio,
        publishing=publishing,
        review=review,
        seal=seal,
        wakeups=wakeups,
        turns=TurnEngine(
            run_turn=run,
            due=due,
            chores=(silence, *_desk_chores(agents), *chores),
            workers=settings.turn_workers,
            metrics=metrics,
        ),
        origins=Origins(settings.origins, any_own_host=not settings.in_production),
        callers=Callers(
            proxies=Networks.parse(settings.trusted_proxies),
            monitors=Networks.parse(settings.monitor_networks),
        ),
        limits=RateLimits.of(settings),
        sockets=OpenSockets(settings.sockets_per_address),
        metrics=metrics,
        checks=checks,
        demo_customers=demo_customers,
        take_stripe_event=take_stripe_event,
        take_ticket_reply=take_ticket_reply,
        switch_check_ins_off=switch_check_ins_off,
    )


def _desk_chores(desk: AgentDesk) -> tuple[Chore, ...]:
    return (
        Chore("assign_cases", ASSIGN_SECONDS, lambda: assign_cases(desk=desk)),
        Chore("return_cases", RETURN_SECONDS, lambda: return_cases(desk=desk)),
    )
