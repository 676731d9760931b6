"""Settling: what a person's word at the end of a case means for the save attempt behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.errors import NotPossible
from bot.retention.dialogue import Dialogue
from bot.retention.save_attempt import Answer, Outcome, SaveAttempt

# What an agent may say of an attempt that is still open, or was handed to them.
_MEANT = {
    "saved": Outcome.SAVED,
    "solved": Outcome.UNDECIDED,
    "not_solved": Outcome.UNDECIDED,
    "no_reply": Outcome.ABANDONED,
}


def settled_by_person(dialogue: Dialogue, outcome: str, *, now: datetime) -> Dialogue:
    """Return the dialogue after a person closed the case as `outcome`; nothing is asked any more.

    An attempt that was decided keeps its outcome: a cancellation that was carried out is one,
    whatever anybody says, and silence is never consent to stay (R7).

    Raises:
        NotPossible: the word contradicts what is on record.
    """
    attempt = dialogue.attempt
    done = attempt.outcome if attempt else None
    if outcome == "canceled" and done is not Outcome.CANCELED:
        raise NotPossible("Nothing was cancelled in this conversation. Close it as something else.")
    if outcome == "saved" and done is Outcome.CANCELED:
        raise NotPossible("The customer cancelled here. Close it as cancelled.")
    quiet = replace(dialogue.asks(None), plea=None, waiting_move=None, person_for=None)
    if attempt is None or done not in (None, Outcome.ESCALATED):
        return quiet
    return replace(quiet, attempt=_settled(attempt, outcome, now))


def _settled(attempt: SaveAttempt, outcome: str, now: datetime) -> SaveAttempt:
    if attempt.outcome is Outcome.ESCALATED and outcome != "saved":
        return attempt
    unanswered = attempt.answered(Answer.NONE if outcome == "no_reply" else Answer.DECLINED)
    return unanswered.closed(_MEANT[outcome], now)
