"""An agent desk on a real database, beside the line its customers are on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.conversations.agent import AgentOnDuty, Assignment, Patience, Status
from bot.conversations.holder import Hold
from bot.conversations.note import Note
from bot.conversations.turn import Lane
from bot.integrations.policy_files import load_policies, load_profiles, load_terms
from bot.settings import ROOT
from bot.storage.agent_views import SqlAgentViews
from bot.storage.audit_repository import SqlAuditBook
from bot.storage.outcomes import SqlOutcomes
from bot.use_cases.agent_desk import AgentDesk
from bot.use_cases.beat import beat
from bot.use_cases.claim_case import claim_case
from bot.use_cases.make_move import Desk
from bot.use_cases.post_agent_message import Sent, post_agent_message
from tests.switchboards import Line

KIM = AgentOnDuty("p-kim", "Kim")
ADA = AgentOnDuty("p-ada", "Ada")


def the_rules(unit_of_work: Any, billing: Any, clock: Any, engine: Any) -> Desk:
    """Return the company's own rules, on whatever billing system a test has."""
    folder = ROOT / "data" / "retention"
    return Desk(
        unit_of_work=unit_of_work,
        billing=billing,
        clock=clock,
        policies=load_policies(folder / "policies"),
        profiles=load_profiles(folder / "profiles"),
        terms=load_terms(folder / "company.yml"),
        outcomes=SqlOutcomes(engine),
        id_key=b"a key for tests",
    )


@dataclass
class AgentLine(Line):
    """`desk` serves the agents of the same conversations."""

    assignment: Assignment = Assignment.MANUAL
    patience: Patience = field(default_factory=Patience)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.desk = AgentDesk(
            switchboard=self.switchboard,
            unit_of_work=self.unit_of_work,
            views=SqlAgentViews(self.engine),
            rules=the_rules(self.unit_of_work, self.billing, self.clock, self.engine),
            patience=self.patience,
            assignment=self.assignment,
        )

    def waiting(self, account: str | None = None) -> str:
        """Return a conversation that waits for a person."""
        here = self.open(account, resume=False).conversation
        self.post(here, button="person")
        assert self.run(here, Lane.CONTROL)
        return here

    def held_by(self, agent: AgentOnDuty, account: str | None = None) -> str:
        here = self.waiting(account)
        assert claim_case(here, agent=agent, desk=self.desk)
        return here

    def here(self, *agents: AgentOnDuty, status: Status = Status.HERE) -> None:
        for agent in agents:
            beat(agent=agent, status=status, desk=self.desk)

    def write(self, here: str, text: str, *, by: AgentOnDuty = KIM, sent_as: str = "") -> Sent:
        return post_agent_message(
            here,
            agent=by,
            client_message_id=sent_as or next(self._client_ids),
            text=text,
            desk=self.desk,
        )

    def notes(self, here: str) -> tuple[Note, ...]:
        return self.desk.views.news(here, after=0, after_note=0)[1]

    def hold(self, here: str) -> Hold:
        with self.unit_of_work() as uow:
            return uow.conversations.get(here).hold

    def acts(self) -> list[str]:
        """Return what agents did, as it was recorded, in order."""
        return [link.kind for link in SqlAuditBook(self.engine).links()]


@pytest.fixture
def desk_line(engine: Any) -> AgentLine:
    return AgentLine(engine)


@pytest.fixture
def a_desk_line(engine: Any) -> Callable[..., AgentLine]:
    return lambda **options: AgentLine(engine, **options)
