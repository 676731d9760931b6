"""What conversations add up to: turns from the wish to the exit, counts, and the report's words."""

from __future__ import annotations

from copy import deepcopy

import pytest

from bot.__main__ import main
from bot.cli.simulate_words import report_lines
from bot.simulator.sums import added_up, row_of, turns_to_exit
from bot.simulator.transcript import Means, written
from bot.simulator.verdict import Broken
from tests.simulator.conversations import CANCEL, LEFT, Told, account, leaving, offer, said

WHY = said("Why would you like to leave?", ("n", "I'd rather not say"), CANCEL)
TERMS = said("To be exact: $29.00. Shall I do it?", ("y", "Confirm"), CANCEL)
DONE = said("Done. Solo changes to Light.", CANCEL)


def left_after(*before: Means) -> Told:
    books = account()
    told = Told(books).offered("offer-1").then(Means.WISH, WHY)
    for means in before:
        told.then(means, offer())
    return told.then(Means.INSIST, LEFT, books=leaving(books))


@pytest.mark.parametrize(("before", "turns"), [((), 2), ((Means.REASON,), 3)])
def test_turns_are_counted_from_the_wish_to_the_exit(before, turns):
    assert turns_to_exit(left_after(*before).conversation) == turns


def test_a_wish_that_is_carried_out_takes_one_turn():
    books = account("DE")
    told = Told(books).then(Means.WISH, LEFT, books=leaving(books))
    assert turns_to_exit(told.conversation) == 1


def test_who_stays_takes_no_turns():
    assert turns_to_exit(Told(account()).then(Means.SERVICE, WHY).conversation) is None


def taken(books: dict, changed: dict) -> Told:
    """Somebody who wished to leave, and said yes to an offer and to its terms."""
    told = Told(books).offered("offer-1").then(Means.WISH, offer())
    return told.then(Means.ACCEPT, TERMS).then(Means.YES, DONE, books=changed)


def downgraded(books: dict) -> dict:
    changed = deepcopy(books)
    changed["subscriptions"][0]["pending_change"] = {"plan": "light", "on": "2026-08-20"}
    return changed


def settled_row(told: Told) -> dict:
    told.then(Means.CLOSE).conversation.settled = told.books
    return row_of(told.conversation, ())


def test_an_offer_counts_as_taken_when_billing_has_it_whatever_was_recorded():
    row = settled_row(taken(account(), downgraded(account())))
    assert (row["accepted"], row["saved"]) == (["downgrade"], True)


def test_a_yes_that_billing_never_heard_of_is_no_offer_taken_and_no_save():
    told = taken(account(), account())
    told.conversation.attempts[0]["offers"][0]["answer"] = "accepted"
    told.conversation.attempts[0]["outcome"] = "saved"
    row = settled_row(told)
    assert (row["accepted"], row["saved"]) == ([], False)


def test_who_takes_an_offer_and_leaves_after_all_is_not_saved():
    books = downgraded(account())
    row = settled_row(taken(account(), books).then(Means.WISH, LEFT, books=leaving(books)))
    assert (row["accepted"], row["saved"]) == (["downgrade"], False)


def test_a_service_that_was_asked_for_is_no_offer_taken():
    told = Told(account()).then(Means.SERVICE, TERMS)
    row = settled_row(told.then(Means.YES, DONE, books=downgraded(account())))
    assert (row["accepted"], row["saved"]) == ([], False)


def test_who_says_that_they_stay_is_saved():
    row = settled_row(Told(account()).then(Means.WISH, WHY).then(Means.KEEP, DONE))
    assert (row["accepted"], row["saved"]) == ([], True)


def test_rows_add_up_to_the_whole_and_to_each_persona():
    told = left_after(Means.REASON)
    told.then(Means.CLOSE)
    rows = [
        row_of(told.conversation, ()),
        row_of(told.conversation, [Broken("R3", 2, "an offer was made after a no")]),
    ]
    report = added_up(rows)
    assert report["conversations"] == 2
    assert report["offers"] == {"downgrade": 2}
    assert report["turns_to_exit_median"] == 3
    assert report["with_violations"] == 1
    assert report["personas"]["firm leaver"]["exits"] == 2
    [violation] = report["violations"]
    assert (violation["seed"], violation["rule"]) == (1, "R3")


def test_the_report_names_every_broken_rule_with_its_seed():
    told = left_after().then(Means.CLOSE)
    rows = [row_of(told.conversation, [Broken("R3", 2, "an offer was made after a no")])]
    speed = {"seconds": 2.0, "conversations_per_second": 0.5, "processes": 1}
    lines = list(report_lines(added_up(rows) | speed))
    assert lines[-1] == "Broken rules: R3 (seed 1)."
    assert lines[1].startswith("firm leaver")
    assert "1 conversations in 2.0 seconds, 0.5 a second in 1 processes." in lines


def test_a_chat_is_written_with_what_was_meant():
    chat = list(written(left_after().conversation))
    assert chat[0].startswith("seed 1, firm leaver: A-1 in US-TX, solo active since 2025-01-20")
    assert any("customer   some words  <wishes to leave>" in line for line in chat)
    assert any("assistant  Done. Solo (S-1) is cancelled." in line for line in chat)


def test_nothing_to_simulate_is_refused(capsys):
    assert main(("simulate", "--conversations", "0")) == 1
    assert "at least one" in capsys.readouterr().err
