"""What a move leaves behind: attempts, receipts, and the chain of records about both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bot.retention.dialogue import Situation, Step
from bot.retention.records import Entry, entries_of
from bot.retention.save_attempt import SaveAttempt
from bot.use_cases.ports import UnitOfWork


def record_move(
    uow: UnitOfWork,
    step: Step,
    situation: Situation,
    *,
    before: Iterable[dict[str, Any]],
    acts: Sequence[Entry],
) -> None:
    """Write attempts and receipts, and what happened to them; inside the caller's transaction.

    `before` are the account's attempts as they were recorded, `acts` what billing was asked to do.
    """
    known = {document["id"]: document for document in before}
    entries = [
        *_attempts(uow, step, known),
        *acts,
        *_receipts(uow, step, situation),
    ]
    if entries:
        uow.records.add(entries, account=situation.account.account, now=situation.now)


def _attempts(uow: UnitOfWork, step: Step, known: dict[str, dict[str, Any]]) -> Iterator[Entry]:
    for attempt in _changed(step):
        document = attempt.to_document()
        uow.save_attempts.put(document)
        yield from entries_of(known.get(attempt.id), document)


def _changed(step: Step) -> Iterable[SaveAttempt]:
    changed = {attempt.id: attempt for attempt in step.closed}
    if step.dialogue.attempt:
        changed[step.dialogue.attempt.id] = step.dialogue.attempt
    return changed.values()


def _receipts(uow: UnitOfWork, step: Step, situation: Situation) -> Iterator[Entry]:
    for receipt in step.receipts:
        document = receipt.to_document(
            account=situation.account.account,
            conversation=situation.conversation,
            at=situation.now,
        )
        uow.receipts.put(document)
        yield Entry("receipt", document)
