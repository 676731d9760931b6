"""Why a conversation leaves the assistant's hands: a closed list."""

from __future__ import annotations

from enum import Enum


class EscalationReason(str, Enum):
    REQUESTED = "requested"
    DISTRESS = "distress"
    LEGAL = "legal"
    FRAUD = "fraud"
    NOT_UNDERSTOOD = "not_understood"
    OVER_AUTHORITY = "over_authority"
    HIGH_VALUE = "high_value"
    BACKEND_FAILING = "backend_failing"
    COMPLAINT = "complaint"
    DATA_ERASURE = "data_erasure"


def escalation_reason(text: str) -> EscalationReason:
    """Return the reason written as `text`.

    Raises:
        ValueError: it is not in the list; a queue with reasons nobody knows cannot be sorted.
    """
    try:
        return EscalationReason(text)
    except ValueError:
        known = ", ".join(reason.value for reason in EscalationReason)
        raise ValueError(f"unknown escalation reason {text!r}, expected one of: {known}") from None
