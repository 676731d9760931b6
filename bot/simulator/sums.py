"""What many simulated conversations come to: one row each, added up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from bot.simulator.books import agreed, exchanged, left
from bot.simulator.reading import Reading
from bot.simulator.transcript import LEAVING, Conversation, Means
from bot.simulator.verdict import Broken

Row = dict[str, Any]

WITHOUT_ATTEMPT = "no attempt"


def row_of(conversation: Conversation, broken: Sequence[Broken]) -> Row:
    """Return what counts of one conversation, as JSON values."""
    said = [e for e in conversation.exchanges[1:-1] if Means.SILENT not in e.did.means]
    offers = {offer["id"]: offer["kind"] for e in said for offer in e.offers}
    taken = offers_taken(conversation)
    return {
        "seed": conversation.seed,
        "persona": conversation.persona,
        "messages": len(said),
        "offers": sorted(offers.values()),
        "accepted": sorted(taken),
        "saved": _is_saved(conversation, taken),
        "outcome": _outcome(conversation),
        "turns_to_exit": turns_to_exit(conversation),
        "person": any(e.holder in ("queue", "ticket") for e in conversation.exchanges),
        "not_understood": sum(Reading(e.seen).not_understood for e in said),
        "billing_failed": conversation.billing_was_down,
        "broken": [{"rule": b.rule, "at": b.at, "what": b.what} for b in broken],
    }


def offers_taken(conversation: Conversation) -> list[str]:
    """Return the kinds of the offers that were accepted and then booked, by billing itself.

    What the desk recorded is not asked: there an offer counts as declined once its customer has
    turned from it.
    """
    found, newest, accepted = [], "", ""
    for at, exchange in enumerate(conversation.exchanges):
        if Means.ACCEPT in exchange.did.means:
            accepted = newest
        before, after = conversation.books_before(at), exchange.account
        if accepted and (agreed(before, after) or exchanged(before, after)):
            found.append(accepted)
            accepted = ""
        for offer in exchange.offers:
            newest = str(offer["kind"])
    return found


def turns_to_exit(conversation: Conversation) -> int | None:
    """Return how many messages of the customer it took from the first wish to leave to the exit.

    1: the wish itself was carried out. None: they never wished to, or never left.
    """
    began = None
    for at, exchange in enumerate(conversation.exchanges):
        if began is None and exchange.did.means & LEAVING:
            began = at
        gone = left(conversation.books_before(at), exchange.account)
        if began is not None and (gone or Reading(exchange.seen).says_queued):
            return at - began + 1
    return None


def added_up(rows: Iterable[Row]) -> dict[str, Any]:
    """Return the figures of all conversations together, and of each persona."""
    rows = list(rows)
    personas = sorted({row["persona"] for row in rows})
    return {
        **_sums(rows),
        "personas": {name: _sums([r for r in rows if r["persona"] == name]) for name in personas},
        "violations": [
            {"seed": row["seed"], "persona": row["persona"], **broken}
            for row in rows
            for broken in row["broken"]
        ],
    }


def _sums(rows: Sequence[Row]) -> dict[str, Any]:
    exits = sorted(row["turns_to_exit"] for row in rows if row["turns_to_exit"])
    return {
        "conversations": len(rows),
        "messages": sum(row["messages"] for row in rows),
        "offers": dict(Counter(kind for row in rows for kind in row["offers"])),
        "accepted": dict(Counter(kind for row in rows for kind in row["accepted"])),
        "saved": sum(row["saved"] for row in rows),
        "outcomes": dict(Counter(row["outcome"] for row in rows)),
        "exits": len(exits),
        "turns_to_exit_median": _quantile(exits, 0.5),
        "turns_to_exit_p95": _quantile(exits, 0.95),
        "to_a_person": sum(row["person"] for row in rows),
        "not_understood": sum(row["not_understood"] for row in rows),
        "billing_failed": sum(row["billing_failed"] for row in rows),
        "with_violations": sum(bool(row["broken"]) for row in rows),
    }


def _is_saved(conversation: Conversation, taken: Sequence[str]) -> bool:
    """They wished to leave, then took an offer or said that they stay, and by billing still do."""
    means = frozenset[Means]().union(*(e.did.means for e in conversation.exchanges))
    stays = bool(taken) or bool(means & {Means.KEEP, Means.UNDO})
    gone = left(conversation.before, conversation.settled)
    return bool(means & LEAVING and stays and conversation.settled and not gone)


def _outcome(conversation: Conversation) -> str:
    newest = conversation.attempts[-1] if conversation.attempts else {}
    return str(newest.get("outcome") or ("open" if newest else WITHOUT_ATTEMPT))


def _quantile(ordered: Sequence[int], share: float) -> int | None:
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else None
