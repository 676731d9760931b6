"""Serves three small actions with the real action server, in a process of its own."""

from __future__ import annotations

import sys
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection

from actions.__main__ import build_app


class Greeting(Action):
    def name(self) -> str:
        return "action_greet"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Any:
        dispatcher.utter_message(text=f"hello {tracker.sender_id}")
        return [{"event": "slot", "name": "greeted", "value": True}]


class Breaking(Greeting):
    def name(self) -> str:
        return "action_break"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Any:
        raise ZeroDivisionError("a detail nobody should read")


class Refusing(Greeting):
    def name(self) -> str:
        return "action_refuse"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Any:
        raise ActionExecutionRejection("action_refuse")


if __name__ == "__main__":
    executor = ActionExecutor()
    for action in (Greeting(), Breaking(), Refusing()):
        executor.register_action(action)
    build_app(executor, secret=sys.argv[2]).run(host="127.0.0.1", port=int(sys.argv[1]))
