"""The desk's rows: versions, keys and transactions keep what must not be lost or doubled."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.conversations.holder import Holder
from bot.errors import ConversationNotFound, StaleDialogue, TooManyMessages
from tests.factories import NOW
from tests.switchboards import Line


def put_and_fail(line: Line) -> None:
    with line.unit_of_work() as uow:
        uow.cancellations.put("k", "A-1001", {}, requested_at=NOW)
        raise ZeroDivisionError


def test_work_that_is_not_committed_never_happened(line: Line) -> None:
    here = line.open().conversation
    with line.unit_of_work() as uow:
        uow.cancellations.put("k", "A-1001", {}, requested_at=NOW)
    with pytest.raises(ZeroDivisionError):
        put_and_fail(line)
    with line.unit_of_work() as uow:
        assert uow.cancellations.waiting() == ()
        assert uow.conversations.get(here).id == here


def test_a_dialogue_is_replaced_only_from_the_version_that_was_read(line: Line) -> None:
    here = line.open(resume=False).conversation
    with line.unit_of_work() as uow:
        document, version = uow.dialogues.get(here)
        uow.dialogues.put(here, {**document, "step": 1}, version=version)
        uow.commit()
    with line.unit_of_work() as uow:
        with pytest.raises(StaleDialogue):
            uow.dialogues.put(here, {"step": 2}, version=version)
        assert uow.dialogues.get(here) == ({**document, "step": 1}, version + 1)


def test_a_first_dialogue_is_written_once(line: Line) -> None:
    here = line.open().conversation
    with line.unit_of_work() as uow, pytest.raises(StaleDialogue):
        uow.dialogues.put(here, {"step": 1}, version=0)


def test_a_dialogue_needs_its_conversation(line: Line) -> None:
    with line.unit_of_work() as uow:
        assert uow.dialogues.get("c-gone") == ({}, 0)
        with pytest.raises(ConversationNotFound):
            uow.dialogues.put("c-gone", {}, version=0)


def test_a_move_is_recorded_once(line: Line) -> None:
    here = line.open().conversation
    with line.unit_of_work() as uow:
        uow.moves.add(here, "m", {"says": []}, now=NOW)
        uow.commit()
    with line.unit_of_work() as uow:
        assert uow.moves.find(here, "m") == {"says": []}
        assert uow.moves.find(here, "other") is None
        with pytest.raises(StaleDialogue):
            uow.moves.add(here, "m", {"says": ["other"]}, now=NOW)


def test_a_waiting_cancellation_keeps_the_instant_of_the_first_request(line: Line) -> None:
    with line.unit_of_work() as uow:
        uow.cancellations.put("k", "A-1001", {"n": 1}, requested_at=NOW)
        uow.cancellations.put("k", "A-1001", {"n": 2}, requested_at=NOW + timedelta(hours=1))
        uow.commit()
    with line.unit_of_work() as uow:
        assert uow.cancellations.waiting() == (
            {"key": "k", "account": "A-1001", "command": {"n": 1}, "requested_at": NOW},
        )
        uow.cancellations.settled("k", now=NOW)
        assert uow.cancellations.waiting() == ()


def test_the_transcript_is_given_oldest_first(line: Line) -> None:
    here = line.open().conversation
    line.say(here, "hello")
    with line.unit_of_work() as uow:
        transcript = uow.escalations.transcript(here)
    assert [(m["seq"], m["from"]) for m in transcript] == [
        (1, "assistant"),
        (2, "customer"),
        (3, "assistant"),
    ]
    assert transcript[1]["at"] == "2026-03-10T09:30:00.000Z"


def to_queue(uow: Any, conversation: str, *, cause: str = "m", reason: str = "legal") -> None:
    uow.escalations.to_queue(conversation, reason=reason, summary={}, cause=cause, now=NOW)


def test_escalating_twice_changes_the_holder_once(line: Line) -> None:
    here = line.open().conversation
    with line.unit_of_work() as uow:
        before = uow.conversations.get(here).hold
        to_queue(uow, here)
        to_queue(uow, here, cause="n")
        after = uow.conversations.get(here).hold
    assert (after.holder, after.version, after.cause) == (Holder.QUEUE, before.version + 1, "m")


def test_an_escalation_needs_a_reason_of_the_list(line: Line) -> None:
    here = line.open().conversation
    with line.unit_of_work() as uow, pytest.raises(ValueError, match="requested, distress"):
        to_queue(uow, here, reason="bored")


def test_escalating_and_answering_go_into_one_transaction(line: Line) -> None:
    here = line.open().conversation
    with line.unit_of_work() as uow:
        to_queue(uow, here)
        found = uow.conversations.locked(here)
        uow.conversations.save(found.next_message(), now=NOW)
        uow.commit()
    assert line.read(here).holder is Holder.QUEUE


def test_a_code_binds_the_account_it_was_sent_for(line: Line) -> None:
    here = line.open(None).conversation
    with line.unit_of_work() as uow:
        uow.identities.new_code(here, "maya@example.org", "A-1001", now=NOW)
        assert uow.identities.try_code(here, "000000", now=NOW) is None
        assert uow.identities.try_code(here, "123456", now=NOW) == "A-1001"
        assert uow.identities.try_code(here, "123456", now=NOW) is None, "it is used up"
        uow.identities.bind(here, "A-1001", now=NOW)
        assert uow.identities.account(here) == "A-1001"


def test_a_conversation_is_never_given_to_a_second_account(line: Line) -> None:
    here = line.open("A-1001").conversation
    with line.unit_of_work() as uow:
        uow.identities.bind(here, "A-1001", now=NOW)
        with pytest.raises(ValueError, match="another account"):
            uow.identities.bind(here, "A-1002", now=NOW)


@pytest.mark.parametrize(("minutes", "works"), [(9.99, True), (10, False)])
def test_a_code_is_good_for_ten_minutes(line: Line, minutes: float, works: bool) -> None:
    here = line.open(None).conversation
    later = NOW + timedelta(minutes=minutes)
    with line.unit_of_work() as uow:
        uow.identities.new_code(here, "maya@example.org", "A-1001", now=NOW)
        assert (uow.identities.try_code(here, "123456", now=later) is not None) is works


def test_five_wrong_tries_use_a_code_up(line: Line) -> None:
    here = line.open(None).conversation
    with line.unit_of_work() as uow:
        uow.identities.new_code(here, "maya@example.org", "A-1001", now=NOW)
        for wrong in range(5):
            assert uow.identities.try_code(here, f"00000{wrong}", now=NOW) is None
        assert uow.identities.try_code(here, "123456", now=NOW) is None


def test_the_code_for_an_unknown_address_never_matches(line: Line) -> None:
    here = line.open(None).conversation
    with line.unit_of_work() as uow:
        uow.identities.new_code(here, "nobody@example.org", None, now=NOW)
        assert uow.identities.try_code(here, "123456", now=NOW) is None


def test_only_the_newest_code_counts_and_the_fourth_in_15_minutes_is_refused(line: Line) -> None:
    here = line.open(None).conversation
    with line.unit_of_work() as uow:
        for minute in range(3):
            at = NOW + timedelta(minutes=minute)
            uow.identities.new_code(here, "maya@example.org", "A-1001", now=at)
        assert uow.identities.try_code(here, "123456", now=NOW) is None
        with pytest.raises(TooManyMessages) as refused:
            uow.identities.new_code(
                here, "maya@example.org", "A-1001", now=NOW + timedelta(minutes=5)
            )
        assert refused.value.retry_after_seconds == 600
        again = NOW + timedelta(minutes=15)
        uow.identities.new_code(here, "maya@example.org", "A-1001", now=again)
        assert uow.identities.try_code(here, "456789", now=again) == "A-1001"


def test_a_code_is_not_kept_in_clear(line: Line) -> None:
    here = line.open(None).conversation
    with line.unit_of_work() as uow:
        uow.identities.new_code(here, "maya@example.org", "A-1001", now=NOW)
        uow.commit()
    [(digest,)] = line.rows("SELECT digest FROM email_codes")
    assert b"123456" not in bytes(digest)


def test_an_answer_of_a_turn_exists_once(line: Line) -> None:
    here = line.open().conversation
    line.say(here, "hello")
    with pytest.raises(sa.exc.IntegrityError), line.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO messages (conversation, seq, sender, text, turn, position, at) "
            f"SELECT conversation, 99, sender, text, turn, position, at FROM messages "
            f"WHERE conversation = '{here}' AND seq = 3"
        )
