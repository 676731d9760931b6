"""What trainers look at next: messages that teach most, alike ones together, in their context."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.annotation.alike import together
from bot.annotation.judgement import Agreement, agreement, decided
from bot.annotation.teaching import Happened, Sign, in_order, signs
from bot.errors import NotFound
from bot.use_cases.studio_desk import StudioDesk
from bot.use_cases.studio_ports import Line

SHOWN_FOR = timedelta(days=30)
MOST = 1000
BEFORE, AFTER = 4, 4
# So many are decided at one stroke; the rest come next.
MOST_ALIKE = 8


@dataclass(frozen=True)
class Item:
    """Messages that one decision answers: the first is shown, with why it is worth a look."""

    messages: tuple[Happened, ...]

    @property
    def first(self) -> Happened:
        return self.messages[0]

    @property
    def key(self) -> str:
        """Name the item in an address."""
        return f"{self.first.heard.conversation}:{self.first.heard.turn}"

    @property
    def signs(self) -> tuple[Sign, ...]:
        return signs(self.first)


@dataclass(frozen=True)
class Inbox:
    """What is open to one trainer, what teaches most first, and how far trainers agree."""

    items: tuple[Item, ...]
    agreement: Agreement

    def item(self, key: str) -> Item | None:
        return next((one for one in self.items if one.key == key), None)


def read_inbox(trainer: str, *, desk: StudioDesk) -> Inbox:
    """Return what the trainer of this id has to decide, of the messages of the last 30 days."""
    found = desk.views.happened_since(desk.clock.now() - SHOWN_FOR, most=MOST)
    return Inbox(
        items=tuple(_items(in_order(found, trainer))),
        agreement=agreement([one.judgements for one in found]),
    )


def _items(found: Sequence[Happened]) -> Iterator[Item]:
    """Yield alike messages together, except those somebody has decided: they stand alone."""
    fresh = [one for one in found if not decided(one.judgements)]
    groups = {group[0]: group for group in together([one.heard.text for one in fresh])}
    places = {id(one): place for place, one in enumerate(fresh)}
    for one in found:
        place = places.get(id(one))
        if place is None:
            yield Item((one,))
        elif place in groups:
            yield Item(tuple(fresh[other] for other in groups[place][:MOST_ALIKE]))


def context_of(item: Item, *, desk: StudioDesk) -> tuple[Line, ...]:
    """Return the item's first message with what was said before and after."""
    return desk.views.around(item.first.heard, before=BEFORE, after=AFTER)


def happened_at(conversation: str, turn: int, *, desk: StudioDesk) -> Happened:
    """Return what came of one message, whoever has judged it. Raises NotFound."""
    found: Sequence[Happened] = desk.views.happened_in(conversation)
    wanted = next((one for one in found if one.heard.turn == turn), None)
    if wanted is None:
        raise NotFound("There is no such message any more.")
    return wanted
