"""The save attempt: the episode from a stated wish to leave to its outcome."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from bot.retention.cancellation import CancellationReason, deciding_reason, read_reasons
from bot.retention.decision import Decision
from bot.retention.offer import Offer, read_offer
from bot.retention.policy import Verdict

# A new attempt on the same subject within this time continues the count of offers (R2).
CONTINUES_WITHIN = timedelta(hours=24)


class Outcome(str, Enum):
    SAVED = "saved"
    CANCELED = "canceled"
    UNDECIDED = "undecided"
    ESCALATED = "escalated"
    ABANDONED = "abandoned"


class Answer(str, Enum):
    ACCEPTED = "accepted"
    DECLINED = "declined"
    NONE = "none"


@dataclass(frozen=True)
class OfferMade:
    """An offer as it was put to the customer, and what they answered.

    `made_by` is the person who made it; None: the assistant.
    """

    offer: Offer
    shown_at: datetime
    answer: Answer = Answer.NONE
    made_by: str | None = None


@dataclass(frozen=True)
class SaveAttempt:
    """One attempt about one subscription or order; closed exactly when it has an outcome.

    `refused` is set by a refusal, a second explicit cancel or the cancel control: from then on no
    further offer is made and no reason is asked (R3). `asked_for_more` is set when the customer
    asked what else there is, which allows one offer more (R2). `choices` say, one an offer, why
    it was this one; one more at the end says why there was none, or no other.
    """

    id: str
    conversation: str
    account: str
    about: str
    opened_at: datetime
    reasons: tuple[CancellationReason, ...] = ()
    hardship: bool = False
    comment: str = ""
    reason_asked: bool = False
    refused: bool = False
    asked_for_more: bool = False
    right_named: bool = False
    offers: tuple[OfferMade, ...] = ()
    verdicts: tuple[dict[str, Any], ...] = ()
    choices: tuple[dict[str, Any], ...] = ()
    closed_at: datetime | None = None
    outcome: Outcome | None = None

    @property
    def is_open(self) -> bool:
        return self.outcome is None

    @property
    def reason(self) -> CancellationReason | None:
        return deciding_reason(self.reasons, hardship=self.hardship)

    @property
    def open_offer(self) -> Offer | None:
        """The newest offer if it was neither accepted nor declined."""
        newest = self.offers[-1] if self.offers else None
        return newest.offer if newest and newest.answer is Answer.NONE else None

    @property
    def accepted_offer(self) -> Offer | None:
        return next((m.offer for m in self.offers if m.answer is Answer.ACCEPTED), None)

    @property
    def because(self) -> str | None:
        """Why the newest offer was made, or none, in a sentence for whoever takes over."""
        if not self.choices:
            return None
        choice = self.choices[min(max(len(self.offers), 1), len(self.choices)) - 1]
        made = self.offers[-1].offer.policy if self.offers else choice["chosen"]
        if made == choice["chosen"]:
            return str(choice["because"])
        return f"{made} was offered because the customer asked for that kind."

    def with_reasons(self, reasons: tuple[CancellationReason, ...], comment: str) -> SaveAttempt:
        """Add reasons in the order said; the customer's own words are kept beside them."""
        words = " / ".join(part for part in (self.comment, comment.strip()) if part)
        return replace(self, reasons=tuple(dict.fromkeys((*self.reasons, *reasons))), comment=words)

    def offering(self, offer: Offer, at: datetime, *, by: str | None = None) -> SaveAttempt:
        """Record that `offer` is shown; the one before it counts as declined.

        `by` is the person who makes it; None: the assistant.
        """
        before = self.answered(Answer.DECLINED)
        return replace(before, offers=(*before.offers, OfferMade(offer, at, made_by=by)))

    def answered(self, answer: Answer) -> SaveAttempt:
        """Record the answer to the open offer; without one nothing changes."""
        if self.open_offer is None:
            return self
        return replace(self, offers=(*self.offers[:-1], replace(self.offers[-1], answer=answer)))

    def withdrawn(self) -> SaveAttempt:
        """The customer turned from what they had accepted: it counts as declined after all."""
        return replace(
            self,
            offers=tuple(
                replace(m, answer=Answer.DECLINED) if m.answer is Answer.ACCEPTED else m
                for m in self.offers
            ),
        )

    def judged(self, decision: Decision) -> SaveAttempt:
        """Keep one verdict a policy: the newest, but a granted one stays: it explains an offer."""
        kept = {verdict["policy"]: verdict for verdict in self.verdicts}
        for verdict in map(_verdict_document, decision.verdicts):
            if not kept.get(verdict["policy"], {}).get("granted"):
                kept[verdict["policy"]] = verdict
        return replace(self, verdicts=tuple(kept.values()))

    def having_chosen(self, choice: dict[str, Any]) -> SaveAttempt:
        """Keep why this offer or none comes next; what was chosen before and not made is gone."""
        return replace(self, choices=(*self.choices[: len(self.offers)], choice))

    def closed(self, outcome: Outcome, at: datetime) -> SaveAttempt:
        return replace(self, outcome=outcome, closed_at=at)

    def reopened(self) -> SaveAttempt:
        """Leaving after all is the same attempt: its outcome is decided anew."""
        return replace(self, outcome=None, closed_at=None)

    def to_document(self) -> dict[str, Any]:
        """Write the attempt as JSON: the keys of the `attempts` contract and a few of our own."""
        return {
            "id": self.id,
            "conversation": self.conversation,
            "account": self.account,
            "about": self.about,
            "reason": self.reason.value if self.reason else None,
            "reasons": [reason.value for reason in self.reasons],
            "comment": self.comment,
            "opened_at": self.opened_at.isoformat(),
            "closed_at": self.closed_at.isoformat() if self.closed_at else None,
            "outcome": self.outcome.value if self.outcome else None,
            "offers": [
                {
                    "kind": made.offer.kind.value,
                    "policy": made.offer.policy,
                    "shown_at": made.shown_at.isoformat(),
                    "answer": made.answer.value,
                    "offer": made.offer.to_document(),
                    **({"made_by": made.made_by} if made.made_by else {}),
                }
                for made in self.offers
            ],
            "verdicts": list(self.verdicts),
            "choices": list(self.choices),
            "hardship": self.hardship,
            "reason_asked": self.reason_asked,
            "refused": self.refused,
            "asked_for_more": self.asked_for_more,
            "right_named": self.right_named,
        }


