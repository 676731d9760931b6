"""Where a conversation's dialogue stands, what was heard, what is known, and what follows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Any

from bot.retention.account import AccountHistory, Order, Plan, Subscription
from bot.retention.authority import Authority, Grantor
from bot.retention.budget import Budgets, Spent, budgets_of
from bot.retention.call_backs import CallBack
from bot.retention.capabilities import EVERYTHING, Capabilities
from bot.retention.check_ins import CheckIn
from bot.retention.commands import EXITS, Command
from bot.retention.jurisdiction import Profile
from bot.retention.outcomes import NO_EVIDENCE, Evidence
from bot.retention.policy import RetentionPolicy
from bot.retention.save_attempt import SaveAttempt, read_attempt
from bot.retention.say import Option, Reply, Say
from bot.retention.terms import Terms
from bot.retention.waiting import Staffing


class Awaiting(str, Enum):
    """What the desk asked last, and so what a short answer means."""

    SUBJECT = "subject"
    REASON = "reason"
    OFFER = "offer"
    CONSENT = "consent"
    CONFIRMATION = "confirmation"
    DURATION = "duration"
    RESOLUTION = "resolution"
    CHOICE = "choice"
    EMAIL = "email"
    CODE = "code"
    REPHRASE = "rephrase"
    GUESS = "guess"
    WAY = "way"
    CONTACT = "contact"
    PHONE = "phone"
    CALL_TIME = "call_time"


@dataclass(frozen=True)
class Heard:
    """One thing the customer did: what it means, and the words it was said in."""

    intent: str
    text: str = ""
    entities: tuple[tuple[str, str], ...] = ()
    ranking: tuple[str, ...] = ()

    def value(self, name: str) -> str | None:
        return next((value for entity, value in self.entities if entity == name), None)

    def values(self, name: str) -> tuple[str, ...]:
        return tuple(value for entity, value in self.entities if entity == name)

    def flag(self, name: str) -> bool:
        return self.value(name) is not None

    def to_document(self) -> dict[str, Any]:
        return {
            "intent": self.intent,
            "text": self.text,
            "entities": [list(entity) for entity in self.entities],
        }


def read_heard(document: dict[str, Any]) -> Heard:
    return Heard(
        document["intent"],
        document["text"],
        tuple((name, value) for name, value in document["entities"]),
    )


SOLVED = "solved"


@dataclass(frozen=True)
class Plea:
    """Something agreed to be done once the customer consents: a service, an exit at once, a way
    to treat an order. `kind` names the terms that were restated; `detail` is what doing it needs.
    """

    kind: str
    about: str
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Dialogue:
    """The whole state between two messages. `attempt` is the newest one, open or closed.

    `identified_by` is `website` or `email_code`; None while nobody has shown who they are.
    `person_for` is why the last answer offered a person, an escalation reason; who then asks for
    one waits under it: `waits_for`, once they do. `in_hardship`: they said so in this
    conversation, and every attempt after it begins with it.
    """

    identified_by: str | None = None
    awaiting: Awaiting | None = None
    options: tuple[Option, ...] = ()
    attempt: SaveAttempt | None = None
    plea: Plea | None = None
    waiting_move: Heard | None = None
    misunderstood: int = 0
    person_for: str | None = None
    waits_for: str | None = None
    in_hardship: bool = False

    @property
    def open_attempt(self) -> SaveAttempt | None:
        return self.attempt if self.attempt and self.attempt.is_open else None

    @property
    def asks_whether_solved(self) -> bool:
        """A remedy was granted, and the customer was asked whether that solves it."""
        return self.plea is not None and self.plea.kind == SOLVED

    def asks(self, awaiting: Awaiting | None, *options: Option) -> Dialogue:
        return replace(self, awaiting=awaiting, options=options)

    def to_document(self) -> dict[str, Any]:
        return {
            "identified_by": self.identified_by,
            "awaiting": self.awaiting.value if self.awaiting else None,
            "options": [
                {"id": option.id, "title": option.title, "words": list(option.words)}
                for option in self.options
            ],
            "attempt": self.attempt.to_document() if self.attempt else None,
            "plea": (
                {"kind": self.plea.kind, "about": self.plea.about, "detail": self.plea.detail}
                if self.plea
                else None
            ),
            "waiting_move": self.waiting_move.to_document() if self.waiting_move else None,
            "misunderstood": self.misunderstood,
            "person_for": self.person_for,
            "waits_for": self.waits_for,
            "in_hardship": self.in_hardship,
        }


def read_dialogue(document: dict[str, Any]) -> Dialogue:
    """Read what `to_document` wrote; an empty document is a dialogue that has not begun."""
    if not document:
        return Dialogue()
    return Dialogue(
        identified_by=document["identified_by"],
        awaiting=Awaiting(document["awaiting"]) if document["awaiting"] else None,
        options=tuple(
            Option(option["id"], option["title"], tuple(option["words"]))
            for option in document["options"]
        ),
        attempt=read_attempt(document["attempt"]) if document["attempt"] else None,
        plea=Plea(**document["plea"]) if document["plea"] else None,
        waiting_move=read_heard(document["waiting_move"]) if document["waiting_move"] else None,
        misunderstood=document["misunderstood"],
        # Not in what was written before there were these three.
        person_for=document.get("person_for"),
        waits_for=document.get("waits_for"),
        in_hardship=document.get("in_hardship", False),
    )


@dataclass(frozen=True)
class Situation:
    """Everything known from outside at this moment; the state machine asks nobody else.

    `history` is None until the customer is known. `earlier` are the attempts
    of this account so far, from every conversation. `asked_at` is when the customer's message was
    posted, where it had to wait for its answer. `new_id` is fresh for this message: attempts
    and receipts are named by it. `capabilities` is what the billing system can carry out.
    `evidence` is what became of earlier offers to anybody; it is only looked up where one offer is
    chosen by its value. `spent` is what this month's concessions to anybody have cost so far.
    `grantor` is who makes offers here, and so by whose authority they are judged.

    `staffing` is who is there for customers, None where nobody says; `ticket` names the ticket
    that is open in this conversation, and `held_by_agent` says that a person answers here.
    `check_in` is what waits to be told to who opens the chat.
    """

    now: datetime
    conversation: str
    new_id: str
    history: AccountHistory | None
    catalogue: tuple[Plan, ...]
    policies: tuple[RetentionPolicy, ...]
    profile: Profile
    terms: Terms
    in_holdout: bool
    earlier: tuple[SaveAttempt, ...] = ()
    asked_at: datetime | None = None
    capabilities: Capabilities = EVERYTHING
    evidence: Evidence = NO_EVIDENCE
    spent: Spent = field(default_factory=Spent)
    grantor: Grantor = Grantor()
    staffing: Staffing | None = None
    ticket: str | None = None
    held_by_agent: bool = False
    check_in: CheckIn | None = None

    @property
    def authority(self) -> Authority:
        return self.terms.authority_of(self.grantor.level)

    @property
    def budgets(self) -> Budgets:
        """What a month's concessions may cost: in all, of each policy, and granted by the one."""
        person, most = self.grantor.person, self.authority.month_minor
        theirs = {person: most} if person is not None and most is not None else {}
        return budgets_of(self.policies, self.terms.monthly_budget_minor, theirs)

    @property
    def requested_at(self) -> datetime:
        """The instant that what is asked for now counts from (R18)."""
        return self.asked_at or self.now

    @property
    def account(self) -> AccountHistory:
        """The account's history.

        Raises:
            LookupError: the customer is not known yet; the caller had to identify them first.
        """
        if self.history is None:
            raise LookupError("the customer of this conversation is not known")
        return self.history

    def subject(self, about: str) -> Subscription | Order:
        """Return the subscription or order with this id."""
        for candidate in self.account.subjects:
            if candidate.id == about:
                return candidate
        raise LookupError(f"the account has no {about}")


