"""What a person reads before taking over, so that the customer never repeats themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.conversations.escalation import escalation_reason

TRANSCRIPT_TAIL = 12


def summarise(
    *,
    escalation: str,
    account: str | None,
    customer_name: str | None,
    customer_email: str | None,
    identified_by: str | None,
    about: str | None,
    about_title: str | None,
    wants: str,
    reason: str | None,
    reasons: Sequence[str],
    words: Sequence[str],
    offers: Sequence[Mapping[str, Any]],
    done: Sequence[str],
    still_open: Sequence[str],
    transcript: Sequence[Mapping[str, Any]],
    because: str | None = None,
    value_minor: int | None = None,
    currency: str | None = None,
) -> dict[str, Any]:
    """Return the summary of an escalation; every key is always there.

    Args:
        escalation: why a person is needed, from the closed list in `escalation`.
        account: the account number; None when nobody has shown who they are.
        identified_by: `website` or `email_code`; None when not identified.
        about: subscription or order id in question; `about_title` names it for people.
        wants: what the customer wants now, one word of the dialogue such as `cancel` or `person`.
        reason: the deciding cancellation reason; `reasons` all of them in the order said.
        words: the customer's own words that matter (the wish, the reason, the complaint).
        offers: each {"kind","title","answer"}; answer is accepted, declined or none.
        done: what was already carried out, one plain sentence or code each.
        still_open: what is left to do, for example a queued cancellation.
        transcript: messages oldest first, {"seq","from","text","at"}; the last 12 are kept.
        because: why the newest offer was made, or why none was, in one sentence.
        value_minor: what the customer has paid so far; None when nobody knows.

    Raises:
        ValueError: the escalation or an offer's answer is not one of the known words.
    """
    return {
        "escalation": escalation_reason(escalation).value,
        "who": {
            "account": account,
            "name": customer_name,
            "email": customer_email,
            "identified_by": identified_by,
        },
        "value": None if value_minor is None else {"minor": value_minor, "currency": currency},
        "about": {"id": about, "title": about_title},
        "wants": wants,
        "reason": reason,
        "reasons": list(reasons),
        "words": [said for said in words if said.strip()],
        "offers": {
            "offered": [_offer(offer) for offer in offers],
            "accepted": _answered(offers, "accepted"),
            "declined": _answered(offers, "declined"),
            "because": because,
        },
        "done": list(done),
        "still_open": list(still_open),
        "transcript": [
            {key: message[key] for key in ("seq", "from", "text", "at")}
            for message in transcript[-TRANSCRIPT_TAIL:]
        ],
    }


def _answered(offers: Sequence[Mapping[str, Any]], answer: str) -> list[str]:
    return [offer["title"] for offer in offers if offer["answer"] == answer]


def _offer(offer: Mapping[str, Any]) -> dict[str, Any]:
    if offer["answer"] not in {"accepted", "declined", "none"}:
        raise ValueError(f"unknown answer to an offer: {offer['answer']!r}")
    return {key: offer[key] for key in ("kind", "title", "answer")}
