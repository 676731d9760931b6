"""Questions, answered from the account."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.door import Domain, Events, answer


class ActionTellCancellationTerms(Action):
    def name(self) -> str:
        return "action_tell_cancellation_terms"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Events:
        return await answer(dispatcher, tracker)


class ActionTellRefundTerms(Action):
    def name(self) -> str:
        return "action_tell_refund_terms"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Events:
        return await answer(dispatcher, tracker)


class ActionTellBilling(Action):
    def name(self) -> str:
        return "action_tell_billing"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Events:
        return await answer(dispatcher, tracker)


class ActionTellPlans(Action):
    def name(self) -> str:
        return "action_tell_plans"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Events:
        return await answer(dispatcher, tracker)


class ActionHearErasure(Action):
    def name(self) -> str:
        return "action_hear_erasure"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Events:
        return await answer(dispatcher, tracker)
