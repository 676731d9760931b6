"""One simulated conversation as both sides saw it: what was done, what was shown, what is true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from bot.conversations.button import CONTROLS


class Means(str, Enum):
    """What the customer means by what they did, whatever it is understood as."""

    OPEN = "opens the chat"
    WISH = "wishes to leave"
    INSIST = "insists on leaving"
    AT_ONCE = "wants it ended right now"
    REASON = "names a reason"
    NO_REASON = "does not tell the reason"
    HARDSHIP = "is in hardship"
    DECLINE = "says no to an offer"
    MORE = "asks what else there is"
    DISCOUNT = "asks for a discount"
    ACCEPT = "accepts an offer"
    YES = "says yes to what was restated"
    NO = "says no to what was restated"
    KEEP = "stays"
    PERSON = "asks for a person"
    SERVICE = "asks for a service by name"
    CLAIM = "claims that something was promised"
    COMPLAIN = "complains"
    ANGRY = "is angry"
    LEGAL = "threatens with a lawyer"
    QUESTION = "asks a question"
    CHOOSE = "says which one"
    IDENTIFY = "says who they are"
    UNDO = "takes a cancellation back"
    CHAT = "says something beside the matter"
    SILENT = "says nothing for half an hour"
    CLOSE = "closes the chat"


# Each of them asks that what the conversation is about should end.
LEAVING = frozenset({Means.WISH, Means.INSIST, Means.AT_ONCE})


@dataclass(frozen=True)
class Seen:
    """A message as a customer sees it; `buttons` are (id, title) in their order."""

    sender: str
    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    offer: dict[str, Any] | None = None
    receipt: str | None = None

    @property
    def titles(self) -> tuple[str, ...]:
        return tuple(title for _id, title in self.buttons)


@dataclass(frozen=True)
class Did:
    """What the customer did: typed `text`, or pressed the button `button` that reads `title`.

    `times` above 1: it was sent that often, as a double click or a lost connection does.
    """

    means: frozenset[Means]
    text: str = ""
    button: str | None = None
    title: str = ""
    times: int = 1

    @property
    def is_control(self) -> bool:
        return self.button in CONTROLS


@dataclass(frozen=True)
class Exchange:
    """`account` is the account by the books after the answer, {} while nobody knows whose it is;
    `refused` is the error's code when the desk did not take it."""

    did: Did
    seen: tuple[Seen, ...]
    holder: str
    account: dict[str, Any]
    at: datetime
    refused: str | None = None

    @property
    def text(self) -> str:
        return "\n".join(seen.text for seen in self.seen)

    @property
    def offers(self) -> tuple[dict[str, Any], ...]:
        return tuple(seen.offer for seen in self.seen if seen.offer)


@dataclass
class Conversation:
    """`before` and `later` are the books at the beginning, and long after the end.

    `billing_was_down` while the customer was there; `held_back` are the rules for which the desk's
    own guard kept messages back; `chain_broken` says what is wrong with the chain of records.
    """

    seed: int
    persona: str
    before: dict[str, Any]
    signed_in: bool = True
    exchanges: list[Exchange] = field(default_factory=list)
    attempts: tuple[dict[str, Any], ...] = ()
    settled: dict[str, Any] = field(default_factory=dict)
    later: dict[str, Any] = field(default_factory=dict)
    billing_was_down: bool = False
    held_back: tuple[str, ...] = ()
    chain_broken: str | None = None

    def books_before(self, at: int) -> dict[str, Any]:
        """Return the account as it was before the exchange with this place."""
        return self.exchanges[at - 1].account or self.before if at else self.before


def written(conversation: Conversation) -> Iterator[str]:
    """Yield the conversation as a readable chat, a line at a time."""
    account = conversation.before
    yield (
        f"seed {conversation.seed}, {conversation.persona}: {account['account']} "
        f"in {account['customer']['jurisdiction'] or 'no known place'}, "
        f"{'; '.join(_held(account)) or 'nothing bought'}"
        f"{'' if conversation.signed_in else ', not signed in'}"
    )
    for exchange in conversation.exchanges:
        yield f"  {exchange.at:%Y-%m-%d %H:%M}  customer   {_did(exchange.did)}"
        if exchange.refused:
            yield f"{'':20}refused    {exchange.refused}"
        for seen in exchange.seen:
            yield f"{'':20}{seen.sender:<9}  {seen.text}"
            if seen.buttons:
                yield f"{'':31}{' '.join(f'[{title}]' for title in seen.titles)}"


def _did(did: Did) -> str:
    times = f" ({did.times} times)" if did.times > 1 else ""
    meant = ", ".join(sorted(means.value for means in did.means))
    words = f"[{did.title}]" if did.button else did.text
    return f"{words}{times}  <{meant}>".strip()


def _held(account: dict[str, Any]) -> Iterator[str]:
    for one in account["subscriptions"]:
        ends = f", ends {one['cancels_on']}" if one["cancels_on"] else ""
        yield f"{one['plan']} {one['status']} since {one['started_on']}{ends}"
    for one in account["orders"]:
        yield f"{one['item']} {one['status']}"