class Conclusion(str, Enum):
    """What is said once the billing system has done its part."""

    LEFT = "left"
    OFFER_TAKEN = "offer_taken"
    SERVED = "served"
    UNDONE = "undone"
    ORDER_CANCELED = "order_canceled"
    RETURNING = "returning"
    REMEDIED = "remedied"


@dataclass(frozen=True)
class Act:
    """Commands for the billing system, in order, and how to go on when it has carried them out."""

    commands: tuple[Command, ...]
    then: Conclusion
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def is_exit(self) -> bool:
        """An exit never waits for the billing system: it is recorded, and carried out later."""
        return bool(self.commands) and all(isinstance(one, EXITS) for one in self.commands)


@dataclass(frozen=True)
class Escalate:
    """Hand the conversation to a person; `reason` is one of the closed list of escalations."""

    reason: str


@dataclass(frozen=True)
class LeaveTicket:
    """Leave a ticket that is answered at `contact`, or add a call-back to one that is there."""

    id: str
    contact: str
    reason: str
    call: CallBack | None = None


@dataclass(frozen=True)
class SendCode:
    email: str


@dataclass(frozen=True)
class TryCode:
    code: str


@dataclass(frozen=True)
class Receipt:
    """A durable confirmation; `lines` are (label key, value) in reading order."""

    id: str
    kind: str
    lines: tuple[tuple[str, str], ...]

    def to_document(self, *, account: str, conversation: str, at: datetime) -> dict[str, Any]:
        return {
            "id": self.id,
            "account": account,
            "conversation": conversation,
            "kind": self.kind,
            "at": at.isoformat(),
            "lines": [list(line) for line in self.lines],
        }


