"""A rehearsal desk that a test can script, and an engine that knows a few sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from bot.annotation.rehearsed import Exchange, Played, Shown, Step
from bot.errors import HelpdeskError
from bot.understanding.engine import Engine
from bot.understanding.examples import Example, Span

Answer = Callable[[Step], Exchange]


def heard(step: Step) -> Exchange:
    """Answer everything with one offer, understood as a wish to leave unless it is corrected."""
    offer = {"kind": "downgrade"}
    shown = Shown("assistant", "Duo for $59.00 a month?", ("Accept", "Cancel now"), offer)
    understood = {"intent": step.intent or "request_cancellation"}
    return Exchange(step, ("utter_offer_downgrade",), (shown,), understood)


class ScriptedStage:
    """Fits the port `Stage`; `fails` is raised instead of an answer."""

    def __init__(self) -> None:
        self.answers: Answer = heard
        self.fails: HelpdeskError | None = None
        self.played: list[tuple[str | None, tuple[Step, ...]]] = []

    def play(self, account: str | None, steps: Sequence[Step]) -> Played:
        if self.fails:
            raise self.fails
        self.played.append((account, tuple(steps)))
        opening = Exchange(None, ("utter_welcome",), (Shown("assistant", "Hi."),))
        return Played(account, (opening, *map(self.answers, steps)))

    def close(self) -> None:
        """Nothing was started."""


_SAID = {
    "request_cancellation": ("cancel it", "please cancel", "i want to cancel", "end my plan"),
    "request_pause": ("pause it", "please pause", "i want a pause", "pause my boxes"),
    "thank": ("thanks", "thank you", "many thanks", "thanks a lot"),
}


@lru_cache(maxsize=1)
def a_small_engine() -> Engine:
    """Return an engine fitted in a moment."""
    reason = Span(0, 13, "cancellation_reason", "too_expensive")
    return Engine.fit(
        [
            *(Example(text, intent) for intent, texts in _SAID.items() for text in texts),
            Example("too expensive, cancel it", "request_cancellation", (reason,)),
            Example("too expensive so cancel", "request_cancellation", (reason,)),
            Example("too expensive for me, end it", "request_cancellation", (reason,)),
        ]
    )
