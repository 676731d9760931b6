"""What the use cases need from outside, as shapes; storage and integrations fit them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from bot.conversations.button import OfferedButton
from bot.conversations.conversation import Conversation
from bot.conversations.message import Message, Sender
from bot.conversations.turn import Lane, Turn, TurnState
from bot.conversations.understood import Understood
from bot.retention.account import AccountHistory, Plan
from bot.retention.budget import Budgets, Line, Spent
from bot.retention.capabilities import Capabilities
from bot.retention.commands import Command
from bot.retention.outcomes import Evidence
from bot.retention.outgoing_guard import Breach
from bot.retention.records import Entry, Link
from bot.retention.say import Button, Reply, Say
from bot.retention.waiting import QueueNow
from bot.use_cases.check_in_ports import CheckIns
from bot.use_cases.ticket_ports import Tickets
from bot.use_cases.updates import Mark, Updates


class Billing(Protocol):
    """The billing system: the truth about accounts, and the only place money moves."""

    @property
    def capabilities(self) -> Capabilities:
        """Return what it can carry out; a command beyond that is a NotPossible."""

    def history(self, account: str, *, now: datetime) -> AccountHistory:
        """Return what is true at `now`.

        Raises:
            AccountNotFound: no such account.
            BillingUnavailable: it did not answer, or answered nonsense.
        """

    def account_of_email(self, email: str) -> str | None:
        """Return the account number whose customer has this address, or None."""

    def catalogue(self) -> tuple[Plan, ...]:
        """Return every plan there is, advertised or not."""

    def execute(self, account: str, command: Command, *, key: str, now: datetime) -> AccountHistory:
        """Carry out `command` exactly once for `key` and return what is now true.

        A repeated key changes nothing and returns what is true; the same key with another command
        is refused.

        Raises:
            NotPossible: the account's state does not allow it; nothing was changed.
            BillingUnavailable: it did not happen, or, where the error's `may_have_happened` is
                set, nobody knows whether it did: then call again with the same key until it is
                through, and tell nobody that nothing was changed.
        """


class Clock(Protocol):
    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""


class Dialogues(Protocol):
    """Where each conversation's dialogue stands: one JSON document with a version."""

    def get(self, conversation: str) -> tuple[dict[str, Any], int]:
        """Return the document and its version; ({}, 0) when there is none yet."""

    def put(self, conversation: str, document: dict[str, Any], *, version: int) -> None:
        """Replace the document that had `version` (0: insert).

        Raises:
            StaleDialogue: somebody else moved meanwhile; decide again from what stands now.
        """


class Moves(Protocol):
    """What was answered to which message, so that a repeated turn gives the same answer."""

    def find(self, conversation: str, message_id: str) -> dict[str, Any] | None: ...

    def asked_at(self, conversation: str, message_id: str) -> datetime | None:
        """When the message was posted, however late it is answered; None where none was."""

    def add(
        self, conversation: str, message_id: str, reply: dict[str, Any], *, now: datetime
    ) -> None: ...


class SaveAttempts(Protocol):
    """Save attempts by id; written whole, never deleted."""

    def put(self, attempt: dict[str, Any]) -> None:
        """Insert or replace by `attempt["id"]`; keys as in the JSON contract plus `account`."""

    def of_account(self, account: str) -> tuple[dict[str, Any], ...]:
        """Oldest first; those from before the demo data was last reset are history."""


class BudgetBook(Protocol):
    """What concessions take from the monthly budgets; one line an offer and policy.

    A line counts in the month in which it was set aside, and from then on for good once it is
    spent, else until its offer runs out.
    """

    def spent(self, *, now: datetime) -> Spent:
        """Return what counts in the month of `now`."""

    def set_aside(self, line: Line, *, budgets: Budgets, now: datetime) -> bool:
        """Keep the line for an offer that is shown, and say whether it fitted into `budgets`.

        Nobody else sets anything aside until this unit of work ends, where there is a budget. A
        line that is kept already fits; one that was spent is only set aside again.
        """

    def spend(self, line: Line, *, budgets: Budgets, now: datetime) -> bool:
        """Count the line for good: its offer was agreed. False when it was not kept any more, and
        no longer fits."""

    def has_rested(self, line: Line, *, since: datetime) -> bool:
        """Say whether nothing that cools down was agreed for the account since then, but this.

        Nobody else agrees to anything until this unit of work ends.
        """

    def free(self, offers: Collection[str]) -> None:
        """Forget the lines of these offers: nothing came of them, or it was taken back."""


