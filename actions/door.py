"""The door between Rasa and the desk: what was said goes in, what is to be said comes out.

Every action is one conversational move and does the same here; which move it is stands in the
intent. Nothing is put into slots: the desk keeps where a conversation stands, the tracker forgets.
"""

from __future__ import annotations

import asyncio
import json
from functools import lru_cache
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot import bootstrap, settings
from bot.retention.say import Button, Reply, Say
from bot.understanding.entities import TOLD
from bot.use_cases.make_move import Desk, Said, make_move

Domain = dict[str, Any]
Events = list[dict[str, Any]]

# Beyond the best few a guess is no better than chance.
GUESSES = 10


async def answer(dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
    """Make the move the customer's latest message stands for, and hand its answer to Rasa.

    Runs in a thread, because the desk waits for database and billing system. Called again for the
    same message it gives the same answer and does nothing twice.
    """
    said = read_said(tracker)
    reply = await asyncio.to_thread(lambda: make_move(said, desk=desk()))
    tell(dispatcher, reply)
    return []


@lru_cache(maxsize=1)
def desk() -> Desk:
    """Return this process's desk; policies are read once, when the first customer speaks."""
    return bootstrap.desk(settings.load())


def read_said(tracker: Tracker) -> Said:
    """Translate the tracker's latest message.

    Raises:
        KeyError: the message has no id; it did not come through the desk's own channel.
    """
    message = tracker.latest_message
    intent = message.get("intent") or {}
    return Said(
        conversation=tracker.sender_id,
        message_id=message["message_id"],
        text=message.get("text") or "",
        intent=intent["name"],
        entities=tuple(
            (found["entity"], str(found["value"]))
            for found in message.get("entities") or ()
            # What has lasted so long already is no wish for a pause of that length.
            if found.get("value") is not None and found.get("role") != TOLD
        ),
        ranking=tuple(guess["name"] for guess in (message.get("intent_ranking") or ())[:GUESSES]),
    )


def tell(dispatcher: CollectingDispatcher, reply: Reply) -> None:
    """Queue every message of the reply; Rasa and our channel word it from domain.yml."""
    for say in reply.says:
        dispatcher.utter_message(
            response=say.response,
            buttons=[write_button(button) for button in say.buttons],
            json_message=_attached(say),
            **say.figures,
        )


def write_button(button: Button) -> dict[str, str]:
    """Write a button as Rasa knows it; a title that is a response name is worded by the channel."""
    entities = json.dumps(dict(button.entities)) if button.entities else ""
    return {"title": button.title, "payload": f"/{button.intent}{entities}"}


def _attached(say: Say) -> dict[str, Any]:
    """Return what hangs on a message; an offer's title and terms need the figures to be worded."""
    attached: dict[str, Any] = {}
    if say.offer:
        attached |= {"offer": say.offer, "figures": say.figures}
    if say.receipt:
        attached["receipt"] = say.receipt
    return attached
