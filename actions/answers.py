"""Answers to what the desk asked."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.door import Domain, Events, answer


class ActionAffirm(Action):
    def name(self) -> str:
        return "action_affirm"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Events:
        return await answer(dispatcher, tracker)


class ActionDeny(Action):
    def name(self) -> str:
        return "action_deny"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Events:
        return await answer(dispatcher, tracker)


class ActionAccept(Action):
    def name(self) -> str:
        return "action_accept"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Events:
        return await answer(dispatcher, tracker)


class ActionDecline(Action):
    def name(self) -> str:
        return "action_decline"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Events:
        return await answer(dispatcher, tracker)


class ActionShowOtherOptions(Action):
    def name(self) -> str:
        return "action_show_other_options"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Events:
        return await answer(dispatcher, tracker)


class ActionChoose(Action):
    def name(self) -> str:
        return "action_choose"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Events:
        return await answer(dispatcher, tracker)


class ActionTakeEmail(Action):
    def name(self) -> str:
        return "action_take_email"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Events:
        return await answer(dispatcher, tracker)


class ActionTakeCode(Action):
    def name(self) -> str:
        return "action_take_code"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Events:
        return await answer(dispatcher, tracker)


class ActionTakePhone(Action):
    def name(self) -> str:
        return "action_take_phone"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Events:
        return await answer(dispatcher, tracker)
