"""Hand a conversation over to a person, with a summary that spares the customer any repetition."""

from __future__ import annotations

from bot.conversations.summary import summarise
from bot.retention.dialogue import Situation, Step
from bot.retention.figures import subject_name
from bot.retention.save_attempt import SaveAttempt
from bot.use_cases.ports import UnitOfWork


def hand_over(uow: UnitOfWork, step: Step, situation: Situation, *, cause: str, words: str) -> None:
    """Make the queue the holder, with the whole story; inside the caller's transaction."""
    if step.escalate is None:
        raise LookupError("this step hands nothing over")
    attempt, history = step.dialogue.attempt, situation.history
    said = [attempt.comment] if attempt else []
    summary = summarise(
        escalation=step.escalate.reason,
        account=history.account if history else None,
        customer_name=history.customer.name if history else None,
        customer_email=history.customer.email if history else None,
        identified_by=step.dialogue.identified_by,
        about=attempt.about if attempt else None,
        about_title=subject_name(situation.subject(attempt.about)) if attempt else None,
        wants="cancel" if attempt else "person",
        reason=attempt.reason.value if attempt and attempt.reason else None,
        reasons=[reason.value for reason in attempt.reasons] if attempt else [],
        words=[*said, words],
        offers=_offers(attempt),
        done=[f"{attempt.about}: {attempt.outcome.value}"] if attempt and attempt.outcome else [],
        still_open=[attempt.about] if attempt and not attempt.accepted_offer else [],
        transcript=uow.escalations.transcript(situation.conversation),
    )
    uow.escalations.to_queue(
        situation.conversation,
        reason=step.escalate.reason,
        summary=summary,
        cause=cause,
        now=situation.now,
    )


def _offers(attempt: SaveAttempt | None) -> list[dict[str, str]]:
    made = attempt.offers if attempt else ()
    return [
        {"kind": m.offer.kind.value, "title": m.offer.policy, "answer": m.answer.value}
        for m in made
    ]