class Presence(Protocol):
    """Who is at the desk."""

    def anybody_here(self, *, now: datetime) -> bool | None:
        """Say whether somebody could take a conversation now; None where nobody keeps count."""


class WaitingRoom(Protocol):
    """Who waits for a person, and how long those waited who were taken."""

    def queue_now(self, *, now: datetime) -> QueueNow: ...


class Outcomes(Protocol):
    """What became of everybody to whom something was offered, or nothing."""

    def as_of(self, day: date) -> Evidence:
        """Return what was certain at the beginning of that day (UTC)."""


class Records(Protocol):
    """The chain of what happened; entries are only ever added."""

    def add(self, entries: Sequence[Entry], *, account: str | None, now: datetime) -> None:
        """Link the entries to the chain, in this order; `account` is whom they are about."""


class RecordBook(Protocol):
    """The whole chain, to be checked."""

    def links(self, account: str | None = None) -> Iterator[Link]:
        """Yield the chain in order, or only the entries about one account."""


class PeopleErasure(Protocol):
    """Takes a person out of the desk's own books."""

    def still_needed(self, account: str) -> str | None:
        """Return in one sentence what has to come to its end first, or None."""

    def erase(self, account: str, *, now: datetime) -> dict[str, int]:
        """Erase everything kept about the account; return how many rows of what."""


class PolicyRevisions(Protocol):
    """What every revision of every policy said, from the day it was first in use."""

    def keep(self, documents: Sequence[dict[str, Any]], *, now: datetime) -> None:
        """Keep each policy's document under its revision, once.

        Raises:
            PolicyChanged: a revision is known with another content.
        """


class Receipts(Protocol):
    """Receipts by unguessable id: id, account, conversation, kind, at, lines [[label, value]]."""

    def put(self, receipt: dict[str, Any]) -> None: ...

    def get(self, receipt_id: str) -> dict[str, Any] | None: ...


class Cancellations(Protocol):
    """Cancellations the billing system could not take yet (R18), oldest first."""

    def put(
        self, key: str, account: str, command: dict[str, Any], *, requested_at: datetime
    ) -> None: ...

    def waiting(self) -> tuple[dict[str, Any], ...]: ...

    def settled(self, key: str, *, now: datetime) -> None: ...


class Escalations(Protocol):
    """The conversation's way out of the assistant's hands."""

    def to_queue(
        self, conversation: str, *, reason: str, summary: dict[str, Any], cause: str, now: datetime
    ) -> None:
        """Make `queue` the holder (version + 1, `cause` = the message id); no-op when a person
        holds or awaits it already."""

    def transcript(self, conversation: str) -> tuple[dict[str, Any], ...]:
        """Messages so far, oldest first: {"seq","from","text","at"}."""


class Identities(Protocol):
    """Who a conversation belongs to, and the codes that prove an e-mail address."""

    def account(self, conversation: str) -> str | None: ...

    def bind(self, conversation: str, account: str, *, now: datetime) -> None: ...

    def new_code(
        self, conversation: str, email: str, account: str | None, *, now: datetime
    ) -> None:
        """Make a six-digit code, keep its hash for 10 minutes, and put the mail into the outbox.

        With `account` None (address unknown) everything looks the same, and no code will match.

        Raises:
            TooManyMessages: more than 3 codes in 15 minutes for this conversation.
        """

    def try_code(self, conversation: str, code: str, *, now: datetime) -> str | None:
        """Return the account when the code matches (5 tries a code, constant time), else None."""


class UnitOfWork(Protocol):
    """One transaction: leave the block without commit() and nothing happened."""

    @property
    def dialogues(self) -> Dialogues: ...

    @property
    def moves(self) -> Moves: ...

    @property
    def save_attempts(self) -> SaveAttempts: ...

    @property
    def receipts(self) -> Receipts: ...

    @property
    def budgets(self) -> BudgetBook: ...

    @property
    def records(self) -> Records: ...

    @property
    def cancellations(self) -> Cancellations: ...

    @property
    def escalations(self) -> Escalations: ...

    @property
    def identities(self) -> Identities: ...

    @property
    def tickets(self) -> Tickets: ...

    @property
    def check_ins(self) -> CheckIns: ...

    def __enter__(self) -> UnitOfWork: ...

    def __exit__(self, *exc: object) -> None: ...

    def commit(self) -> None: ...


# --- Conversations: what the gateway's use cases need -------------------------------------------


