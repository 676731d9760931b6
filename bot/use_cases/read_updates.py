"""Read what is new in a conversation."""

from __future__ import annotations

from bot.use_cases.switchboard import Switchboard
from bot.use_cases.updates import Updates


def read_updates(conversation: str, *, after: int = 0, switchboard: Switchboard) -> Updates:
    """Return the messages after that seq, in order, with `idle`, holder and last seq of the same
    moment: when `idle` is True, every answer so far is among the messages.

    Raises:
        ConversationNotFound
    """
    return switchboard.views.updates(conversation, after=after)
