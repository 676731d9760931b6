"""Stand-ins that behave like what they stand for, with hooks a test can pull."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.conversations.understood import Guess, Understood
from bot.errors import AccountNotFound, AssistantUnavailable, BillingUnavailable, Unavailable
from bot.integrations.wording import DomainWording
from bot.retention import buttons
from bot.retention.outgoing_guard import Breach
from bot.retention.say import PRESS_CANCEL, PRESS_PERSON, Reply, Say
from bot.use_cases.ports import Asked, AssistantAnswer, Worded
from bot.use_cases.recorded_reply import read_reply, write_reply
from tests.factories import NOW

WORDS = {
    "utter_greeting": "Hello, I am an automated assistant.",
    "utter_heard": "I heard: {words}",
    "utter_terms": "These {words}. Agreed?",
    "utter_offer": "20 % off?",
    "utter_canceled": "It is cancelled.",
    "utter_queued": "A person is coming.",
    "utter_left": "Goodbye.",
    "utter_held_back": "I am automated, and I keep my answer back.",
    "utter_held_back_done": "It is done; see the receipt.",
    "utter_control_again": "You can cancel here.",
    "utter_assistant_slow": "This takes longer than it should.",
    "utter_assistant_gave_up": "I could not answer; a person will.",
    "utter_agent_joined": "You are talking to {name} now.",
    "utter_agent_gone": "{name} is gone; you are next.",
    "utter_passed_on": "A colleague takes over.",
    "utter_handed_back": "{name} has handed you back to the assistant.",
    "utter_person_is_here": "A person is here already.",
    "utter_case_closed": "This is done.",
    "utter_survey": "Did {name} help you?",
    "utter_survey_thanks": "Thank you.",
    **{f"utter_button_rating_{n}": f"{n} of 5" for n in range(1, 6)},
    "utter_button_cancel": "Cancel now",
    "utter_button_person": "Talk to a person",
    "utter_button_accept": "Accept",
    "utter_button_something_else": "Something else",
    "utter_button_confirm": "Confirm",
    "utter_mail_code_subject": "Your code",
    "utter_mail_code_text": "The code is {code}; it is good for {minutes} minutes.",
}


OFFERS_LAST = timedelta(minutes=10)


def the_wording() -> DomainWording:
    return DomainWording(WORDS, where="tests")


@dataclass
class FakeClock:
    """Stands still until it is moved."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)