def read_attempt(document: dict[str, Any]) -> SaveAttempt:
    """Read what `to_document` wrote."""
    return SaveAttempt(
        id=document["id"],
        conversation=document["conversation"],
        account=document["account"],
        about=document["about"],
        opened_at=datetime.fromisoformat(document["opened_at"]),
        reasons=read_reasons(tuple(document["reasons"])),
        hardship=document["hardship"],
        comment=document["comment"],
        reason_asked=document["reason_asked"],
        refused=document["refused"],
        asked_for_more=document["asked_for_more"],
        right_named=document["right_named"],
        offers=tuple(
            OfferMade(
                read_offer(made["offer"]),
                datetime.fromisoformat(made["shown_at"]),
                Answer(made["answer"]),
                made.get("made_by"),
            )
            for made in document["offers"]
        ),
        verdicts=tuple(document["verdicts"]),
        choices=tuple(document.get("choices", ())),  # older attempts have none
        closed_at=datetime.fromisoformat(document["closed_at"]) if document["closed_at"] else None,
        outcome=Outcome(document["outcome"]) if document["outcome"] else None,
    )


def _verdict_document(verdict: Verdict) -> dict[str, Any]:
    return {
        "policy": verdict.policy,
        "granted": verdict.granted,
        "conditions": [
            {
                "fact": result.fact,
                "operator": result.operator,
                "bound": list(result.bound) if isinstance(result.bound, tuple) else result.bound,
                "value": result.value,
                "holds": result.holds,
            }
            for result in verdict.conditions
        ],
    }