@dataclass(frozen=True)
class Step:
    """What one move leads to: the dialogue after it, what to say, and what to do.

    An `act`, `send_code` or `try_code` is carried out by the use case, which then asks `concluded`
    (or `failed`, `code_tried`) for what to say. `hand_back` ends the waiting for a person,
    `check_in` was told by this, and `check_ins_off` says that they want to hear no more of them.
    """

    dialogue: Dialogue
    says: tuple[Say, ...] = ()
    act: Act | None = None
    escalate: Escalate | None = None
    ticket: LeaveTicket | None = None
    hand_back: bool = False
    check_in: CheckIn | None = None
    check_ins_off: bool = False
    identify: SendCode | TryCode | None = None
    receipts: tuple[Receipt, ...] = ()
    closed: tuple[SaveAttempt, ...] = ()

    @property
    def recorded(self) -> tuple[SaveAttempt, ...]:
        """The attempts as they go on record: what was closed is closed there, also where the
        dialogue goes on with it."""
        going_on = (self.dialogue.attempt,) if self.dialogue.attempt else ()
        return tuple({attempt.id: attempt for attempt in (*going_on, *self.closed)}.values())

    @property
    def reply(self) -> Reply:
        awaiting = self.dialogue.awaiting
        return Reply(self.says, awaiting.value if awaiting else None, self.dialogue.options)


@dataclass(frozen=True)
class Scene:
    """One move in its place: what every handler of the state machine is given."""

    dialogue: Dialogue
    heard: Heard
    situation: Situation

    def with_dialogue(self, dialogue: Dialogue) -> Scene:
        return Scene(dialogue, self.heard, self.situation)

    def with_heard(self, heard: Heard) -> Scene:
        return Scene(self.dialogue, heard, self.situation)

    def offering_person(self, reason: str) -> Scene:
        return self.with_dialogue(replace(self.dialogue, person_for=reason))

    def step(self, *says: Say, dialogue: Dialogue | None = None) -> Step:
        return Step(dialogue or self.dialogue, says)
