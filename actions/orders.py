"""Orders: cancelling them, sending them back, and where they are."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.door import Domain, Events, answer


class ActionCancelOrder(Action):
    def name(self) -> str:
        return "action_cancel_order"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Events:
        return await answer(dispatcher, tracker)


class ActionReturnOrder(Action):
    def name(self) -> str:
        return "action_return_order"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Events:
        return await answer(dispatcher, tracker)


class ActionTellOrderStatus(Action):
    def name(self) -> str:
        return "action_tell_order_status"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Events:
        return await answer(dispatcher, tracker)
