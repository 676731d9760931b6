"""What a move leaves behind: attempts, receipts, and the chain of records about both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bot.errors import StaleDialogue
from bot.retention.budget_lines import to_free, to_set_aside
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

    What a new offer costs is set aside from the budgets.

    `before` are the account's attempts as they were recorded, `acts` what billing was asked to do.

    Raises:
        StaleDialogue: the budget was used up by others since the offer was decided on.
    """
    known = {document["id"]: document for document in before}
    for attempt in step.recorded:
        _keep_budget(uow, attempt, situation, known.get(attempt.id))
    entries = [
        *_attempts(uow, step, known),
        *acts,
        *_receipts(uow, step, situation),
    ]
    if entries:
        uow.records.add(entries, account=situation.account.account, now=situation.now)


def _keep_budget(
    uow: UnitOfWork, attempt: SaveAttempt, situation: Situation, before: dict[str, Any] | None
) -> None:
    shown_before = {made["offer"]["id"] for made in before["offers"]} if before else set()
    uow.budgets.free(to_free(attempt))
    for line in to_set_aside(attempt):
        kept = uow.budgets.set_aside(line, budgets=situation.budgets, now=situation.now)
        if not kept and line.offer not in shown_before:
            raise StaleDialogue(situation.conversation)


def _attempts(uow: UnitOfWork, step: Step, known: dict[str, dict[str, Any]]) -> Iterator[Entry]:
    for attempt in step.recorded:
        document = attempt.to_document()
        uow.save_attempts.put(document)
        yield from entries_of(known.get(attempt.id), document)


def _receipts(uow: UnitOfWork, step: Step, situation: Situation) -> Iterator[Entry]:
    for receipt in step.receipts:
        document = receipt.to_document(
            account=situation.account.account,
            conversation=situation.conversation,
            at=situation.now,
        )
        uow.receipts.put(document)
        yield Entry("receipt", document)
