"""Make one move in a conversation: load, decide, carry out, record; once, however often asked."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import structlog

from bot.errors import BillingUnavailable, NotPossible, StaleDialogue, TooManyMessages
from bot.retention import conclusions, identifying, moves, people
from bot.retention.authority import Grantor
from bot.retention.commands import Command
from bot.retention.dialogue import (
    Act,
    Dialogue,
    Heard,
    Scene,
    SendCode,
    Situation,
    Step,
    TryCode,
    read_dialogue,
    read_heard,
)
from bot.retention.jurisdiction import Profiles
from bot.retention.policy import RetentionPolicy
from bot.retention.records import Entry
from bot.retention.say import Reply, Say
from bot.retention.terms import Terms
from bot.use_cases.agreeing import agree
from bot.use_cases.events import OPENED
from bot.use_cases.ports import Billing, Clock, Outcomes, UnitOfWork
from bot.use_cases.recorded_act import act_entry, read_act, write_act, write_command
from bot.use_cases.recorded_move import record_move
from bot.use_cases.recorded_reply import read_reply, read_say, write_reply, write_say
from bot.use_cases.situations import situation_of
from bot.use_cases.staffing import People
from bot.use_cases.to_people import to_people

log = structlog.get_logger()

_TRIES = 4
# Where the dialogue document keeps what billing was asked to do until it is known to be done.
_CARRYING_OUT = "carrying_out"


@dataclass(frozen=True)
class Desk:
    """What a move needs from outside, wired once by the composition root.

    `id_key` keys the names of attempts and receipts, so that nobody can guess them.
    """

    unit_of_work: Callable[[], UnitOfWork]
    billing: Billing
    clock: Clock
    policies: tuple[RetentionPolicy, ...]
    profiles: Profiles
    terms: Terms
    outcomes: Outcomes
    id_key: bytes
    people: People = field(default_factory=People)


@dataclass(frozen=True)
class Said:
    """One thing the customer did; `message_id` names the stored message it came with."""

    conversation: str
    message_id: str
    text: str
    intent: str
    entities: tuple[tuple[str, str], ...] = ()
    ranking: tuple[str, ...] = ()


Take = Callable[[Dialogue, Heard, Situation], Step]


def make_move(
    said: Said, *, desk: Desk, take: Take = moves.take, grantor: Grantor | None = None
) -> Reply:
    """Take one move and return what to say; a repeated call returns the recorded reply.

    The move is the customer's; `take` decides it otherwise for what a person does at the desk, by
    the authority of `grantor`.

    Raises:
        StaleDialogue: others kept moving in this conversation; the turn may be tried again.
        AccountNotFound: the conversation's account is gone.
        BillingUnavailable: the account cannot be read now; nothing was changed.
    """
    for _ in range(_TRIES - 1):
        try:
            return _Move(said, desk, take, grantor).make()
        except StaleDialogue:
            continue
    return _Move(said, desk, take, grantor).make()


class _Move:
    """One try: decided on what stands now, recorded only if it still stands.

    What billing is to do is written into the dialogue before billing hears of it. A process that
    dies between leaves it there, and whoever moves next in this conversation finishes it first.
    """

    def __init__(
        self, said: Said, desk: Desk, take: Take = moves.take, grantor: Grantor | None = None
    ) -> None:
        self._said, self._desk = said, desk
        self._take, self._grantor = take, grantor
        self._now = desk.clock.now()
        self._waiting: list[tuple[str, Act]] = []
        self._acts: list[Entry] = []

    def make(self) -> Reply:
        with self._desk.unit_of_work() as uow:
            recorded = uow.moves.find(self._said.conversation, self._said.message_id)
            if recorded is not None:
                return read_reply(recorded)
            self._asked_at = uow.moves.asked_at(self._said.conversation, self._said.message_id)
            document, self._version = uow.dialogues.get(self._said.conversation)
            account = uow.identities.account(self._said.conversation)
            self._earlier = uow.save_attempts.of_account(account) if account else ()
            self._spent = uow.budgets.spent(now=self._now)
            self._ticket = uow.tickets.open_in(self._said.conversation)
            self._held_by_agent = uow.tickets.held_by_agent(self._said.conversation)
            opens = account and self._said.intent == OPENED
            self._contacts = uow.check_ins.contacts(account) if account and opens else None
        begun = document.get(_CARRYING_OUT)
        if begun and begun["message_id"] != self._said.message_id:
            _Move(replace(self._said, message_id=begun["message_id"]), self._desk).make()
            raise StaleDialogue(self._said.conversation)
        dialogue, situation = read_dialogue(document), self._situation(account)
        if begun:
            return self._resume(dialogue, begun, situation)
        said = self._said
        heard = Heard(said.intent, said.text, said.entities, said.ranking)
        step = self._take(dialogue, heard, situation)
        scene = Scene(step.dialogue, heard, situation)
        if isinstance(step.identify, TryCode):
            return self._try_code(scene, step.identify)
        try:
            return self._go_on(step, heard, situation)
        except TooManyMessages:
            return self._record(identifying.too_many_codes(scene), situation)

    def _resume(self, dialogue: Dialogue, begun: dict[str, Any], situation: Situation) -> Reply:
        """Go on where an earlier try died; billing knows by the key what it has done already."""
        step = Step(dialogue, act=read_act(begun["act"]))
        preface = tuple(read_say(say) for say in begun["preface"])
        return self._finish(step, read_heard(begun["heard"]), situation, preface)

    def _go_on(
        self, step: Step, heard: Heard, situation: Situation, preface: tuple[Say, ...] = ()
    ) -> Reply:
        instead = self._announce(step, step.act, heard, situation, preface) if step.act else None
        if instead:
            return self._record(instead, situation)
        return self._finish(step, heard, situation, preface)

    def _announce(
        self, step: Step, act: Act, heard: Heard, situation: Situation, preface: tuple[Say, ...]
    ) -> Step | None:
        """Write down what is about to be done, or return what is said because it no longer can."""
        begun = {
            "message_id": self._said.message_id,
            "act": write_act(act),
            "heard": heard.to_document(),
            "preface": [write_say(say) for say in preface],
        }
        document = {**step.dialogue.to_document(), _CARRYING_OUT: begun}
        with self._desk.unit_of_work() as uow:
            uow.dialogues.put(self._said.conversation, document, version=self._version)
            instead = agree(uow, Scene(step.dialogue, heard, situation), act)
            if instead:
                return instead
            uow.commit()
        self._version += 1
        return None

    def _finish(
        self, step: Step, heard: Heard, situation: Situation, preface: tuple[Say, ...]
    ) -> Reply:
        if step.act:
            scene = Scene(step.dialogue, heard, situation)
            step = people.after_act(scene, self._carried_out(scene, step.act), step.act)
        return self._record(replace(step, says=(*preface, *step.says)), situation)

    def _carried_out(self, scene: Scene, act: Act) -> Step:
        """Have billing do what was decided, and let the outcome be worded from what is now true."""
        situation = scene.situation
        account = situation.account.account
        try:
            for key, command in _keyed(self._said.message_id, act):
                history = self._desk.billing.execute(account, command, key=key, now=self._now)
                situation = replace(situation, history=history)
                self._note_act(account, key, command, "done")
        except NotPossible as error:
            log.warning("command_not_possible", message_id=self._said.message_id, why=str(error))
            self._note_act(account, key, command, "not_possible")
            return conclusions.not_possible(scene, act)
        except BillingUnavailable as error:
            if act.is_exit or error.may_have_happened:
                # What may have happened half can be finished, and done once, by its own key alone.
                self._note_act(account, key, command, "queued")
                self._waiting.append((account, act))
            return conclusions.billing_down(scene, act, unsure_whether_done=error.may_have_happened)
        return conclusions.concluded(replace(scene, situation=situation), act)

    def _note_act(self, account: str, key: str, command: Command, result: str) -> None:
        self._acts.append(act_entry(account, key, command, result))

    def _try_code(self, scene: Scene, tried: TryCode) -> Reply:
        """Check the code; when it is right, go on with what had to wait for it."""
        account = self._account_proved_by(tried)
        if account is None:
            return self._record(identifying.code_refused(scene), scene.situation)
        situation = self._situation(account)
        scene, waiting = identifying.known_now(replace(scene, situation=situation))
        known = Say("utter_known_now", {"name": situation.account.customer.name})
        if waiting is None:
            return self._record(scene.step(known), situation)
        step = moves.take(scene.dialogue, waiting, situation)
        return self._go_on(step, waiting, situation, (known,))

    def _account_proved_by(self, tried: TryCode) -> str | None:
        """A try counts even if nothing else comes of this move, so it commits by itself."""
        conversation = self._said.conversation
        with self._desk.unit_of_work() as uow:
            account = uow.identities.account(conversation)
            if account is None:
                account = uow.identities.try_code(conversation, tried.code, now=self._now)
                if account:
                    uow.identities.bind(conversation, account, now=self._now)
            uow.commit()
        return account

    def _record(self, step: Step, situation: Situation) -> Reply:
        said, reply = self._said, step.reply
        with self._desk.unit_of_work() as uow:
            recorded = uow.moves.find(said.conversation, said.message_id)
            if recorded is not None:
                return read_reply(recorded)
            uow.dialogues.put(said.conversation, step.dialogue.to_document(), version=self._version)
            self._record_what_changed(uow, step, situation)
            uow.moves.add(said.conversation, said.message_id, write_reply(reply), now=self._now)
            uow.commit()
        log.info("move_made", message_id=said.message_id, intent=said.intent)
        return reply

    def _record_what_changed(self, uow: UnitOfWork, step: Step, situation: Situation) -> None:
        record_move(uow, step, situation, before=self._earlier, acts=self._acts)
        for account, act in self._waiting:
            for key, command in _keyed(self._said.message_id, act):
                uow.cancellations.put(
                    key, account, write_command(command), requested_at=situation.requested_at
                )
        if isinstance(step.identify, SendCode):
            self._send_code(uow, step.identify.email)
        to_people(uow, step, situation, self._said, self._desk.people)

    def _send_code(self, uow: UnitOfWork, email: str) -> None:
        account = self._desk.billing.account_of_email(email)
        uow.identities.new_code(self._said.conversation, email, account, now=self._now)

    def _situation(self, account: str | None) -> Situation:
        known = situation_of(
            account,
            rules=self._desk,
            now=self._now,
            conversation=self._said.conversation,
            new_id=self._new_id(),
            earlier=self._earlier,
            asked_at=self._asked_at,
            spent=self._spent,
        )
        situation = self._desk.people.known(
            known, self._ticket, self._held_by_agent, self._contacts
        )
        if self._grantor is None:
            return situation
        # What a person chooses is not drawn by lot.
        terms = replace(situation.terms, explore_percent=0)
        return replace(situation, grantor=self._grantor, terms=terms)

    def _new_id(self) -> str:
        """Name what this message brings about: the same on every try, and not to be guessed."""
        named = hmac.new(self._desk.id_key, self._said.message_id.encode(), hashlib.sha256)
        return named.hexdigest()[:24]


def _keyed(message_id: str, act: Act) -> list[tuple[str, Any]]:
    """Name every command of an act for good: the same name on every try."""
    return [
        (f"{message_id}:{number}:{type(command).__name__}", command)
        for number, command in enumerate(act.commands)
    ]
