"""What a customer makes of the newest messages: by their words and buttons, by nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.simulator.transcript import Seen

ACCEPT, CONFIRM, MORE = "Accept", "Confirm", "Something else"
CANCEL_ID, PERSON_ID = "cancel", "person"
NO_REASON = "I'd rather not say"
KEEPING = ("Keep my subscription", "Keep the order")
UNDO = "Undo the cancellation"
REASON_TITLES = {
    "Too expensive": "too_expensive",
    "I don't use it enough": "unused",
    "I need a break": "temporary_break",
    "Trouble with deliveries": "delivery_problem",
    "Not good enough": "low_quality",
    "I found something else": "switched_service",
}

_WHY = re.compile(r"\bwhy would you like to leave|\btell me why\b", re.I)
_WHICH = re.compile(r"\bwhich (?:one|order)\b.*\?", re.I)
_NOT_UNDERSTOOD = re.compile(r"didn't understand|still don't understand|don't understand you", re.I)
_EMAIL = re.compile(
    r"what is its e-mail address|still need the e-mail address|give me your e-mail address again",
    re.I,
)
_CODE = re.compile(r"six-digit code|that code isn't right", re.I)
_LEFT = re.compile(
    r"\bDone\. .*(?:is cancelled|has ended|Your return of .* is set up)"
    r"|already set to end on|is settled already|nothing to cancel|\bis cancelled\. You asked",
    re.DOTALL,
)
_DONE = re.compile(r"^Done\.", re.M)
_QUEUED = re.compile(r"your cancellation of .* is on record with the time you asked", re.I)
_EXIT_QUESTION = re.compile(r"\bShall I (?:end|cancel)\b|\bIf you confirm, your\b")
_TERMS = re.compile(r"\bTo be exact\b|\bShall I do it\?")
_SOLVED = re.compile(r"does (?:that|the credit for the late boxes) solve it", re.I)
_HARDSHIP = re.compile(r"sorry you are going through this", re.I)
_CONTACT = re.compile(r"where should the answer go", re.I)
_HOW_LONG = re.compile(r"how long should (?:it|.{1,40}) (?:pause|be)\b", re.I)
_TOO_LATE = re.compile(r"can't take it back any more|no order that could", re.I)


@dataclass(frozen=True)
class Reading:
    """The newest messages, oldest first, as one reads them."""

    seen: tuple[Seen, ...]

    @property
    def text(self) -> str:
        return "\n".join(one.text for one in self.seen)

    @property
    def offer_kind(self) -> str | None:
        return next((str(one.offer["kind"]) for one in self.seen if one.offer), None)

    def button(self, *titles: str) -> tuple[str, str] | None:
        """Return the newest button with one of these titles, as (id, title)."""
        shown = [button for one in reversed(self.seen) for button in one.buttons]
        return next((button for button in shown if button[1] in titles), None)

    @property
    def cancel_button(self) -> tuple[str, str] | None:
        shown = [button for one in reversed(self.seen) for button in one.buttons]
        return next((button for button in shown if button[0] == CANCEL_ID), None)

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """Return the buttons that name things: neither a control nor one of the usual answers."""
        usual = {ACCEPT, CONFIRM, MORE, NO_REASON, UNDO, *KEEPING, *REASON_TITLES}
        shown = [button for one in self.seen for button in one.buttons]
        return tuple(b for b in shown if b[0] not in (CANCEL_ID, PERSON_ID) and b[1] not in usual)

    @property
    def asks_why(self) -> bool:
        return bool(_WHY.search(self.text)) or self.button(NO_REASON) is not None

    @property
    def asks_which(self) -> bool:
        return bool(_WHICH.search(self.text)) and bool(self.choices)

    @property
    def asks_email(self) -> bool:
        return bool(_EMAIL.search(self.text))

    @property
    def asks_code(self) -> bool:
        return bool(_CODE.search(self.text))

    @property
    def not_understood(self) -> bool:
        return bool(_NOT_UNDERSTOOD.search(self.text))

    @property
    def says_left(self) -> bool:
        """It is over: cancelled, ended, on its way back, or there was nothing to end."""
        return bool(_LEFT.search(self.text) or _QUEUED.search(self.text))

    @property
    def says_done(self) -> bool:
        """What was agreed on is booked, and nothing has ended."""
        return bool(_DONE.search(self.text)) and not self.says_left

    @property
    def says_queued(self) -> bool:
        return bool(_QUEUED.search(self.text))

    @property
    def asks_whether_to_end(self) -> bool:
        return bool(_EXIT_QUESTION.search(self.text))

    @property
    def restates_terms(self) -> bool:
        return bool(_TERMS.search(self.text)) and self.button(CONFIRM) is not None

    @property
    def asks_whether_solved(self) -> bool:
        return bool(_SOLVED.search(self.text))

    @property
    def has_sympathy(self) -> bool:
        return bool(_HARDSHIP.search(self.text))

    @property
    def asks_contact(self) -> bool:
        """A message can be left, and its answer needs an address."""
        return bool(_CONTACT.search(self.text))

    @property
    def asks_how_long(self) -> bool:
        return bool(_HOW_LONG.search(self.text))

    @property
    def cannot_be_ended(self) -> bool:
        """What was asked to end cannot be: it is on its way, or it is too late to send it back."""
        return bool(_TOO_LATE.search(self.text))
