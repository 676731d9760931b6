"""What customers were called by in their conversations, so that trainers need not read it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from bot.storage.agent_tables import cases
from bot.storage.desk_tables import moves
from bot.storage.read_models import portions

# A bare initial would take letters out of everything.
_SHORTEST = 2


def names_in(connection: Any, conversations: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Return for each conversation the names that the account history gave it, whole and in words.

    The greeting tells the name of who is known, and agents are told it.
    """
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for some in portions(conversations):
        for conversation, name in _told(connection, some):
            words = [word for word in (name, *name.split()) if len(word) >= _SHORTEST]
            found[conversation].update(dict.fromkeys(words))
    return {here: tuple(found[here]) for here in conversations}


def _told(connection: Any, conversations: Collection[str]) -> Iterator[tuple[str, str]]:
    to_agents = sa.select(cases.c.conversation, cases.c.customer_name).where(
        cases.c.conversation.in_(conversations), cases.c.customer_name.is_not(None)
    )
    for row in connection.execute(to_agents):
        yield row.conversation, row.customer_name
    # Few answers name anybody; to read all of them would take longer than all else.
    in_answers = sa.select(moves.c.conversation, moves.c.reply).where(
        moves.c.conversation.in_(conversations), sa.cast(moves.c.reply, sa.Text).like('%"name": %')
    )
    for row in connection.execute(in_answers):
        for say in row.reply["says"]:
            if say["figures"].get("name"):
                yield row.conversation, say["figures"]["name"]
