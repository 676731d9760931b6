"""Search the conversations that people were asked for in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.conversations.agent import AgentOnDuty
from bot.conversations.message import iso_instant
from bot.errors import InvalidInput
from bot.people.audit import AuditEntry
from bot.use_cases.agent_desk import AgentDesk
from bot.use_cases.agent_ports import Found, Hit
from bot.use_cases.note_audit import note_audit

MOST_FOUND = 30
FEWEST_CHARACTERS, MOST_CHARACTERS = 2, 100
AROUND = 60


def search_conversations(
    words: str, *, agent: AgentOnDuty, before: datetime | None = None, desk: AgentDesk
) -> list[dict[str, Any]]:
    """Return at most 30 conversations with these words, newest first; words are taken as written.

    Raises:
        InvalidInput: fewer than 2 or more than 100 characters.
    """
    wanted = words.strip()
    if not FEWEST_CHARACTERS <= len(wanted) <= MOST_CHARACTERS:
        raise InvalidInput(f"q: write {FEWEST_CHARACTERS} to {MOST_CHARACTERS} characters.")
    found = desk.views.search(wanted, before=before, most=MOST_FOUND)
    # What was searched for is a customer's words as often as not, and is not noted.
    note_audit(
        AuditEntry("conversations_searched", agent.id, details={"found": len(found)}),
        unit_of_work=desk.unit_of_work,
        clock=desk.clock,
    )
    return [_view(one, wanted) for one in found]


def _view(found: Found, words: str) -> dict[str, Any]:
    conversation, case = found.conversation, found.case
    return {
        "conversation": conversation.id,
        "account": conversation.account,
        "customer_name": case.customer_name,
        "holder": conversation.hold.holder.value,
        "opened_at": iso_instant(conversation.opened_at),
        "closed_at": iso_instant(conversation.closed_at) if conversation.closed_at else None,
        "outcome": case.outcome,
        "hits": [_hit(hit, words) for hit in found.hits],
    }


def _hit(hit: Hit, words: str) -> dict[str, Any]:
    at = max(hit.text.lower().find(words.lower()), 0)
    begin, end = max(at - AROUND, 0), at + len(words) + AROUND
    text = ("… " if begin else "") + hit.text[begin:end] + (" …" if end < len(hit.text) else "")
    return {"seq": hit.seq, "from": hit.sender, "text": text, "at": iso_instant(hit.at)}
