"""A ticket in plain words: all that a person needs who has never seen the conversation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.conversations.masking import masked


def ticket_text(
    ticket: str, contact: str, summary: Mapping[str, Any], *, call: Mapping[str, Any] | None = None
) -> str:
    """Return the ticket as it leaves the desk: no card numbers, no passwords (`masked`)."""
    return masked("\n".join(_lines(ticket, contact, summary, call)).strip())


def call_lines(call: Mapping[str, Any]) -> Iterator[str]:
    yield "The customer asks to be called:"
    yield f"  number: {call['phone']}"
    yield f"  when: {call['window']}"


def subject_line(ticket: str, summary: Mapping[str, Any]) -> str:
    """Name the ticket in one line that holds nothing the customer typed."""
    who = summary["who"]["account"] or "a visitor"
    return f"[{ticket}] {summary['escalation'].replace('_', ' ')}: {who}"


def _lines(
    ticket: str, contact: str, summary: Mapping[str, Any], call: Mapping[str, Any] | None
) -> Iterator[str]:
    who, about = summary["who"], summary["about"]
    yield f"Ticket {ticket}"
    yield f"Why: {summary['escalation'].replace('_', ' ')}"
    yield f"Customer: {who['name'] or 'not known'}, account {who['account'] or 'none'}"
    shown = who["identified_by"] or "nobody showed who they are"
    yield f"Identified by: {shown.replace('_', ' ')}"
    yield f"Answer to: {contact}"
    if call:
        yield from call_lines(call)
    yield f"About: {about['title'] or 'nothing in particular'}"
    yield f"Wants: {summary['wants']}"
    yield f"Reason given: {', '.join(summary['reasons']).replace('_', ' ') or 'none'}"
    for title, entries in (
        ("In their words", summary["words"]),
        ("Offered", summary["offers"]["offered"]),
        ("Done already", summary["done"]),
        ("Still open", summary["still_open"]),
    ):
        yield from _list(title, entries)
    yield ""
    yield "What was said:"
    yield from (f"  {said['from']}: {said['text']}" for said in summary["transcript"])


def _list(title: str, entries: Any) -> Iterator[str]:
    if entries:
        yield f"{title}:"
        yield from (f"  - {_entry(entry)}" for entry in entries)


def _entry(entry: Any) -> str:
    if isinstance(entry, Mapping):
        return f"{entry['title']} ({entry['answer']})"
    return str(entry)
