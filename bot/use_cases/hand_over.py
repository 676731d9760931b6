"""Hand a conversation over to a person, with a summary that spares the customer any repetition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.conversations.escalation import EscalationReason
from bot.conversations.offer_names import offer_name, without_citations
from bot.conversations.summary import summarise
from bot.retention.account import AccountHistory
from bot.retention.dialogue import Situation, Step
from bot.retention.figures import subject_name
from bot.retention.save_attempt import Outcome, SaveAttempt
from bot.use_cases.ports import UnitOfWork

# What was settled with the customer; after every other outcome a person still finds it open.
_DECIDED = (Outcome.SAVED, Outcome.CANCELED)


def hand_over(uow: UnitOfWork, step: Step, situation: Situation, *, cause: str, words: str) -> None:
    """Make the queue the holder, with the whole story; inside the caller's transaction."""
    if step.escalate is None:
        raise LookupError("this step hands nothing over")
    reason = step.escalate.reason
    uow.escalations.to_queue(
        situation.conversation,
        reason=reason,
        summary=summary_of(uow, step, situation, reason=reason, words=words),
        cause=cause,
        now=situation.now,
    )


def summary_of(
    uow: UnitOfWork, step: Step, situation: Situation, *, reason: str, words: str
) -> dict[str, Any]:
    """Return what a person reads before they take over; `reason` is why one is needed."""
    attempt, history = step.dialogue.attempt, situation.history
    told = Told(
        escalation=reason,
        account=history.account if history else None,
        identified_by=step.dialogue.identified_by,
        words=[*([attempt.comment] if attempt else []), words],
        transcript=uow.escalations.transcript(situation.conversation),
    )
    waiting = uow.cancellations.waiting()
    return summary_from(told, attempt=attempt, history=history, waiting=waiting)


@dataclass(frozen=True)
class Told:
    """What a summary tells beside attempt and account; names are for when billing is down."""

    escalation: str
    account: str | None
    identified_by: str | None
    words: Sequence[str]
    transcript: Sequence[Mapping[str, Any]]
    customer_name: str | None = None
    customer_email: str | None = None
    about_title: str | None = None
    # What the customer read above each offer, by its policy.
    offer_titles: Mapping[str, str] = field(default_factory=dict)


def summary_from(
    told: Told,
    *,
    attempt: SaveAttempt | None,
    history: AccountHistory | None,
    waiting: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """Return the summary of what is on record; `waiting` is what billing has not heard of yet."""
    customer = history.customer if history else None
    return summarise(
        escalation=told.escalation,
        account=told.account,
        customer_name=customer.name if customer else told.customer_name,
        customer_email=customer.email if customer else told.customer_email,
        identified_by=told.identified_by,
        about=attempt.about if attempt else None,
        about_title=_title(attempt, history) or told.about_title,
        wants=_wants(told.escalation, attempt),
        reason=attempt.reason.value if attempt and attempt.reason else None,
        reasons=[reason.value for reason in attempt.reasons] if attempt else [],
        words=told.words,
        offers=_offers(attempt, told.offer_titles),
        because=_because(attempt),
        done=[f"{_named(about, history)}: {outcome}" for about, outcome in _done(attempt)],
        still_open=[
            *(f"{_named(about, history)}: not decided yet" for about in _undecided(attempt)),
            *(
                f"{_named(about, history)}: waits for billing"
                for about in _owed(waiting, told.account)
            ),
        ],
        transcript=told.transcript,
        value_minor=history.lifetime_value.minor if history else None,
        currency=history.currency if history else None,
    )


def _title(attempt: SaveAttempt | None, history: AccountHistory | None) -> str | None:
    return _name(attempt.about, history) if attempt else None


def _name(subject: str, history: AccountHistory | None) -> str | None:
    subjects = history.subjects if history else ()
    return next((subject_name(one) for one in subjects if one.id == subject), None)


def _named(subject: str, history: AccountHistory | None) -> str:
    """Return what it is called, and its number: "Solo (mother), S-1001"."""
    name = _name(subject, history)
    return f"{name}, {subject}" if name else subject


def _done(attempt: SaveAttempt | None) -> list[tuple[str, str]]:
    """Return what was decided about what."""
    if attempt is None or attempt.outcome is None or _undecided(attempt):
        return []
    return [(attempt.about, attempt.outcome.value)]


def _undecided(attempt: SaveAttempt | None) -> list[str]:
    return [attempt.about] if attempt and attempt.outcome not in _DECIDED else []


def _wants(escalation: str, attempt: SaveAttempt | None) -> str:
    if escalation == EscalationReason.DATA_ERASURE.value:
        return "erasure"
    return "cancel" if _undecided(attempt) else "person"


def _owed(waiting: Sequence[Mapping[str, Any]], account: str | None) -> list[str]:
    """Return what billing has not heard of yet, or broke off in (R18)."""
    theirs = [one["command"] for one in waiting if account and one["account"] == account]
    return [_about(command) for command in theirs]


def _about(command: dict[str, Any]) -> str:
    named = (command.get(name) for name in ("subscription", "order", "invoice"))
    return next((str(name) for name in named if name), str(command["command"]))


def _because(attempt: SaveAttempt | None) -> str | None:
    if attempt is None or attempt.because is None:
        return None
    kinds = {m.offer.policy.partition("@")[0]: m.offer.kind.value for m in attempt.offers}
    return without_citations(attempt.because, kinds)


def _offers(attempt: SaveAttempt | None, titles: Mapping[str, str]) -> list[dict[str, str]]:
    return [
        {
            "kind": made.offer.kind.value,
            "title": titles.get(made.offer.policy, offer_name(made.offer.kind.value)),
            "answer": made.answer.value,
        }
        for made in (attempt.offers if attempt else ())
    ]
