"""The part of the composition root that is about the agents' desk."""

from __future__ import annotations

from datetime import timedelta

from bot import bootstrap
from bot.bootstrap_base import agents_patience, database, unit_of_work
from bot.conversations.case import Targets
from bot.integrations.canned_files import load_canned_replies
from bot.settings import Settings
from bot.storage.agent_views import SqlAgentViews
from bot.use_cases.agent_desk import AgentDesk
from bot.use_cases.switchboard import Switchboard


def agent_desk(settings: Settings, switchboard: Switchboard) -> AgentDesk:
    """Return the agents' desk beside the switchboard that serves the customers.

    Raises:
        FileInvalid: a policy, or a canned reply, is not fully understood.
    """
    return AgentDesk(
        switchboard=switchboard,
        unit_of_work=unit_of_work(settings),
        views=SqlAgentViews(database(settings.database_url)),
        rules=bootstrap.desk(settings),
        canned=load_canned_replies(settings.canned_replies),
        patience=agents_patience(settings),
        targets=Targets(
            first_reply=timedelta(seconds=settings.first_reply_seconds),
            reply=timedelta(seconds=settings.reply_seconds),
        ),
        assignment=settings.desk_assignment,
    )
