"""Hold what goes out against the exit rules: what breaks one is replaced, kept aside, reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from bot.conversations.button import CANCEL
from bot.conversations.message import Sender
from bot.conversations.turn import Turn
from bot.errors import BillingUnavailable
from bot.retention import buttons
from bot.retention.jurisdiction import Profiles
from bot.retention.outgoing_guard import Breach, Known, Outgoing, breaches
from bot.retention.recorded_figures import Ledger
from bot.retention.records import Entry
from bot.retention.save_attempt import SaveAttempt, read_attempt
from bot.retention.say import Say
from bot.retention.terms import Terms
from bot.retention.ways import told_times
from bot.use_cases.answers import ask_nothing, store_answers
from bot.use_cases.ports import Billing, DeskUnitOfWork, Guard, Views, Worded, Wording
from bot.use_cases.staffing import People
from bot.use_cases.switchboard import Switchboard
from bot.use_cases.updates import Updates

log = structlog.get_logger()

HELD_BACK = Say("utter_held_back", buttons=(buttons.CANCEL, buttons.PERSON))
# What a receipt confirms has happened already; the receipt has its figures from billing.
HELD_BACK_DONE = Say("utter_held_back_done", buttons=(buttons.CANCEL, buttons.PERSON))


@dataclass(frozen=True)
class ExitRules:
    """Fits the port `Guard`: the exit rules, held against what is on record at this moment."""

    views: Views
    billing: Billing
    profiles: Profiles
    terms: Terms
    people: People = field(default_factory=People)

    def breaches(
        self,
        conversation: str,
        messages: Sequence[Worded],
        *,
        sender: Sender,
        asked_at: datetime,
        now: datetime,
    ) -> tuple[tuple[Breach, ...], ...]:
        outgoing = [Outgoing(m.text, m.buttons, m.offer, sender.value) for m in messages]
        known = Known(conversation)
        # Most messages name no figure and offer nothing: no book is opened for them.
        if any(one.offers_or_asks or one.has_figures for one in outgoing):
            known = self._known(conversation, asked_at=asked_at, now=now)
        return tuple(breaches(one, known) for one in outgoing)

    def _known(self, conversation: str, *, asked_at: datetime, now: datetime) -> Known:
        seen = self.views.updates(conversation, after=0)
        attempts = self._attempts(seen.account)
        return Known(
            conversation=conversation,
            attempts=attempts,
            cancel_pressed_at=_cancel_pressed_at(seen),
            ledger=self._ledger(
                seen.account,
                [attempt for attempt in attempts if attempt.conversation == conversation],
                moments=(now, asked_at),
            ),
        )

    def _attempts(self, account: str | None) -> tuple[SaveAttempt, ...]:
        found = self.views.attempts(account, since_reset=True) if account else ()
        return tuple(read_attempt(document) for document in found)

    def _ledger(
        self,
        account: str | None,
        attempts: Sequence[SaveAttempt],
        *,
        moments: tuple[datetime, datetime],
    ) -> Ledger | None:
        now = moments[0]
        try:
            history = self.billing.history(account, now=now) if account else None
            catalogue = history.catalogue if history else self.billing.catalogue()
        except BillingUnavailable:
            return None  # without the record nothing can be held against it
        jurisdiction = history.customer.jurisdiction if history else None
        return Ledger(
            history=history,
            catalogue=catalogue,
            terms=self.terms,
            profile=self.profiles.of(jurisdiction, now.date()),
            offers=[made.offer for attempt in attempts for made in attempt.offers],
            moments=moments,
            phrases=tuple(told_times(self.people.hours, now)) if self.people.hours else (),
        )


@dataclass(frozen=True)
class Guarded:
    """Messages beside the rules they break, in order."""

    messages: tuple[Worded, ...]
    breaches: tuple[tuple[Breach, ...], ...]
    sender: Sender

    def safe(self, wording: Wording) -> tuple[Worded, ...]:
        """Return what may go out: one safe message in the place of what is held back."""
        sent: list[Worded] = []
        for message, broken in zip(self.messages, self.breaches, strict=True):
            one = _safe(message, wording) if broken else message
            if not (broken and one in sent):
                sent.append(one)
        return tuple(sent)


def guarded(
    turn: Turn,
    messages: Sequence[Worded],
    *,
    sender: Sender,
    guard: Guard,
    now: datetime,
) -> Guarded:
    """Judge the messages; nothing is changed."""
    found = guard.breaches(
        turn.conversation, messages, sender=sender, asked_at=turn.asked_at, now=now
    )
    return Guarded(tuple(messages), found, sender)


def send(
    turn: Turn,
    answer: Guarded,
    *,
    switchboard: Switchboard,
    now: datetime,
    uow: DeskUnitOfWork,
    first_index: int = 0,
) -> None:
    """Store what may go out, and report what may not; inside the caller's transaction."""
    for index, (message, broken) in enumerate(
        zip(answer.messages, answer.breaches, strict=True), first_index
    ):
        if broken:
            _report(turn, answer.sender, broken, switchboard=switchboard, now=now, uow=uow)
            uow.conversations.drop_answer(turn, index, message, now=now)
    if answer.breaches and answer.breaches[-1]:
        # A yes must not be taken for an answer to a question that nobody saw.
        ask_nothing(turn.conversation, uow)
    store_answers(
        turn,
        answer.safe(switchboard.wording),
        sender=answer.sender,
        now=now,
        uow=uow,
        first_index=first_index,
    )


def _safe(message: Worded, wording: Wording) -> Worded:
    if message.receipt is None:
        return wording.render(HELD_BACK)
    done = wording.render(HELD_BACK_DONE)
    return Worded(done.text, done.buttons, receipt=message.receipt)


def _report(
    turn: Turn,
    sender: Sender,
    broken: tuple[Breach, ...],
    *,
    switchboard: Switchboard,
    now: datetime,
    uow: DeskUnitOfWork,
) -> None:
    account = uow.identities.account(turn.conversation)
    rules = tuple(dict.fromkeys(breach.rule for breach in broken))
    payload = {
        "conversation": turn.conversation,
        "message_id": turn.message_id,
        "from": sender.value,
        "rules": list(rules),
        "what": [breach.what for breach in broken],
    }
    uow.records.add([Entry("held_back", payload)], account=account, now=now)
    for rule in rules:
        switchboard.count_breach(rule)
        log.error("message_held_back", rule=rule, conversation=turn.conversation)


def _cancel_pressed_at(seen: Updates) -> datetime | None:
    pressed = (message.at for message in seen.messages if message.button_id == CANCEL)
    return max(pressed, default=None)