class FakeIds:
    """Counts, so that a failure can be read."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self.codes = ["123456", "234567", "345678", "456789"]

    def conversation(self) -> str:
        return f"c{next(self._numbers)}"

    def owner(self) -> str:
        return f"worker-{next(self._numbers)}"

    def ticket(self) -> str:
        return f"T-{next(self._numbers)}"

    def code(self, digits: int) -> str:
        return self.codes.pop(0)[:digits]

    def salt(self) -> bytes:
        return b"salt"


@dataclass(frozen=True)
class FakeCustomer:
    name: str


@dataclass(frozen=True)
class FakeHistory:
    customer: FakeCustomer


class FakeBilling:
    """Knows the accounts it is given, by name."""

    def __init__(self, **names: str) -> None:
        self._names = {key.replace("_", "-"): name for key, name in names.items()}
        self.is_down = False

    def history(self, account: str, *, now: datetime) -> Any:
        if self.is_down:
            raise BillingUnavailable("The billing system is down.")
        if account not in self._names:
            raise AccountNotFound(account)
        return FakeHistory(FakeCustomer(self._names[account]))


@dataclass
class FakeMover:
    """Moves once per message id, recorded as the real one does; `effects` is what it carried out.

    It understands `offer` (makes one), `terms` (asks for consent), `accept_offer`, the controls
    and the events; everything else is heard and repeated.
    """

    unit_of_work: Callable[[], Any]
    clock: FakeClock
    effects: list[str] = field(default_factory=list)

    def __call__(
        self,
        *,
        conversation: str,
        message_id: str,
        text: str,
        intent: str,
        entities: tuple[tuple[str, str], ...] = (),
    ) -> Reply:
        with self.unit_of_work() as uow:
            recorded = uow.moves.find(conversation, message_id)
            if recorded is not None:
                return read_reply(recorded)
            document, version = uow.dialogues.get(conversation)
            offers = document.get("offers", 0) + (intent == "offer")
            awaiting = {"offer": "offer", "terms": "consent"}.get(intent)
            uow.dialogues.put(
                conversation,
                {"awaiting": awaiting, "options": [], "offers": offers},
                version=version,
            )
            reply = self._reply(uow, conversation, message_id, intent, text, offers)
            uow.moves.add(conversation, message_id, write_reply(reply), now=self.clock.now())
            uow.commit()
        self.effects.append(f"{intent} {message_id}")
        return reply

    def _reply(
        self, uow: Any, conversation: str, message_id: str, intent: str, text: str, offers: int
    ) -> Reply:
        if intent == PRESS_PERSON:
            uow.escalations.to_queue(
                conversation,
                reason="requested",
                summary={"wants": "person"},
                cause=message_id,
                now=self.clock.now(),
            )
            return Reply((Say("utter_queued", buttons=(buttons.CANCEL,)),))
        if intent == "offer":
            ends = self.clock.now() + OFFERS_LAST
            offer = {"id": f"o{offers}", "expires_at": ends.isoformat()}
            controls = (buttons.accept(f"o{offers}"), buttons.CANCEL, buttons.PERSON)
            return Reply((Say("utter_offer", buttons=controls, offer=offer),), awaiting="offer")
        if intent == "terms":
            return Reply((Say("utter_terms", {"words": text}, (buttons.CONFIRM,)),), "consent")
        said = {
            "conversation_opened": (Say("utter_greeting", buttons=(buttons.PERSON,)),),
            PRESS_CANCEL: (Say("utter_canceled", receipt="r1"),),
            "customer_silent": (),
            "conversation_closed": (Say("utter_left"),),
        }
        heard = Say("utter_heard", {"words": text or intent}, (buttons.SOMETHING_ELSE,))
        return Reply(said.get(intent, (heard,)))


@dataclass
class FakeAssistant:
    """Understands the first word as the intent and words the move, as the real one does.

    `is_down` makes it unavailable. `before` and `after` run around the move, inside the call:
    a test takes over, presses or crashes there.
    """

    mover: FakeMover
    is_down: bool = False
    before: Callable[[Asked], None] = lambda asked: None
    after: Callable[[Asked], None] = lambda asked: None
    asked: list[Asked] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, asked: Asked) -> AssistantAnswer:
        with self._lock:
            self.asked.append(asked)
        if self.is_down:
            raise AssistantUnavailable("The assistant is down.")
        self.before(asked)
        intent = asked.intent or asked.text.split()[0]
        reply = self.mover(
            conversation=asked.conversation,
            message_id=asked.message_id,
            text=asked.text,
            intent=intent,
            entities=asked.entities,
        )
        self.after(asked)
        worded = tuple(the_wording().render(say) for say in reply.says)
        return AssistantAnswer(worded, Understood(intent, 1.0, (Guess(intent, 1.0),)))


class FakeUnderstanding:
    def wants_to_leave(self, text: str) -> bool:
        return "cancel" in text.lower()


@dataclass
class FakeGuard:
    """Finds in a message the rules that `forbidden` names for one of its words."""

    forbidden: dict[str, str] = field(default_factory=dict)

    def breaches(
        self, conversation: str, messages: Sequence[Worded], **_: Any
    ) -> tuple[tuple[Breach, ...], ...]:
        return tuple(
            tuple(Breach(rule, "a word") for word, rule in self.forbidden.items() if word in m.text)
            for m in messages
        )


@dataclass
class FakeMail:
    """Keeps what it was given; `is_down` refuses."""

    is_down: bool = False
    sent: list[tuple[str, str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def send(
        self, *, to: str, subject: str, text: str, headers: Mapping[str, str] | None = None
    ) -> None:
        if self.is_down:
            raise Unavailable("The mail server is down.")
        self.sent.append((to, subject, text))
        self.headers.append(dict(headers or {}))
