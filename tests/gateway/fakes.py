"""Stand-ins behind the gateway's ports: they behave, in a few lines, like what they stand for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from bot.errors import AccountNotFound
from bot.integrations.wording import DomainWording
from bot.retention import buttons
from bot.retention.account import ConcessionKind
from bot.retention.capabilities import EVERYTHING
from bot.retention.say import PRESS_CANCEL, PRESS_PERSON, Reply, Say
from tests.factories import an_account

WORDS = {
    "utter_greeting": "I am an automated assistant. What can I do?",
    "utter_canceled": "Your subscription is cancelled.",
    "utter_to_queue": "A person will be with you.",
    "utter_goodbye": "Goodbye.",
    "utter_held_back": "I am automated, and I keep my answer back.",
    "utter_held_back_done": "It is done; see the receipt.",
    "utter_control_again": "Press this to cancel.",
    "utter_assistant_slow": "This takes long.",
    "utter_assistant_gave_up": "A person will answer.",
    "utter_agent_joined": "You are talking to {name} now.",
    "utter_agent_gone": "{name} is gone; you are next.",
    "utter_passed_on": "A colleague takes over.",
    "utter_handed_back": "{name} has handed you back to the assistant.",
    "utter_person_is_here": "A person is here already.",
    "utter_case_closed": "This is done.",
    "utter_survey": "Did {name} help you?",
    "utter_survey_thanks": "Thank you.",
    **{
        f"utter_offer_{part}{kind.value}": "{price_after} instead of {price}"
        for kind in ConcessionKind
        for part in ("", "title_", "terms_")
    },
    "utter_button_accept": "Accept",
    **{f"utter_button_rating_{n}": f"{n} of 5" for n in range(1, 6)},
    "utter_button_cancel": "Cancel now",
    "utter_button_cancel_now": "Cancel now",
    "utter_button_person": "Talk to a person",
}


def wording() -> DomainWording:
    return DomainWording(WORDS, where="tests")


@dataclass
class FakeMover:
    """Greets, cancels and escalates without an assistant; `moved` is what it was asked to do."""

    unit_of_work: Callable[[], Any]
    moved: list[tuple[str, str]] = field(default_factory=list)
    replies: dict[str, Reply] = field(default_factory=dict)

    def __call__(
        self,
        *,
        conversation: str,
        message_id: str,
        text: str,
        intent: str,
        entities: tuple[tuple[str, str], ...] = (),
    ) -> Reply:
        if message_id not in self.replies:
            self.moved.append((conversation, intent))
            self.replies[message_id] = self._reply(conversation, message_id, intent)
        return self.replies[message_id]

    def _reply(self, conversation: str, message_id: str, intent: str) -> Reply:
        if intent == PRESS_PERSON:
            with self.unit_of_work() as uow:
                uow.escalations.to_queue(
                    conversation,
                    reason="requested",
                    summary={},
                    cause=message_id,
                    now=datetime.now(timezone.utc),
                )
                uow.commit()
            return Reply((Say("utter_to_queue"),))
        said = {
            "conversation_opened": (Say("utter_greeting", buttons=(buttons.PERSON,)),),
            PRESS_CANCEL: (Say("utter_canceled", receipt="r-unguessable"),),
        }
        return Reply(said.get(intent, (Say("utter_goodbye"),)))


class FakeBilling:
    """Knows one customer by the name of Maya for every account beginning with A-."""

    capabilities = EVERYTHING

    def history(self, account: str, *, now: datetime) -> Any:
        if not account.startswith("A-"):
            raise AccountNotFound(account)
        return an_account()

    def catalogue(self) -> Any:
        return an_account().catalogue


class FakeUnderstanding:
    def wants_to_leave(self, text: str) -> bool:
        return "cancel" in text.lower()


@dataclass
class FakeClock:
    """Runs with the machine's clock, moved on by what a test says, until it is stopped."""

    ahead: timedelta = timedelta()
    stopped_at: datetime | None = None

    def stop(self) -> None:
        self.stopped_at = datetime.now(timezone.utc)

    def now(self) -> datetime:
        return (self.stopped_at or datetime.now(timezone.utc)) + self.ahead
