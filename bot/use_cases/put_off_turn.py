"""Keep a turn that could not be answered for a later try, and tell a customer who waits long."""

from __future__ import annotations

from datetime import datetime

import structlog

from bot.conversations.escalation import EscalationReason
from bot.conversations.holder import Holder
from bot.conversations.message import Sender
from bot.conversations.summary import summarise
from bot.conversations.turn import Turn, TurnState
from bot.retention import buttons
from bot.retention.say import Say
from bot.use_cases.answers import NOTICE_INDEX, ask_nothing
from bot.use_cases.guard_answers import guarded, send
from bot.use_cases.ports import DeskUnitOfWork
from bot.use_cases.switchboard import Switchboard

log = structlog.get_logger()

ASSISTANT_SLOW = Say("utter_assistant_slow", buttons=(buttons.CANCEL, buttons.PERSON))
ASSISTANT_GAVE_UP = Say("utter_assistant_gave_up", buttons=(buttons.CANCEL,))


def put_off_turn(turn: Turn, owner: str, *, switchboard: Switchboard) -> None:
    """Plan the next try; after a set time tell the customer once, and much later ask for a person.

    A worker that has lost its lease plans nothing: the turn is another's now.
    """
    now = switchboard.clock.now()
    with switchboard.unit_of_work() as uow:
        if not uow.turns.holds_lease(turn.conversation, turn.lane, owner):
            return
        waited = now - turn.asked_at
        if waited >= switchboard.limits.gives_up_after and not turn.is_event:
            _give_up(turn, uow=uow, switchboard=switchboard, now=now)
        else:
            uow.turns.put_off(turn, until=turn.tried_again_at(now))
            if waited >= switchboard.limits.patience and turn.told_at is None:
                _tell(turn, uow=uow, switchboard=switchboard, now=now)
        uow.turns.release_lease(turn.conversation, turn.lane, owner)
        uow.commit()
    switchboard.wake(turn.conversation)


def _tell(turn: Turn, *, uow: DeskUnitOfWork, switchboard: Switchboard, now: datetime) -> None:
    uow.turns.told(turn, now=now)
    state = uow.turns.get(turn.conversation, turn.number).state
    if not turn.is_event and state is TurnState.WAITING:
        _say(ASSISTANT_SLOW, turn, uow=uow, switchboard=switchboard, now=now, index=NOTICE_INDEX)


def _give_up(turn: Turn, *, uow: DeskUnitOfWork, switchboard: Switchboard, now: datetime) -> None:
    """Ask for a person: a message that can never be answered would block all later ones."""
    conversation = uow.conversations.locked(turn.conversation)
    if conversation.hold.holder is Holder.ASSISTANT:
        reason = EscalationReason.BACKEND_FAILING.value
        uow.escalations.to_queue(
            turn.conversation,
            reason=reason,
            summary=summarise(
                escalation=reason,
                account=conversation.account,
                customer_name=None,
                customer_email=None,
                identified_by=None,
                about=None,
                about_title=None,
                wants="answer",
                reason=None,
                reasons=(),
                words=(turn.text,),
                offers=(),
                done=(),
                still_open=(turn.text,),
                transcript=uow.escalations.transcript(turn.conversation),
            ),
            cause=turn.message_id,
            now=now,
        )
        # What the assistant had asked is over, so that later words wait for the person.
        ask_nothing(turn.conversation, uow)
        _say(ASSISTANT_GAVE_UP, turn, uow=uow, switchboard=switchboard, now=now)
    uow.turns.finish(turn, TurnState.FAILED, now=now)
    log.error("turn_given_up", message_id=turn.message_id, tries=turn.tries + 1)


def _say(
    say: Say,
    turn: Turn,
    *,
    uow: DeskUnitOfWork,
    switchboard: Switchboard,
    now: datetime,
    index: int = 0,
) -> None:
    notice = guarded(
        turn,
        [switchboard.wording.render(say)],
        sender=Sender.SYSTEM,
        guard=switchboard.guard,
        now=now,
    )
    send(turn, notice, switchboard=switchboard, now=now, uow=uow, first_index=index)
