"""One customer's line to the desk: everything real but the network between the parts."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot import bootstrap
from bot.conversations.holder import Holder
from bot.conversations.message import Message, Sender
from bot.conversations.turn import Lane
from bot.conversations.understood import Understood
from bot.integrations.ids import RandomIds
from bot.integrations.policy_files import load_policies, load_profiles, load_terms
from bot.retention.dialogue import Dialogue, Heard, read_dialogue
from bot.retention.exit_rules import Exchange
from bot.retention.say import Say
from bot.settings import ROOT
from bot.storage.desk_tables import outbox
from bot.storage.embedded_billing import EmbeddedBilling
from bot.storage.outcomes import SqlOutcomes
from bot.storage.read_models import SqlViews
from bot.storage.unit_of_work import SqlUnitOfWork
from bot.use_cases.close_conversation import close_conversation
from bot.use_cases.events import CLOSED, SILENT
from bot.use_cases.expire_silent import expire_silent
from bot.use_cases.make_move import Desk
from bot.use_cases.open_conversation import open_conversation
from bot.use_cases.ports import Understanding
from bot.use_cases.post_message import post_message
from bot.use_cases.recorded_reply import read_reply
from bot.use_cases.run_turn import run_turn
from bot.use_cases.show_account import account_view
from bot.use_cases.staffing import People
from bot.use_cases.switchboard import Switchboard
from tests.dialogues.assistant import ListenedTo
from tests.fakes import FakeClock


@dataclass(frozen=True)
class Answer:
    """What came back to one thing the customer did."""

    heard: Heard
    says: tuple[Say, ...]
    messages: tuple[Message, ...]
    understood: Understood | None


@dataclass
class Line:
    """A desk on its own database, and one conversation with it."""

    engine: Any
    assistant: ListenedTo
    understanding: Understanding
    now: datetime
    account: str | None = None
    exchanges: list[Exchange] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = FakeClock(self.now)
        folder = ROOT / "data" / "retention"
        self.desk = Desk(
            unit_of_work=self._unit_of_work,
            billing=EmbeddedBilling(self.engine),
            clock=self.clock,
            policies=load_policies(folder / "policies"),
            profiles=load_profiles(folder / "profiles"),
            terms=load_terms(folder / "company.yml"),
            outcomes=SqlOutcomes(self.engine),
            id_key=b"a key for tests",
        )
        self.switchboard = Switchboard(
            unit_of_work=self._unit_of_work,
            views=SqlViews(self.engine),
            clock=self.clock,
            ids=RandomIds(),
            billing=self.desk.billing,
            move=bootstrap.mover(self.desk),
            assistant=self.assistant,
            wording=bootstrap.wording(),
            understanding=self.understanding,
            guard=bootstrap.exit_rules(self.desk, SqlViews(self.engine)),
        )
        self._client_ids = (f"m-{number}" for number in itertools.count(1))

    def staff(self, people: People) -> None:
        """Say when people are there, from now on."""
        self.desk = replace(self.desk, people=people)
        guard = bootstrap.exit_rules(self.desk, SqlViews(self.engine))
        self.switchboard = replace(self.switchboard, move=bootstrap.mover(self.desk), guard=guard)

    def open(self, account: str | None) -> Answer:
        self.account = account
        opened = open_conversation(account=account, resume=False, switchboard=self.switchboard)
        self.conversation = opened.conversation
        return self._answer(Heard("conversation_opened"), Dialogue(), after=0, event="opened")

    def type(self, text: str) -> Answer:
        """Send typed words and work out the answer."""
        return self._send(text=text)

    def press(self, title: str) -> Answer:
        """Press the newest button with this title; the controls are always there."""
        return self._send(button=self.button_id(title))

    def type_code(self) -> Answer:
        """Type the code that was mailed last."""
        with self.engine.connect() as connection:
            query = sa.select(outbox.c.figures).order_by(outbox.c.id.desc()).limit(1)
            figures = connection.execute(query).scalar_one()
        return self.type(figures["code"])

    def come_back(self) -> Answer:
        """Leave, and open a new conversation as the same customer."""
        self.close()
        return self.open(self.account)

    def close(self) -> Answer:
        before = self.dialogue
        close_conversation(self.conversation, switchboard=self.switchboard)
        return self._answer(Heard(CLOSED), before, after=self.last_seq, event=CLOSED)

    def fall_silent(self) -> Answer:
        """Let half an hour pass without a word."""
        before, after = self.dialogue, self.last_seq
        self.clock.forward(minutes=31)
        expire_silent(switchboard=self.switchboard)
        run_turn(self.conversation, switchboard=self.switchboard)
        return self._answer(Heard(SILENT), before, after=after, event=SILENT)

    def pass_by(self, time: timedelta) -> None:
        self.clock.at += time

    @property
    def dialogue(self) -> Dialogue:
        with self._unit_of_work() as uow:
            document, _version = uow.dialogues.get(self.conversation)
        return read_dialogue(document)

    @property
    def messages(self) -> tuple[Message, ...]:
        return self.switchboard.views.updates(self.conversation, after=0).messages

    @property
    def last_seq(self) -> int:
        return self.switchboard.views.updates(self.conversation, after=0).last_seq

    @property
    def holder(self) -> Holder:
        return self.switchboard.views.updates(self.conversation, after=0).holder

    @property
    def billing(self) -> dict[str, Any]:
        """Return the account as `python -m bot account` tells it; {} for a visitor."""
        updates = self.switchboard.views.updates(self.conversation, after=0)
        if updates.account is None:
            return {}
        return account_view(self.desk.billing.history(updates.account, now=self.clock.now()))

    @property
    def attempts(self) -> tuple[dict[str, Any], ...]:
        account = self.switchboard.views.updates(self.conversation, after=0).account
        return self.switchboard.views.attempts(account, since_reset=False) if account else ()

    def button_id(self, title: str) -> str:
        for message in reversed(self.messages):
            for button in message.buttons:
                if button.title == title:
                    return button.id
        raise LookupError(f"no button {title!r} was offered")

    def _send(self, *, text: str | None = None, button: str | None = None) -> Answer:
        before, self.assistant.understood = self.dialogue, None
        self.clock.forward(seconds=1)
        posted = post_message(
            self.conversation,
            client_message_id=next(self._client_ids),
            text=text,
            button_id=button,
            switchboard=self.switchboard,
        )
        if posted.is_repeat:
            return Answer(Heard("(nothing new)"), (), (), None)
        seq = posted.message.seq
        with self._unit_of_work() as uow:
            turn = uow.turns.oldest_waiting(self.conversation, posted.lane)
        assert turn is not None, "the message waits for an answer"
        self._run(posted.lane)
        understood = self.assistant.understood
        heard = Heard(
            understood.intent if understood else turn.intent or "(listened to)",
            "" if posted.lane is Lane.CONTROL else posted.message.text,
            _entities(understood) if understood else turn.entities,
        )
        return self._answer(heard, before, after=seq, event=str(seq), understood=understood)

    def _run(self, lane: Lane) -> None:
        assert run_turn(self.conversation, lane, switchboard=self.switchboard), "it was answered"

    def _answer(
        self,
        heard: Heard,
        before: Dialogue,
        *,
        after: int,
        event: str,
        understood: Understood | None = None,
    ) -> Answer:
        messages = tuple(
            m for m in self.messages if m.seq > after and m.sender is not Sender.CUSTOMER
        )
        says = self._recorded(event)
        self.exchanges.append(self._exchange(before, heard, says))
        return Answer(heard, says, messages, understood)

    def _recorded(self, event: str) -> tuple[Say, ...]:
        """Return what the move of this message said, by response name."""
        names = (event, *(f"conversation_opened-{n}" for n in (1,) if event == "opened"))
        names += tuple(f"{event}-{number}" for number in range(1, 40))
        with self._unit_of_work() as uow:
            for name in names:
                found = uow.moves.find(self.conversation, f"{self.conversation}:{name}")
                if found is not None:
                    return read_reply(found).says
        return ()

    def _exchange(self, before: Dialogue, heard: Heard, says: tuple[Say, ...]) -> Exchange:
        jurisdiction = self.billing.get("customer", {}).get("jurisdiction")
        return Exchange(
            before=before,
            heard=heard,
            says=says,
            after=self.dialogue,
            profile=self.desk.profiles.of(jurisdiction, self.clock.now().date()),
            escalated=self.holder is Holder.QUEUE,
        )

    def _unit_of_work(self) -> SqlUnitOfWork:
        return SqlUnitOfWork(self.engine, RandomIds())


def _entities(understood: Understood) -> tuple[tuple[str, str], ...]:
    return tuple((part.kind, str(part.value)) for part in understood.parts)


LineMaker = Callable[[], Line]
