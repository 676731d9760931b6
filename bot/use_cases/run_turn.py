"""Answer the oldest waiting turn of a conversation, once, whoever else tries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from bot.conversations.conversation import Conversation
from bot.conversations.holder import Holder
from bot.conversations.message import Sender
from bot.conversations.turn import Lane, Route, Turn, TurnState
from bot.conversations.understood import Understood
from bot.errors import AssistantUnavailable, StaleDialogue, Unavailable
from bot.retention import buttons, ways
from bot.retention.say import PRESS_CANCEL, PRESS_PERSON, Say
from bot.use_cases.answers import ask_nothing
from bot.use_cases.events import CLOSED
from bot.use_cases.guard_answers import Guarded, guarded, send
from bot.use_cases.ports import Asked, DeskUnitOfWork, Worded
from bot.use_cases.put_off_turn import put_off_turn
from bot.use_cases.switchboard import Switchboard
from bot.use_cases.turn_lease import TurnLease

log = structlog.get_logger()

WISH_TO_LEAVE = "request_cancellation"
PERSON_IS_HERE = Say("utter_person_is_here", buttons=(buttons.CANCEL,))
CONTROL_AGAIN = Say("utter_control_again", buttons=(buttons.CANCEL,))


@dataclass(frozen=True)
class _Begun:
    """A turn with what stood when it was begun. `is_recorded`: the dialogue has moved already, and
    only the answer was lost on its way into the transcript. `ticket` is the open one here."""

    turn: Turn
    owner: str
    conversation: Conversation
    awaiting: str | None
    options: tuple[dict[str, Any], ...]
    is_recorded: bool
    ticket: str | None


@dataclass(frozen=True)
class _Answer:
    messages: Sequence[Worded] = ()
    sender: Sender = Sender.ASSISTANT
    understood: Understood | None = None


def run_turn(
    conversation: str,
    lane: Lane = Lane.TALK,
    *,
    switchboard: Switchboard,
    held_by: str | None = None,
) -> bool:
    """Work on the lane's oldest waiting turn; return whether it is answered now.

    `held_by` owns the lane's lease already: who made the turn may keep it from all other workers.

    False: nothing waits, another worker is on it, its next try is not due, or the assistant did
    not answer (the turn stays and gets a later `next_try_at`). Call again while it returns True.
    The two lanes of a conversation run side by side; within a lane one turn runs at a time, also
    across processes. Blocks while the assistant works, so run it in a thread.
    """
    begun = _begin(conversation, lane, switchboard, held_by)
    if begun is None:
        return False
    try:
        with TurnLease(conversation, lane, begun.owner, switchboard):
            answer = _answer(begun, switchboard)
        # Two lanes that write at once may block each other; the database then turns one away.
        return _finish(begun, answer, switchboard)
    except (Unavailable, StaleDialogue) as error:
        log.warning("turn_put_off", message_id=begun.turn.message_id, error=error.code)
        put_off_turn(begun.turn, begun.owner, switchboard=switchboard)
        return False
    except Exception:
        # A fault of ours must not be repeated at once and for ever; the caller reports it.
        put_off_turn(begun.turn, begun.owner, switchboard=switchboard)
        raise


def _begin(
    conversation: str, lane: Lane, switchboard: Switchboard, held_by: str | None
) -> _Begun | None:
    now, owner = switchboard.clock.now(), held_by or switchboard.ids.owner()
    until = now + switchboard.limits.lease
    with switchboard.unit_of_work() as uow:
        mine = (
            uow.turns.renew_lease(conversation, lane, owner, until=until)
            if held_by
            else uow.turns.take_lease(conversation, lane, owner, now=now, until=until)
        )
        if not mine:
            return None
        turn = uow.turns.oldest_waiting(conversation, lane)
        if turn is None or (turn.next_try_at is not None and turn.next_try_at > now):
            return None  # uncommitted: the lease was never taken
        document, _version = uow.dialogues.get(conversation)
        begun = _Begun(
            turn=turn,
            owner=owner,
            conversation=uow.conversations.get(conversation),
            awaiting=document.get("awaiting"),
            options=tuple(document.get("options") or ()),
            is_recorded=uow.moves.find(conversation, turn.message_id) is not None,
            ticket=uow.tickets.open_in(conversation),
        )
        uow.commit()
    return begun


def _answer(begun: _Begun, switchboard: Switchboard) -> _Answer:
    turn, hold = begun.turn, begun.conversation.hold
    route = turn.route(hold, asks=begun.awaiting is not None)
    if turn.intent == PRESS_PERSON and hold.holder is Holder.AGENT and not begun.is_recorded:
        return _Answer((switchboard.wording.render(PERSON_IS_HERE),), Sender.SYSTEM)
    if begun.is_recorded or route is Route.DIRECT:
        return _moved(turn, turn.intent or "", switchboard)
    if route is Route.ASSISTANT:
        try:
            return _asked(begun, switchboard)
        except AssistantUnavailable:
            answer = _without_assistant(turn, switchboard)
            if answer is None:
                raise
            return answer
    if not switchboard.understanding.wants_to_leave(turn.text):
        return _noted(begun, switchboard)
    if hold.holder is Holder.AGENT:
        return _Answer((switchboard.wording.render(CONTROL_AGAIN),), Sender.SYSTEM)
    return _moved(turn, PRESS_CANCEL, switchboard)


def _noted(begun: _Begun, switchboard: Switchboard) -> _Answer:
    """Say that the words follow the ticket; who waits or has an agent needs nothing said."""
    if begun.conversation.hold.holder is not Holder.TICKET or begun.ticket is None:
        return _Answer()
    say = Say("utter_added_to_ticket", {"ticket": begun.ticket}, (ways.GO_ON, buttons.CANCEL))
    return _Answer((switchboard.wording.render(say),), Sender.SYSTEM)


def _moved(turn: Turn, intent: str, switchboard: Switchboard) -> _Answer:
    reply = switchboard.move(
        conversation=turn.conversation,
        message_id=turn.message_id,
        # The title of a pressed control is not what the customer said.
        text="" if turn.lane is Lane.CONTROL else turn.text,
        intent=intent,
        entities=turn.entities,
    )
    return _Answer(tuple(switchboard.wording.render(say) for say in reply.says))


def _without_assistant(turn: Turn, switchboard: Switchboard) -> _Answer | None:
    """Answer what needs no assistant, or must not wait for it.

    What a press means is known. A stated wish to leave is acted upon from the second try on: by
    then a short hiccup is over, and with it the chance of hearing the reason in the same words.
    """
    if turn.intent:
        return _moved(turn, turn.intent, switchboard)
    if turn.tries and switchboard.understanding.wants_to_leave(turn.text):
        return _moved(turn, WISH_TO_LEAVE, switchboard)
    return None


def _asked(begun: _Begun, switchboard: Switchboard) -> _Answer:
    turn = begun.turn
    answer = switchboard.assistant.answer(
        Asked(
            conversation=turn.conversation,
            message_id=turn.message_id,
            text=turn.text,
            intent=turn.intent,
            entities=turn.entities,
            account=begun.conversation.account,
            awaiting=begun.awaiting,
            options=begun.options,
        )
    )
    # What a button means was never in question.
    heard = answer.understood if turn.intent is None else None
    return _Answer(answer.messages, understood=heard)


def _finish(begun: _Begun, answer: _Answer, switchboard: Switchboard) -> bool:
    now, turn = switchboard.clock.now(), begun.turn
    # Before the transaction: the guard reads the account, and the database has one writer a time.
    checked = guarded(turn, answer.messages, sender=answer.sender, guard=switchboard.guard, now=now)
    with switchboard.unit_of_work() as uow:
        if not uow.turns.holds_lease(turn.conversation, turn.lane, begun.owner):
            log.warning("turn_lost_its_lease", message_id=turn.message_id)
            return False
        state = _store(begun, checked, switchboard=switchboard, uow=uow, now=now)
        uow.turns.finish(turn, state, now=now)
        if answer.understood is not None:
            uow.understandings.add(turn, answer.understood, now=now)
        uow.turns.release_lease(turn.conversation, turn.lane, begun.owner)
        if turn.is_event and turn.intent == CLOSED:
            conversation = uow.conversations.locked(turn.conversation)
            uow.conversations.save(conversation.left(cause=turn.message_id, now=now), now=now)
        uow.commit()
    switchboard.wake(turn.conversation)
    log.info("turn_answered", message_id=turn.message_id, state=state.value, tries=turn.tries + 1)
    return True


def _store(
    begun: _Begun,
    answer: Guarded,
    *,
    switchboard: Switchboard,
    uow: DeskUnitOfWork,
    now: datetime,
) -> TurnState:
    """Store the answer where it still fits; else keep it aside and say why it was not shown."""
    turn = begun.turn
    hold = uow.conversations.locked(turn.conversation).hold
    state = uow.turns.get(turn.conversation, turn.number).state
    # A control is answered whoever holds the conversation by now: it is no talk (R3, R10).
    fits = turn.lane is Lane.CONTROL or hold.still_fits(
        begun.conversation.hold.version, turn.message_id
    )
    if state is TurnState.WAITING and fits:
        send(turn, answer, switchboard=switchboard, now=now, uow=uow)
        return TurnState.DONE
    if state is not TurnState.WAITING:
        _drop(turn, answer, range(len(answer.messages)), uow=uow, now=now)
        return state
    _send_receipts(turn, answer, switchboard=switchboard, uow=uow, now=now)
    unseen = [n for n, message in enumerate(answer.messages) if message.receipt is None]
    _drop(turn, answer, unseen, uow=uow, now=now)
    if unseen:
        # What it asked was never seen, so that no later word is an answer to it.
        ask_nothing(turn.conversation, uow)
    return TurnState.DROPPED


def _send_receipts(
    turn: Turn,
    answer: Guarded,
    *,
    switchboard: Switchboard,
    uow: DeskUnitOfWork,
    now: datetime,
) -> None:
    """Tell what was carried out, although a person took over meanwhile: it is a fact, not talk."""
    for index, message in enumerate(answer.messages):
        if message.receipt is not None:
            one = Guarded((message,), (answer.breaches[index],), Sender.SYSTEM)
            send(turn, one, switchboard=switchboard, now=now, uow=uow, first_index=index)


def _drop(
    turn: Turn, answer: Guarded, places: Iterable[int], *, uow: DeskUnitOfWork, now: datetime
) -> None:
    for place in places:
        uow.conversations.drop_answer(turn, place, answer.messages[place], now=now)