@dataclass(frozen=True)
class Worded:
    """A message in the customer's words, ready to be stored; button titles are words too."""

    text: str
    buttons: tuple[Button, ...] = ()
    offer: dict[str, Any] | None = None
    receipt: str | None = None


@dataclass(frozen=True)
class Asked:
    """One turn for the assistant: typed words (`intent` None), or a button's intent and entities.

    `awaiting` and `options` say what the desk waits for, as the dialogue document has them.
    """

    conversation: str
    message_id: str
    text: str
    intent: str | None
    entities: tuple[tuple[str, str], ...]
    account: str | None
    awaiting: str | None
    options: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class AssistantAnswer:
    """At least one message, and what the assistant understood."""

    messages: tuple[Worded, ...]
    understood: Understood


class Assistant(Protocol):
    def answer(self, asked: Asked) -> AssistantAnswer:
        """Understand and answer one turn.

        Raises:
            AssistantUnavailable: no answer, in time or at all; the same turn may be asked again.
        """


class Mover(Protocol):
    """The dialogue's next move, without the assistant; see `make_move`."""

    def __call__(
        self,
        *,
        conversation: str,
        message_id: str,
        text: str,
        intent: str,
        entities: tuple[tuple[str, str], ...] = (),
    ) -> Reply:
        """Move once per message id; a repeated call returns the recorded reply."""


class Wording(Protocol):
    """The words of domain.yml for what is said without the assistant."""

    def render(self, say: Say) -> Worded: ...

    def title(self, name: str) -> str:
        """Return a button's words for its response name; other words are returned unchanged."""

    def mail(self, kind: str, figures: dict[str, str]) -> tuple[str, str]:
        """Return a mail's subject and text."""


class Understanding(Protocol):
    def wants_to_leave(self, text: str) -> bool:
        """Whether these words say that the customer wants to cancel."""


class Guard(Protocol):
    """The last look at what goes out, independent of whatever made it."""

    def breaches(
        self,
        conversation: str,
        messages: Sequence[Worded],
        *,
        sender: Sender,
        asked_at: datetime,
        now: datetime,
    ) -> tuple[tuple[Breach, ...], ...]:
        """Return for every message the exit rules it breaks; `asked_at` is when the customer asked.

        It reads, and changes nothing.
        """


class Mail(Protocol):
    def send(
        self, *, to: str, subject: str, text: str, headers: Mapping[str, str] | None = None
    ) -> None:
        """Hand a mail to the mail server.

        Raises:
            Unavailable: the server did not take it; the same mail may be sent again.
        """


class Ids(Protocol):
    """Where names that nobody can guess come from."""

    def conversation(self) -> str: ...

    def owner(self) -> str:
        """Name one holder of one turn lease."""

    def ticket(self) -> str:
        """Name a ticket, short enough to be read out."""

    def code(self, digits: int) -> str:
        """Return that many random decimal digits."""

    def salt(self) -> bytes: ...


class Conversations(Protocol):
    """Conversations, their messages and the buttons those offer."""

    def add(self, conversation: Conversation) -> None: ...

    def get(self, conversation: str) -> Conversation:
        """Raises ConversationNotFound."""

    def locked(self, conversation: str) -> Conversation:
        """Like `get`, and nobody else changes it until this unit of work ends."""

    def save(self, conversation: Conversation, *, now: datetime) -> None:
        """Write back what `locked` gave; a change of the hold is kept with its instant."""

    def newest_of(self, account: str, *, closed_too: bool) -> str | None:
        """Return the account's conversation that was opened last, or None."""

    def add_message(self, message: Message, buttons: tuple[OfferedButton, ...] = ()) -> None: ...

    def messages(self, conversation: str, *, after: int = 0) -> tuple[Message, ...]: ...

    def message_sent_as(self, conversation: str, client_message_id: str) -> Message | None: ...

    def message_at(self, conversation: str, seq: int) -> Message: ...

    def sent_since(self, conversation: str, since: datetime) -> tuple[datetime, ...]:
        """Return when the customer's messages after `since` came, oldest first."""

    def button(self, conversation: str, button_id: str) -> OfferedButton | None: ...

    def control_title(self, conversation: str, control: str) -> str | None:
        """Return the title under which this control was offered last."""

    def newest_offer(self, conversation: str) -> str | None:
        """Return the id of the offer made last."""

    def reads_the_same(self, button: OfferedButton) -> bool:
        """Whether the newest message that asked for the same has the words of the button's."""

    def press(self, button: OfferedButton, *, seq: int) -> None:
        """Remember which customer's message pressed it."""

    def drop_answer(self, turn: Turn, index: int, worded: Worded, *, now: datetime) -> None:
        """Keep an answer the customer will not see, because a person took over meanwhile."""

    def close_all(self, *, now: datetime) -> int:
        """Close every conversation and its tickets, leave no turn and no cancellation waiting;
        return how many conversations there were."""


