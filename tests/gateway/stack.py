"""A gateway on a database of its own, with scripted parts behind it."""

from __future__ import annotations

import atexit
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from starlette.testclient import TestClient
from starlette.types import ASGIApp

from bot.bootstrap_publishing import publishing_desk
from bot.conversations.canned import CannedReply
from bot.gateway.app import create_app
from bot.gateway.compose import make_parts
from bot.gateway.parts import Check, Parts
from bot.gateway.server import GatewayServer, listen
from bot.gateway.wakeups import Wakeups
from bot.integrations.assistant_client import HttpAssistant
from bot.integrations.assistant_files import AssistantFiles
from bot.integrations.dialogue_files import DialogueFolders
from bot.integrations.dialogue_journal import DialogueLog
from bot.integrations.ids import RandomIds
from bot.integrations.receipt_seal import ReceiptSeal
from bot.integrations.studio_git import GitCheckout
from bot.integrations.studio_journal import StudioJournal
from bot.integrations.tokens import IdentityTokens, SessionTokens
from bot.integrations.training_folder import TrainingFolder
from bot.settings import ROOT, Settings, from_environment
from bot.storage.agent_views import SqlAgentViews
from bot.storage.engine import make_engine
from bot.storage.migrate import upgrade
from bot.storage.read_models import SqlViews
from bot.storage.review_views import SqlReviewViews
from bot.storage.studio_views import SqlStudioViews
from bot.storage.unit_of_work import SqlUnitOfWork
from bot.storage.used_identities import SqlUsedIdentities
from bot.use_cases.agent_desk import AgentDesk
from bot.use_cases.publishing_desk import PublishingDesk
from bot.use_cases.review_room import ReviewRoom
from bot.use_cases.show_demo_customers import DemoCustomer
from bot.use_cases.studio_desk import StudioDesk
from bot.use_cases.switchboard import Limits, Switchboard
from tests.agent_desks import the_rules
from tests.fakes import FakeGuard
from tests.gateway.fake_assistant import FakeAssistant
from tests.gateway.fakes import FakeBilling, FakeClock, FakeMover, FakeUnderstanding, wording
from tests.gateway.scripted_stage import ScriptedStage, a_small_engine
from tests.receptions import a_reception

IDENTITY_KEY = "the website's key, long enough to sign"
TOKEN_KEY = "the gateway's key, long enough to sign"
ORIGIN = "http://shop.example"
CUSTOMERS = (
    DemoCustomer("A-1001", "Maya", "Family plan, 14 months, Colorado"),
    DemoCustomer("A-1002", "Jonas", "Duo plan, 5 months, Texas"),
)


