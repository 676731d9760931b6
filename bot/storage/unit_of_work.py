"""One transaction with every repository on it."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta
from typing import Any

from bot.conversations.identification import CODE_VALID
from bot.storage.agent_repository import (
    SqlAgents,
    SqlCases,
    SqlNotes,
    SqlReadMarks,
    SqlSurveys,
)
from bot.storage.audit_repository import SqlAudit
from bot.storage.budget_repository import SqlBudgetBook
from bot.storage.check_in_repository import SqlCheckIns
from bot.storage.conversation_repository import SqlConversations
from bot.storage.engine import writing
from bot.storage.escalation_repository import SqlEscalations
from bot.storage.identity_repository import SqlIdentities, SqlOutbox
from bot.storage.judgement_repository import SqlJudgements
from bot.storage.people_repository import SqlInvitations, SqlPeople
from bot.storage.plain_errors import told_plainly
from bot.storage.record_repository import SqlRecords
from bot.storage.repositories import (
    SqlCancellations,
    SqlDialogues,
    SqlMoves,
    SqlReceipts,
    SqlSaveAttempts,
)
from bot.storage.staff_session_repository import SqlStaffSessions, SqlTries
from bot.storage.ticket_repository import SqlTickets
from bot.storage.turn_repository import SqlTurns
from bot.storage.understanding_repository import SqlUnderstandings
from bot.use_cases.ports import Ids


class SqlUnitOfWork:
    """Leave the block without commit() and nothing happened.

    On SQLite the block holds the database's only write lock: call no other part that writes
    (the billing system, the assistant) inside it, and stay short.
    """

    def __init__(self, engine: Any, ids: Ids, *, code_valid: timedelta = CODE_VALID) -> None:
        self._engine = engine
        self._ids = ids
        self._code_valid = code_valid

    def __enter__(self) -> SqlUnitOfWork:
        """Raises Unavailable: the database does not answer, or stays locked by another writer."""
        self._stack = ExitStack()
        self._stack.enter_context(told_plainly())
        with told_plainly():
            connection = self._stack.enter_context(writing(self._engine))
        self._transaction = connection.get_transaction()
        self.conversations = SqlConversations(connection)
        self.turns = SqlTurns(connection)
        self.understandings = SqlUnderstandings(connection)
        self.judgements = SqlJudgements(connection)
        self.outbox = SqlOutbox(connection)
        self.dialogues = SqlDialogues(connection)
        self.moves = SqlMoves(connection)
        self.save_attempts = SqlSaveAttempts(connection)
        self.receipts = SqlReceipts(connection)
        self.budgets = SqlBudgetBook(connection)
        self.records = SqlRecords(connection, self._ids)
        self.cancellations = SqlCancellations(connection)
        self.agents = SqlAgents(connection)
        self.cases = SqlCases(connection, self.conversations)
        self.notes = SqlNotes(connection)
        self.read_marks = SqlReadMarks(connection)
        self.surveys = SqlSurveys(connection)
        self.escalations = SqlEscalations(connection, self.conversations, self.cases, self._ids)
        self.people = SqlPeople(connection)
        self.staff_sessions = SqlStaffSessions(connection)
        self.tries = SqlTries(connection)
        self.invitations = SqlInvitations(connection)
        self.audit = SqlAudit(connection, self._ids)
        self.tickets = SqlTickets(connection, self.conversations, self.cases, self.escalations)
        self.check_ins = SqlCheckIns(connection)
        self.identities = SqlIdentities(
            connection, self.conversations, self._ids, code_valid=self._code_valid
        )
        return self

    def commit(self) -> None:
        with told_plainly():
            self._transaction.commit()

    def __exit__(self, *exc: Any) -> None:
        if exc[0] is None and self._transaction.is_active:
            self._transaction.rollback()
        # The stack rolls back on an error, and tells one of the database plainly.
        self._stack.__exit__(*exc)
