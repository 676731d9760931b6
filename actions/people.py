"""Faults, complaints, and the way to a person."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.door import Domain, Events, answer


class ActionHearProblem(Action):
    def name(self) -> str:
        return "action_hear_problem"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Events:
        return await answer(dispatcher, tracker)


class ActionHearComplaint(Action):
    def name(self) -> str:
        return "action_hear_complaint"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Events:
        return await answer(dispatcher, tracker)


class ActionFetchPerson(Action):
    def name(self) -> str:
        return "action_fetch_person"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Events:
        return await answer(dispatcher, tracker)


class ActionHearLegal(Action):
    def name(self) -> str:
        return "action_hear_legal"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Events:
        return await answer(dispatcher, tracker)
