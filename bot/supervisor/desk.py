"""The whole desk on one machine: its data made ready, its three parts started and watched."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from bot.bootstrap_publishing import publishing, turn_health
from bot.setting_rules import LOOPBACK, with_ports
from bot.settings import ROOT, Settings, as_environment
from bot.supervisor import running
from bot.supervisor.child import Part
from bot.supervisor.ports import pick_free, require_free
from bot.supervisor.publisher import ASSISTANT, Place, Publisher
from bot.supervisor.served import choose_served
from bot.supervisor.supervisor import Supervisor
from bot.use_cases.load_demo_staff import DEMO_PASSWORD, DEMO_STAFF

Say = Callable[[str], None]

# One message is too little to share out. NumPy's second thread would turn idly for some hundredths
# of a second after every one of them, which cost the gateway as much as all its other work.
FOR_SERVING = {"OPENBLAS_NUM_THREADS": "1"}


def run_desk(settings: Settings, *, prepare: Callable[[Settings], None], say: Say) -> None:
    """Run everything until told to stop; `prepare` brings the database up to date.

    Raises:
        SetupError: a port is busy, training failed, or a part does not start.
    """
    settings = choose_ports(settings)
    # What a desk that was killed has left says nothing of this one.
    running.forget(settings)
    prepare(settings)
    shared = publishing(settings)
    attends = shared.wishes.attend()
    served = choose_served(settings, shared.versions, say=say)
    shared.note.write(settings.assistant_url, served.model)
    say("Starting assistant, actions and gateway")
    supervisor = Supervisor(
        parts(settings, served.model, shared.note.path),
        environment=serving_environment(settings),
        log_folder=settings.log_folder,
        folder=ROOT,
        say=say,
    )

    def moved(pids: Mapping[str, int], assistant_health: str) -> None:
        running.write(
            settings, pids=pids, supervisor=os.getpid(), assistant_health=assistant_health
        )

    publisher = Publisher(
        supervisor,
        shared,
        place=_place(settings),
        turn_health=turn_health(settings),
        moved=moved,
        say=say,
    )

    def when_ready() -> None:
        served.note_as_live()
        moved(supervisor.pids, supervisor.health(ASSISTANT))
        for line in welcome(settings):
            say(line)

    try:
        supervisor.run(when_ready, publisher.tick if attends else lambda: None)
    finally:
        running.forget(settings)
        say("Everything has stopped.")


def choose_ports(settings: Settings) -> Settings:
    """Check that every port set is free, and pick free ones for those set to 0."""
    named = {
        "port": settings.port,
        "assistant_port": settings.assistant_port,
        "actions_port": settings.actions_port,
    }
    for name, port in named.items():
        if port:
            host = settings.host if name == "port" else LOOPBACK
            require_free(host, port, variable=f"DESK_{name.upper()}")
    free = pick_free(len(named))
    return with_ports(settings, **{name: port or free.pop() for name, port in named.items()})


def serving_environment(settings: Settings) -> dict[str, str]:
    """Return what the parts are started with; who set one of `FOR_SERVING` is not overruled."""
    return {**FOR_SERVING, **as_environment(settings)}


def parts(settings: Settings, model: Path, note: Path) -> list[Part]:
    """Return what to start; the assistant first, because it takes longest."""
    health = running.health_addresses(settings)
    python = sys.executable
    gateway = [python, "-m", "bot", "gateway", "--assistant-note", str(note)]
    return [
        assistant_part(model, settings.assistant_port),
        Part("actions", [python, "-m", "actions"], health["actions"]),
        Part("gateway", gateway, health["gateway"], speaks=True),
    ]


def assistant_part(model: Path, port: int) -> Part:
    # The warnings of the packages Rasa pins would fill the log and help nobody.
    command = [sys.executable, "-W", "ignore", "-m", "bot.channels.serve", "--model", str(model)]
    return Part(ASSISTANT, [*command, "--port", str(port)], f"{_loopback(port)}/health")


def _place(settings: Settings) -> Place:
    # A gateway waits no longer than this for an answer.
    return Place(assistant_part, drain_seconds=settings.turn_timeout_seconds)


def _loopback(port: int) -> str:
    return f"http://{LOOPBACK}:{port}"


def welcome(settings: Settings) -> list[str]:
    url = settings.public_url
    return [
        "",
        f"Save Desk is ready: {url}",
        f"  the shop with the chat   {url}/",
        "  chat in this terminal    .venv/bin/python -m bot chat --account A-1001",
        *_for_staff(settings),
        f"  logs                     {settings.log_folder}",
        "Ctrl-C stops everything.",
    ]


def _for_staff(settings: Settings) -> list[str]:
    """Say how staff get in; in development also as whom, which production would refuse."""
    if settings.in_production:
        return [
            f"  staff sign in            {settings.public_url}/sign-in",
            "  invite staff             .venv/bin/python -m bot people add --help",
        ]
    people = [
        f"{demo.email} ({', '.join(sorted(role.value for role in demo.roles))})"
        for demo in DEMO_STAFF
    ]
    return [
        f"  staff sign in            {settings.public_url}/sign-in",
        f'    as one of these, password "{DEMO_PASSWORD}":',
        *(f"    {person}" for person in people),
    ]
