"""A button that was offered: what it means, and until when it may be pressed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.errors import ButtonExpired

CANCEL = "cancel"
PERSON = "person"
CONTROLS = frozenset({CANCEL, PERSON})
# What these await ends with the next step; a stale press would answer another question.
_BINDING_STAGES = frozenset({"offer", "consent", "confirmation"})


@dataclass(frozen=True)
class OfferedButton:
    """A quick reply as the server keeps it.

    `stage` is what the desk awaited when it was offered, `offer` the offer it belongs to and
    `expires_at` that offer's end. `pressed_seq` is the customer's message that pressed it.
    """

    conversation: str
    id: str
    seq: int
    title: str
    intent: str
    entities: tuple[tuple[str, str], ...] = ()
    stage: str | None = None
    offer: str | None = None
    expires_at: datetime | None = None
    pressed_seq: int | None = None

    @property
    def is_binding(self) -> bool:
        """Whether pressing it agrees to what its message says, and not only answers a question."""
        return self.stage in _BINDING_STAGES

    def check_valid(
        self, *, stage: str | None, newest_offer: str | None, reads_the_same: bool, now: datetime
    ) -> None:
        """Allow the press, or say that its moment is over.

        Buttons that only answer a question stay good; those of an offer, a consent or a
        confirmation are good while the desk still waits for exactly that. `reads_the_same`: the
        newest message that asked for this has the words the button stands under; a consent must
        never be given to terms other than those the customer pressed beside.

        Raises:
            ButtonExpired: the offer ran out or was replaced, or the dialogue has moved on.
        """
        if not self.is_binding:
            return
        is_current = reads_the_same if self.offer is None else self.offer == newest_offer
        ran_out = self.expires_at is not None and self.expires_at <= now
        if self.stage != stage or not is_current or ran_out:
            raise ButtonExpired
