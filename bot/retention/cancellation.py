"""Why customers leave: the closed list of reasons, and what each of them means for us."""

from __future__ import annotations

import re
from enum import Enum


class CancellationReason(str, Enum):
    """Stored and sent as is; the first eight are the codes billing systems made common."""

    TOO_EXPENSIVE = "too_expensive"
    UNUSED = "unused"
    SWITCHED_SERVICE = "switched_service"
    MISSING_FEATURES = "missing_features"
    TOO_COMPLEX = "too_complex"
    LOW_QUALITY = "low_quality"
    CUSTOMER_SERVICE = "customer_service"
    OTHER = "other"
    DELIVERY_PROBLEM = "delivery_problem"
    TECHNICAL_PROBLEM = "technical_problem"
    TEMPORARY_BREAK = "temporary_break"
    LIFE_EVENT = "life_event"
    ORDERED_BY_MISTAKE = "ordered_by_mistake"


# Causes we may be able to mend; they come before any concession.
SOLVABLE = frozenset(
    {
        CancellationReason.DELIVERY_PROBLEM,
        CancellationReason.TECHNICAL_PROBLEM,
        CancellationReason.CUSTOMER_SERVICE,
        CancellationReason.LOW_QUALITY,
    }
)

_ACCOUNT_DELETION = re.compile(
    r"\b(delete|erase|remove|close|deactivate)\b[^.!?]{0,20}\b(account|profile)\b", re.IGNORECASE
)


def deciding_reason(
    reasons: tuple[CancellationReason, ...], *, hardship: bool
) -> CancellationReason | None:
    """Return the reason that decides: hardship, then a solvable cause, then the first said."""
    if hardship:
        return CancellationReason.LIFE_EVENT
    solvable = [reason for reason in reasons if reason in SOLVABLE]
    return next(iter(solvable or reasons), None)


def read_reasons(values: tuple[str, ...]) -> tuple[CancellationReason, ...]:
    """Turn recognised values into reasons, in the order said, each once; others are dropped."""
    known = {reason.value for reason in CancellationReason}
    return tuple(dict.fromkeys(CancellationReason(value) for value in values if value in known))


def asks_to_delete_account(text: str) -> bool:
    """Deleting the account is a cancellation, after which erasure of the data is offered."""
    return bool(_ACCOUNT_DELETION.search(text))
