"""Reads the canned replies; one that presses, or names what nobody knows, is refused."""

from __future__ import annotations

from pathlib import Path

from bot.conversations.canned import FACTS, CannedReply
from bot.integrations.yaml_files import Part, read_yaml
from bot.retention.pressure import pressing

_KEYS = ("id", "title", "keys", "text")


def load_canned_replies(path: Path) -> tuple[CannedReply, ...]:
    """Return the replies of the file, in its order.

    Raises:
        FileInvalid: a reply is not understood, is there twice, or holds words that press.
    """
    replies: dict[str, CannedReply] = {}
    for part in read_yaml(path, name=path.name).items():
        reply = _reply(part)
        if reply.id in replies:
            raise part.refuse(f"the reply `{reply.id}` stands here twice.", "Rename one.")
        replies[reply.id] = reply
    return tuple(replies.values())


def _reply(part: Part) -> CannedReply:
    parts = part.mapping(_KEYS, required=_KEYS)
    reply = CannedReply(**{key: parts[key].text() for key in _KEYS})
    unknown = sorted(reply.needs - set(FACTS))
    if unknown:
        todo = f"Known: {', '.join(FACTS)}."
        raise parts["text"].refuse(f"there is no fact {{{unknown[0]}}}.", todo)
    pressed = pressing(f"{reply.title}\n{reply.text}")
    if pressed:
        problem = f'"{pressed[0].words}" presses the customer ({pressed[0].kind}).'
        raise parts["text"].refuse(problem, "Say it without.")
    return reply
