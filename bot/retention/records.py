"""The record of every save attempt as a chain: what happened, and that nobody changed it since.

An entry's link covers its place, kind, time and the digest of its payload, and the link before it.
The digest is salted. When a person is erased, payload and salt go and the digest stays: the chain
can still be checked, and the digest tells nobody what it once stood for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

# What the first entry is linked to.
BEGINNING = "0" * 64


@dataclass(frozen=True)
class Entry:
    """Something to be recorded: `kind` names what happened, `payload` is JSON."""

    kind: str
    payload: dict[str, Any]


@dataclass(frozen=True)
class Link:
    """An entry in its place; `payload` and `salt` are None once the person was erased."""

    number: int
    kind: str
    at: datetime
    digest: str
    link: str
    payload: dict[str, Any] | None = None
    salt: str | None = None


def digest_of(payload: Mapping[str, Any], salt: str) -> str:
    """Return the SHA-256 of salt and payload, in one spelling of JSON, as 64 hex digits."""
    written = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(f"{salt}:{written}".encode()).hexdigest()


def link_of(previous: str, number: int, kind: str, at: datetime, digest: str) -> str:
    """Return the link of an entry to the one before it; `at` is aware."""
    moment = at.astimezone(timezone.utc).isoformat(timespec="microseconds")
    return hashlib.sha256(f"{previous}|{number}|{kind}|{moment}|{digest}".encode()).hexdigest()


def first_broken(links: Iterable[Link], *, previous: str = BEGINNING) -> str | None:
    """Return what is wrong with the first entry that was changed, or None for a whole chain."""
    expected = 1
    for entry in links:
        if entry.number != expected:
            return f"Entry {expected} is missing."
        if entry.payload is not None and entry.salt is not None:
            if digest_of(entry.payload, entry.salt) != entry.digest:
                return f"Entry {entry.number} ({entry.kind}) was changed."
        elif entry.payload is not None or entry.salt is not None:
            return f"Entry {entry.number} ({entry.kind}) was erased in part."
        link = link_of(previous, entry.number, entry.kind, entry.at, entry.digest)
        if link != entry.link:
            return f"Entry {entry.number} ({entry.kind}) is not linked to the one before it."
        previous, expected = link, expected + 1
    return None


def entries_of(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[Entry]:
    """Return what happened between two states of a save attempt, in the order it happened.

    Both are attempts as documents; `before` is None for an attempt that has just begun.
    """
    about = {"attempt": after["id"], "account": after["account"], "about": after["about"]}
    was: Mapping[str, Any] = before or {}
    found: list[Entry] = []

    def note(kind: str, **payload: Any) -> None:
        found.append(Entry(kind, {**about, **payload}))

    if before is None:
        note("request", conversation=after["conversation"], opened_at=after["opened_at"])
    told = ("reasons", "comment", "hardship")
    if any(after[key] != was.get(key, type(after[key])()) for key in told):
        note("reason", **{key: after[key] for key in told}, reason=after["reason"])
    decided = {key: after.get(key, []) for key in ("verdicts", "choices")}
    if any(told != was.get(key, []) for key, told in decided.items()):
        note("decision", **decided)
    _note_offers(was.get("offers", []), after["offers"], note)
    if after["refused"] and not was.get("refused"):
        note("refusal")
    if after["outcome"] != was.get("outcome"):
        note("outcome", outcome=after["outcome"], closed_at=after["closed_at"])
    return found


def _note_offers(before: list[Any], after: list[Any], note: Any) -> None:
    for place, made in enumerate(after):
        shown_before = before[place] if place < len(before) else None
        if shown_before is None:
            note("offer", policy=made["policy"], offer=made["offer"], shown_at=made["shown_at"])
        if made["answer"] != (shown_before or {"answer": "none"})["answer"]:
            note("answer", policy=made["policy"], offer=made["offer"]["id"], answer=made["answer"])
