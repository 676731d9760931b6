"""What is noted about staff: who did or saw what, by ids and figures alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class AuditEntry:
    """`person` acted (None for somebody who could not be told apart), on `conversation` if on one.

    `details` is JSON of ids and figures; never words, names or addresses of a customer.
    """

    kind: str
    person: str | None
    conversation: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    def to_payload(self) -> dict[str, Any]:
        return {"person": self.person, "conversation": self.conversation, **self.details}
