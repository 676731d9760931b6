"""The assistant's working memory: complete within a session, bounded over all."""

from __future__ import annotations

import asyncio

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import TextSlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channels.recent_trackers import RecentTrackers, latest_session, shortened

DOMAIN = Domain(
    intents=["greet"],
    entities=[],
    slots=[TextSlot("about", mappings=[{"type": "custom"}], influence_conversation=False)],
    responses={"utter_greet": [{"text": "Hello"}]},
    action_names=[],
    forms={},
    data={},
)


def a_turn(number: int) -> list[Event]:
    return [
        ActionExecuted("action_listen"),
        UserUttered(f"message {number}", intent={"name": "greet"}),
        ActionExecuted("utter_greet"),
        BotUttered(f"answer {number}"),
    ]


def a_tracker(sender: str, *events: Event) -> DialogueStateTracker:
    return DialogueStateTracker.from_events(sender, list(events), DOMAIN.slots)


def saved(store: RecentTrackers, tracker: DialogueStateTracker) -> DialogueStateTracker | None:
    async def through() -> DialogueStateTracker | None:
        await store.save(tracker)
        return await store.retrieve(tracker.sender_id)

    return asyncio.run(through())


def test_what_was_saved_comes_back_with_its_slots():
    tracker = a_tracker("c-1", *a_turn(1), SlotSet("about", "S-1"))
    back = saved(RecentTrackers(DOMAIN), tracker)
    assert back is not None
    assert back.get_slot("about") == "S-1"
    assert list(back.events) == list(tracker.events)


def test_an_unknown_conversation_is_none():
    assert asyncio.run(RecentTrackers(DOMAIN).retrieve("c-1")) is None


def test_a_turn_that_failed_half_way_leaves_what_was_saved():
    store = RecentTrackers(DOMAIN)
    broken = saved(store, a_tracker("c-1", *a_turn(1)))
    assert broken is not None
    broken.update(SlotSet("about", "never saved"))
    back = asyncio.run(store.retrieve("c-1"))
    assert back is not None
    assert back.get_slot("about") is None


def test_only_the_newest_conversations_are_kept():
    store = RecentTrackers(DOMAIN, most_conversations=2)
    for sender in ("c-1", "c-2", "c-1", "c-3"):
        saved(store, a_tracker(sender, *a_turn(1)))
    assert asyncio.run(store.keys()) == ["c-1", "c-3"]


def test_settings_given_as_text_are_numbers():
    # Rasa fills ${...} in endpoints.yml with text.
    store = RecentTrackers(DOMAIN, most_conversations="1", most_events="8")
    saved(store, a_tracker("c-1", *a_turn(1)))
    saved(store, a_tracker("c-2", *a_turn(1)))
    assert asyncio.run(store.keys()) == ["c-2"]


def test_an_earlier_session_is_left_behind():
    start = [ActionExecuted("action_session_start"), SessionStarted()]
    events = [*start, *a_turn(1), *start, *a_turn(2)]
    assert latest_session(events) == [*start, *a_turn(2)]
    assert latest_session(a_turn(1)) == a_turn(1)


def test_a_long_session_keeps_its_newest_turns_and_all_it_knows():
    turns = [event for number in range(100) for event in a_turn(number)]
    begun = [SlotSet("about", "first"), SlotSet("about", "S-1"), ActiveLoop("a_form")]
    kept = shortened([*begun, *turns], 40)
    assert list(kept[:2]) == begun[1:]
    assert kept[2] == ActionExecuted("action_listen")
    assert list(kept[2:]) == turns[-40:]


@pytest.mark.parametrize("length", [1, 10, 40])
def test_a_session_within_bounds_is_left_alone(length):
    events = [event for number in range(length // 4 + 1) for event in a_turn(number)][:length]
    assert shortened(events, 40) is events


def test_a_session_of_any_length_stays_bounded_when_saved():
    store = RecentTrackers(DOMAIN, most_events=40)
    tracker = a_tracker("c-1", SlotSet("about", "S-1"))
    for number in range(100):
        for event in a_turn(number):
            tracker.update(event)
        back = saved(store, tracker)
        assert back is not None
        tracker = back
    assert len(tracker.events) <= 42
    assert tracker.get_slot("about") == "S-1"
    assert tracker.latest_message is not None
    assert tracker.latest_message.text == "message 99"
