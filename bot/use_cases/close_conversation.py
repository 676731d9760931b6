"""Close a conversation because the customer left it."""

from __future__ import annotations

import structlog

from bot.conversations.holder import Holder
from bot.conversations.turn import Lane
from bot.use_cases.events import CLOSED, add_event
from bot.use_cases.run_turn import run_turn
from bot.use_cases.switchboard import Switchboard

log = structlog.get_logger()


def close_conversation(conversation: str, *, switchboard: Switchboard) -> Holder:
    """Let the dialogue record how it ended, then close; return the holder afterwards.

    What the customer said before is still answered first: a stated cancellation is carried out
    although nobody looks any more. Who waits for a person keeps their place in the queue. A
    repeated call changes nothing.

    Raises:
        ConversationNotFound
    """
    now = switchboard.clock.now()
    with switchboard.unit_of_work() as uow:
        found = uow.conversations.locked(conversation)
        has_left = found.hold.holder is Holder.CLOSED or found.left_at is not None
        if has_left or uow.turns.has_waiting(conversation, CLOSED):
            return found.hold.holder
        is_next = uow.turns.oldest_waiting(conversation, Lane.TALK) is None
        uow.conversations.save(add_event(found, CLOSED, uow=uow, now=now), now=now)
        uow.commit()
    if is_next:
        run_turn(conversation, switchboard=switchboard)
    holder = switchboard.views.updates(conversation, after=0).holder
    log.info("conversation_left", conversation=conversation, holder=holder.value)
    return holder
