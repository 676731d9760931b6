"""The assistant's working memory: the newest conversations, in this process, within bounds.

Nothing of value lives here. The gateway keeps the transcript, the database keeps what was decided;
losing this memory only means that the assistant is told again where a conversation stands.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

MOST_CONVERSATIONS = 2000
MOST_EVENTS = 400


class RecentTrackers(TrackerStore):
    """Keeps the latest session of the `most_conversations` conversations saved last.

    Sessions longer than `most_events` lose their beginning, but not the slots set in it: Rasa
    replays and posts every kept event for every action, so that length is what a turn costs.
    """

    def __init__(
        self,
        domain: Domain | None,
        event_broker: Any = None,
        most_conversations: int = MOST_CONVERSATIONS,
        most_events: int = MOST_EVENTS,
        **kwargs: Any,
    ) -> None:
        self._most_conversations = int(most_conversations)
        self._most_events = int(most_events)
        self._kept: OrderedDict[str, Sequence[Event]] = OrderedDict()
        super().__init__(domain, event_broker, **kwargs)

    async def save(self, tracker: DialogueStateTracker) -> None:
        await self.stream_events(tracker)
        events = latest_session(list(tracker.events))
        self._kept[tracker.sender_id] = shortened(events, self._most_events)
        self._kept.move_to_end(tracker.sender_id)
        while len(self._kept) > self._most_conversations:
            self._kept.popitem(last=False)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        events = self._kept.get(sender_id)
        if events is None:
            return None
        # Replayed into a fresh tracker: a turn that fails half-way leaves what was saved as it was.
        tracker = self.init_tracker(sender_id)
        for event in events:
            tracker.update(event)
        return tracker

    async def keys(self) -> Iterable[str]:
        return list(self._kept)


def latest_session(events: Sequence[Event]) -> Sequence[Event]:
    """Return the events from the last session start on; a session carries its slots over itself."""
    starts = [index for index, event in enumerate(events) if isinstance(event, SessionStarted)]
    if not starts:
        return events
    # The action that started the session stands right before the event that marks it.
    before = starts[-1] - 1
    opened = before >= 0 and isinstance(events[before], ActionExecuted)
    return events[before if opened else starts[-1] :]


def shortened(events: Sequence[Event], most: int) -> Sequence[Event]:
    """Return at most about `most` events: the newest turns, led by what was known before them."""
    if len(events) <= most:
        return events
    turns = [index for index, event in enumerate(events) if isinstance(event, UserUttered)]
    cut = next((index for index in turns if index >= len(events) - most), len(events))
    # A turn begins with the listening before the customer's message.
    cut = max(cut - 1, 0)
    return [*_known(events[:cut]), *events[cut:]]


def _known(events: Sequence[Event]) -> list[Event]:
    slots: dict[str, Event] = {}
    loops: list[Event] = []
    for event in events:
        if isinstance(event, SlotSet):
            slots[event.key] = event
        elif isinstance(event, ActiveLoop):
            loops = [event]
    return [*slots.values(), *loops]
