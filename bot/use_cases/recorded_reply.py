"""Replies as they are recorded, so that a turn tried again gives the very same answer."""

from __future__ import annotations

from typing import Any

from bot.retention.say import Button, Option, Reply, Say


def write_reply(reply: Reply) -> dict[str, Any]:
    """Write a reply as JSON."""
    return {
        "says": [write_say(say) for say in reply.says],
        "awaiting": reply.awaiting,
        "options": [
            {"id": option.id, "title": option.title, "words": list(option.words)}
            for option in reply.options
        ],
    }


def read_reply(document: dict[str, Any]) -> Reply:
    """Read what `write_reply` wrote."""
    return Reply(
        tuple(read_say(say) for say in document["says"]),
        document["awaiting"],
        tuple(
            Option(option["id"], option["title"], tuple(option["words"]))
            for option in document["options"]
        ),
    )


def write_say(say: Say) -> dict[str, Any]:
    return {
        "response": say.response,
        "figures": say.figures,
        "buttons": [
            {"title": b.title, "intent": b.intent, "entities": [list(e) for e in b.entities]}
            for b in say.buttons
        ],
        "offer": say.offer,
        "receipt": say.receipt,
    }


def read_say(document: dict[str, Any]) -> Say:
    buttons = tuple(
        Button(b["title"], b["intent"], tuple((name, value) for name, value in b["entities"]))
        for b in document["buttons"]
    )
    return Say(
        document["response"], document["figures"], buttons, document["offer"], document["receipt"]
    )
