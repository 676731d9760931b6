"""Show everything about one conversation on one screen, made from the record at this moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.conversations.agent import AgentOnDuty
from bot.conversations.message import Message, Sender, iso_instant, public_message
from bot.conversations.note import note_view
from bot.conversations.offer_names import offer_name, policy_name
from bot.people.audit import AuditEntry
from bot.retention.account import AccountHistory
from bot.retention.dialogue import read_dialogue
from bot.retention.save_attempt import SaveAttempt
from bot.retention.verdict_words import concerns, why
from bot.use_cases.agent_desk import AgentDesk
from bot.use_cases.agent_ports import CaseFile
from bot.use_cases.desk_views import case_view
from bot.use_cases.hand_over import Told, summary_from
from bot.use_cases.show_account import account_view
from bot.use_cases.show_canned_replies import history_or_none

BILLING_DOWN = "The billing system does not answer just now. What it knows is not shown."


def show_case(conversation: str, *, agent: AgentOnDuty, desk: AgentDesk) -> dict[str, Any]:
    """Return the conversation with its context; that it was looked at is noted in the audit.

    Raises:
        ConversationNotFound: it was never handed to people.
    """
    file, now = desk.views.case_file(conversation), desk.clock.now()
    account = file.open_case.conversation.account
    history = history_or_none(account, desk)
    kinds = {policy.name: policy.offer.kind.value for policy in desk.rules.policies}
    with desk.unit_of_work() as uow:
        attempts = uow.save_attempts.of_account(account) if account else ()
        waiting = uow.cancellations.waiting()
        uow.audit.add(AuditEntry("conversation_viewed", agent.id, conversation), now=now)
        uow.commit()
    return {
        "case": case_view(file.open_case, file.agents, agent=agent, desk=desk, now=now),
        "messages": [public_message(message) for message in file.messages],
        "notes": [note_view(note) for note in file.notes],
        "last_seq": file.open_case.conversation.last_seq,
        "holds": _holds(file),
        "summary": _summary(file, history, waiting),
        "account": _account(history) if history else None,
        "account_problem": BILLING_DOWN if account and history is None else None,
        "attempts": [_attempt(attempt, kinds) for attempt in reversed(attempts)],
        "receipts": [_receipt(receipt) for receipt in file.receipts],
        "dropped": list(file.dropped),
        "survey": file.survey,
    }


def _summary(
    file: CaseFile, history: AccountHistory | None, waiting: tuple[dict[str, Any], ...]
) -> dict[str, Any]:
    """Sum up from what is on record now; what the escalation told fills what is not known now."""
    dialogue = read_dialogue(file.dialogue if "attempt" in file.dialogue else {})
    told: Mapping[str, Any] = file.escalation or {}
    who, about = told.get("who") or {}, told.get("about") or {}
    attempt, case = dialogue.attempt, file.open_case.case
    return summary_from(
        Told(
            escalation=case.reason,
            account=file.open_case.conversation.account,
            customer_name=who.get("name") or case.customer_name,
            customer_email=who.get("email"),
            identified_by=dialogue.identified_by or who.get("identified_by"),
            about_title=about.get("title"),
            words=_words(attempt, told, file.messages),
            transcript=tuple(_line(message) for message in file.messages),
            offer_titles={m.offer["policy"]: m.offer["title"] for m in file.messages if m.offer},
        ),
        attempt=attempt,
        history=history,
        waiting=waiting,
    )


def _words(
    attempt: SaveAttempt | None, told: Mapping[str, Any], messages: tuple[Message, ...]
) -> list[str]:
    """The words that mattered, and everything the customer typed since the escalation."""
    told_up_to = max((line["seq"] for line in told.get("transcript") or ()), default=0)
    typed = [
        message.text
        for message in messages
        if message.sender is Sender.CUSTOMER and not message.button_id
    ]
    since = [
        message.text
        for message in messages
        if message.sender is Sender.CUSTOMER and not message.button_id and message.seq > told_up_to
    ]
    known = [*(told.get("words") or ()), *([attempt.comment] if attempt else []), *since]
    return list(dict.fromkeys(known)) or typed


def _line(message: Message) -> dict[str, Any]:
    return {
        "seq": message.seq,
        "from": message.sender.value,
        "text": message.text,
        "at": iso_instant(message.at),
    }


def _holds(file: CaseFile) -> list[dict[str, Any]]:
    names = {presence.agent.id: presence.agent.name for presence in file.agents}
    return [
        {
            **hold,
            "agent": hold["agent"]
            and {"id": hold["agent"], "name": names.get(hold["agent"], hold["agent"])},
        }
        for hold in file.holds
    ]


def _account(history: AccountHistory) -> dict[str, Any]:
    account = account_view(history)
    concessions = [{**one, "name": offer_name(one["kind"])} for one in account["concessions"]]
    return {**account, "concessions": concessions}


def _attempt(attempt: dict[str, Any], kinds: Mapping[str, str]) -> dict[str, Any]:
    verdicts = [
        {**verdict, "name": policy_name(verdict["policy"], kinds), "why": why(verdict)}
        for verdict in attempt["verdicts"]
        if concerns(verdict["conditions"])
    ]
    offers = [{**made, "name": offer_name(made["kind"])} for made in attempt["offers"]]
    return {**attempt, "verdicts": verdicts, "offers": offers}


def _receipt(receipt: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": receipt["id"],
        "kind": receipt["kind"],
        "at": receipt["at"],
        "url": f"/receipts/{receipt['id']}",
    }
