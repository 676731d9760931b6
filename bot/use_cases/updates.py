"""What there is to read in a conversation, and how its readers learn that there is more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from bot.conversations.holder import Holder
from bot.conversations.message import Message


@dataclass(frozen=True)
class Updates:
    """What a reader has not seen yet. `idle`: no turn is being worked on or waits.

    `agent_name` is whom the customer talks to, when an agent holds the conversation.
    """

    messages: tuple[Message, ...]
    idle: bool
    holder: Holder
    last_seq: int
    account: str | None
    agent_name: str | None = None

    @property
    def standing(self) -> Standing:
        return Standing(self.idle, self.holder, self.last_seq, self.agent_name)


class Standing(NamedTuple):
    """What there is to know of a conversation beside its words, as in `Updates`."""

    idle: bool
    holder: Holder
    last_seq: int
    agent_name: str | None


class Mark(NamedTuple):
    """Another one when there is something new to see; `last_note` None: notes are not looked at."""

    standing: Standing
    last_note: int | None = None
