"""The whole desk on one machine: its data made ready, its three parts started and watched."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from bot.setting_rules import LOOPBACK, with_ports
from bot.settings import ROOT, Settings, as_environment
from bot.supervisor import running
from bot.supervisor.child import Part
from bot.supervisor.ports import pick_free, require_free
from bot.supervisor.supervisor import Supervisor
from bot.supervisor.training import ensure_model
from bot.use_cases.load_demo_staff import DEMO_PASSWORD, DEMO_STAFF

Say = Callable[[str], None]


def run_desk(settings: Settings, *, prepare: Callable[[Settings], None], say: Say) -> None:
    """Run everything until told to stop; `prepare` brings the database up to date.

    Raises:
        SetupError: a port is busy, training failed, or a part does not start.
    """
    settings = choose_ports(settings)
    prepare(settings)
    model = ensure_model(settings, say=say)
    say("Starting assistant, actions and gateway")
    supervisor = Supervisor(
        parts(settings, model),
        environment=as_environment(settings),
        log_folder=settings.log_folder,
        folder=ROOT,
        say=say,
    )

    def when_ready() -> None:
        running.write(settings, pids=supervisor.pids, supervisor=os.getpid())
        for line in welcome(settings):
            say(line)

    try:
        supervisor.run(when_ready)
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


def parts(settings: Settings, model: Path) -> list[Part]:
    """Return what to start; the assistant first, because it takes longest."""
    health = running.health_addresses(settings)
    python = sys.executable
    # The warnings of the packages Rasa pins would fill the log and help nobody.
    assistant = [python, "-W", "ignore", "-m", "bot.channels.serve", "--model", str(model)]
    actions = [python, "-m", "actions"]
    gateway = [python, "-m", "bot", "gateway"]
    return [
        Part("assistant", assistant, health["assistant"]),
        Part("actions", actions, health["actions"]),
        Part("gateway", gateway, health["gateway"], speaks=True),
    ]


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