class Turns(Protocol):
    """The work of answering, one row a turn, and the leases that keep two workers apart."""

    def add(self, turn: Turn) -> None: ...

    def oldest_waiting(self, conversation: str, lane: Lane) -> Turn | None: ...

    def has_waiting(self, conversation: str, intent: str) -> bool: ...

    def get(self, conversation: str, number: int) -> Turn: ...

    def finish(self, turn: Turn, state: TurnState, *, now: datetime) -> None: ...

    def put_off(self, turn: Turn, *, until: datetime) -> None:
        """Count one more failed try."""

    def told(self, turn: Turn, *, now: datetime) -> None:
        """The customer knows that this answer takes long."""

    def supersede(self, conversation: str, *, before: int, now: datetime) -> int:
        """Take the waiting talk turns older than that number out of the line; return how many."""

    def take_lease(
        self, conversation: str, lane: Lane, owner: str, *, now: datetime, until: datetime
    ) -> bool:
        """Take the lane for `owner` if it is free or its lease ran out; say whether it is ours."""

    def holds_lease(self, conversation: str, lane: Lane, owner: str) -> bool:
        """Whether it is still ours; the row stays locked until this unit of work ends."""

    def renew_lease(self, conversation: str, lane: Lane, owner: str, *, until: datetime) -> bool:
        """Hold the lane longer; False when somebody else took it meanwhile."""

    def release_lease(self, conversation: str, lane: Lane, owner: str) -> None: ...


class Understandings(Protocol):
    """What was understood of the customers' own words, one a turn, for those who teach."""

    def add(self, turn: Turn, understood: Understood, *, now: datetime) -> None: ...


class Outbox(Protocol):
    """Mails that must go out, kept with what caused them."""

    def claim(self, *, now: datetime, until: datetime) -> OutgoingMail | None:
        """Return the oldest due mail and keep others off it until then; None when none is due."""

    def sent(self, mail: OutgoingMail, *, now: datetime) -> None:
        """Done; its figures are forgotten, because they may hold a code."""

    def put_off(self, mail: OutgoingMail, *, until: datetime) -> None: ...


class Surveys(Protocol):
    """One question after a person was done; the first answer stays."""

    def ask(self, conversation: str, version: int, *, agent: str, now: datetime) -> None: ...

    def answer(self, conversation: str, rating: int, *, now: datetime) -> bool:
        """Record the answer to the newest question; False when there is none without one."""


@dataclass(frozen=True)
class OutgoingMail:
    id: int
    kind: str
    to: str
    figures: dict[str, str]
    tries: int


class DeskUnitOfWork(UnitOfWork, Protocol):
    """One transaction with everything the gateway's use cases touch."""

    @property
    def conversations(self) -> Conversations: ...

    @property
    def turns(self) -> Turns: ...

    @property
    def understandings(self) -> Understandings: ...

    @property
    def outbox(self) -> Outbox: ...

    @property
    def surveys(self) -> Surveys: ...

    def __enter__(self) -> DeskUnitOfWork: ...


@dataclass(frozen=True)
class DueTurn:
    """A lane of a conversation that has work now."""

    conversation: str
    lane: Lane


class Views(Protocol):
    """Answers to questions; each call sees one moment and changes nothing."""

    def updates(self, conversation: str, *, after: int) -> Updates:
        """Raises ConversationNotFound."""

    def marks(self, conversations: Collection[str]) -> dict[str, Mark]:
        """Return how each of them stands that there is, with its newest note."""

    def due_turns(self, *, now: datetime) -> tuple[DueTurn, ...]: ...

    def silent_since(self, moment: datetime) -> tuple[str, ...]:
        """Return the assistant's conversations without a word from the customer since then."""

    def queue(self) -> tuple[dict[str, Any], ...]: ...

    def tickets(self) -> tuple[dict[str, Any], ...]: ...

    def attempts(self, account: str, *, since_reset: bool) -> tuple[dict[str, Any], ...]: ...

    def receipt(self, receipt_id: str) -> dict[str, Any] | None: ...