@lru_cache(maxsize=1)
def _migrated() -> Path:
    """Return an empty database with all tables, which each test copies."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    upgrade(f"sqlite:///{folder / 'desk.db'}")
    return folder / "desk.db"


@dataclass
class Stack:
    """Everything a test may look at or change; `restart` gives the same desk a new process."""

    folder: Path
    assistant: FakeAssistant
    environment: dict[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=lambda: Limits(messages_per_minute=300))
    checks: dict[str, Check] = field(default_factory=dict)
    clock: FakeClock = field(default_factory=FakeClock)
    canned: tuple[CannedReply, ...] = ()
    stage: ScriptedStage = field(default_factory=ScriptedStage)

    def __post_init__(self) -> None:
        if not (self.folder / "desk.db").exists():
            shutil.copy(_migrated(), self.folder / "desk.db")
        self.engine = make_engine(f"sqlite:///{self.folder / 'desk.db'}")
        self.settings = self._settings()
        self.ids = RandomIds()
        self.guard = FakeGuard()
        self.mover = FakeMover(self.unit_of_work)
        self.identities = IdentityTokens(
            IDENTITY_KEY, self.settings.identity_audience, self.settings.identity_issuer
        )
        self.reception = a_reception(self.engine, self.clock, self.settings)
        self.sessions = SessionTokens(TOKEN_KEY, timedelta(hours=self.settings.token_hours))
        self.build()

    def build(self) -> None:
        """Put together a gateway that knows nothing but the database."""
        wakeups = Wakeups()
        self.switchboard = Switchboard(
            unit_of_work=self.unit_of_work,
            views=SqlViews(self.engine),
            clock=self.clock,
            ids=self.ids,
            billing=FakeBilling(),
            move=self.mover,
            assistant=HttpAssistant(self.assistant.url, secret="s", timeout_seconds=5),
            wording=wording(),
            understanding=FakeUnderstanding(),
            guard=self.guard,
            limits=self.limits,
            wake=wakeups.wake,
        )
        self.parts: Parts = make_parts(
            self.settings,
            self.switchboard,
            wakeups=wakeups,
            sessions=self.sessions,
            identities=self.identities,
            used_identities=SqlUsedIdentities(self.engine),
            reception=self.reception,
            agent_desk=lambda switchboard: AgentDesk(
                switchboard,
                self.unit_of_work,
                SqlAgentViews(self.engine),
                the_rules(self.unit_of_work, FakeBilling(), self.clock, self.engine),
                canned=self.canned,
            ),
            studio=self.studio(),
            publishing=self.publishing(),
            review=self.review(),
            seal=ReceiptSeal("a receipt key of the tests"),
            checks=self.checks,
            demo_customers=lambda: CUSTOMERS,
        )
        self.app: ASGIApp = create_app(self.parts)

    def unit_of_work(self) -> SqlUnitOfWork:
        return SqlUnitOfWork(self.engine, self.ids)

    def publishing(self) -> PublishingDesk:
        return replace(publishing_desk(self.settings), unit_of_work=self.unit_of_work)

    def studio(self) -> StudioDesk:
        """The studio of training files that belong to this stack alone."""
        data = TrainingFolder(self.folder / "nlu")
        return StudioDesk(
            unit_of_work=self.unit_of_work,
            views=SqlStudioViews(self.engine),
            data=data,
            journal=StudioJournal(self.folder / "studio" / "journal.jsonl"),
            git=GitCheckout(data),
            clock=self.clock,
            held_out=dict,
        )

    def review(self) -> ReviewRoom:
        """The room for trying and reviewing, over a project that belongs to this stack alone."""
        project = self.folder / "project"
        if not project.exists():
            for part in ("data/nlu", "data/rules", "data/stories", "tests/dialogues"):
                shutil.copytree(ROOT / part, project / part)
            shutil.copy(ROOT / "domain.yml", project)
        return ReviewRoom(
            stage=self.stage,
            views=SqlReviewViews(self.engine),
            unit_of_work=self.unit_of_work,
            data=TrainingFolder(project / "data" / "nlu"),
            files=DialogueFolders(project),
            journal=DialogueLog(self.folder / "studio" / "dialogues.jsonl"),
            parts=AssistantFiles(project),
            clock=self.clock,
            engine=a_small_engine,
            accounts=(("A-1001", "Maya"), ("A-1002", "Jonas")),
        )

    def identity(self, account: str = "A-1001", **changed: Any) -> str:
        return self.identities.sign(
            account, jti=changed.pop("jti", uuid4().hex), now=datetime.now(timezone.utc), **changed
        )

    def dispose(self) -> None:
        self.engine.dispose()

    def _settings(self) -> Settings:
        given = {
            "DESK_STATE_FOLDER": str(self.folder),
            "DESK_ALLOWED_ORIGINS": ORIGIN,
            "DESK_IDENTITY_KEY": IDENTITY_KEY,
            "DESK_TOKEN_KEY": TOKEN_KEY,
        }
        return from_environment(given | self.environment)

    def set(self, **changed: Any) -> None:
        """Change settings and build the gateway anew."""
        self.settings = replace(self.settings, **changed)
        self.build()


@dataclass
class Customer:
    """A customer's browser, without the browser."""

    web: Any
    account: str | None
    conversation: str
    token: str
    opened: dict[str, Any]

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}

    @property
    def path(self) -> str:
        return f"/api/conversations/{self.conversation}"

    def say(self, text: str, **more: Any) -> Any:
        return self.post({"text": text, **more})

    def press(self, button_id: str, **more: Any) -> Any:
        return self.post({"button_id": button_id, **more})

    def post(self, body: dict[str, Any]) -> Any:
        body = {"client_message_id": str(uuid4()), **body}
        return self.web.post(f"{self.path}/messages", json=body, headers=self.headers)

    def updates(self, after: int = 0, **query: Any) -> Any:
        query = {"after": after, **query}
        return self.web.get(f"{self.path}/updates", params=query, headers=self.headers)

    def until_idle(self, *, seconds: float = 30.0) -> dict[str, Any]:
        """Return everything said so far, once nobody works on an answer."""
        give_up_at = time.monotonic() + seconds
        while time.monotonic() < give_up_at:
            found: dict[str, Any] = self.updates().json()
            if found["idle"]:
                return found
            time.sleep(0.02)
        raise AssertionError(f"not idle within {seconds} seconds")

    def texts(self) -> list[str]:
        return [message["text"] for message in self.until_idle()["messages"]]


def a_customer(web: Any, stack: Stack, account: str | None = "A-1001", **more: Any) -> Customer:
    """Open a conversation as `account`, or as an unknown visitor."""
    body = more if account is None else {"identity": stack.identity(account), **more}
    answer = web.post("/api/conversations", json=body)
    assert answer.status_code in {200, 201}, answer.text
    opened = answer.json()
    return Customer(web, account, opened["conversation"], opened["token"], opened)


@contextmanager
def in_process(stack: Stack) -> Iterator[TestClient]:
    """Run the gateway inside the test; faults of ours come back as answers, not as exceptions."""
    with TestClient(
        stack.app, base_url="http://127.0.0.1:8080", raise_server_exceptions=False
    ) as web:
        yield web


@contextmanager
def served(stack: Stack, *, port: int = 0) -> Iterator[str]:
    """Run the gateway behind the real server in a thread; yields its address."""
    listening = listen("127.0.0.1", port)
    server = GatewayServer(stack.app, stack.parts.wakeups)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        give_up_at = time.monotonic() + 30
        while not server.started:
            assert time.monotonic() < give_up_at, "the server did not start"
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()
        assert not thread.is_alive(), "the server did not stop"


def code_of(answer: Any) -> str:
    """Return the error's code; every refusal has one and the same shape."""
    body = answer.json()
    assert set(body) == {"error"}, body
    assert set(body["error"]) == {"code", "message"}
    return str(body["error"]["code"])
