"""Small talk, and what was not understood."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.door import Domain, Events, answer


class ActionGreet(Action):
    def name(self) -> str:
        return "action_greet"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Events:
        return await answer(dispatcher, tracker)


class ActionThank(Action):
    def name(self) -> str:
        return "action_thank"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Events:
        return await answer(dispatcher, tracker)


class ActionSayGoodbye(Action):
    def name(self) -> str:
        return "action_say_goodbye"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Events:
        return await answer(dispatcher, tracker)


class ActionTellAutomated(Action):
    def name(self) -> str:
        return "action_tell_automated"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Events:
        return await answer(dispatcher, tracker)


class ActionTellScope(Action):
    def name(self) -> str:
        return "action_tell_scope"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Events:
        return await answer(dispatcher, tracker)


class ActionAnswerOtherLanguage(Action):
    def name(self) -> str:
        return "action_answer_other_language"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Events:
        return await answer(dispatcher, tracker)


class ActionMisunderstood(Action):
    def name(self) -> str:
        return "action_misunderstood"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Events:
        return await answer(dispatcher, tracker)


class ActionSayAgain(Action):
    def name(self) -> str:
        return "action_say_again"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Events:
        return await answer(dispatcher, tracker)
