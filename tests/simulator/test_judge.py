"""The judge finds every rule that is broken on purpose, and nothing where none is."""

from __future__ import annotations

from copy import deepcopy

from bot.simulator.transcript import Means
from tests.simulator.conversations import (
    CANCEL,
    LEFT,
    LEFT_TEXT,
    PERSON,
    Told,
    account,
    leaving,
    offer,
    said,
)

WHY = said(
    "Why would you like to leave? You don't have to say.", ("n", "I'd rather not say"), CANCEL
)
NOTED = said("Thank you for telling me.", CANCEL, PERSON)
TERMS = said("To be exact: $39.00. Shall I do it?", ("y", "Confirm"), CANCEL)
ASKS = said("Shall I end your trial now?", ("y", "Confirm"), CANCEL)


def charged(books: dict, status: str = "paid") -> dict:
    changed = deepcopy(books)
    invoice = {"id": "I-9", "subscription": "S-1", "amount_minor": 3900, "status": status}
    invoice |= {"refunded_minor": 0, "issued_on": "2026-08-20"}
    changed["invoices"].append(invoice)
    return changed


def paused(books: dict) -> dict:
    changed = deepcopy(books)
    pause = {"starts_on": "2026-08-20", "resumes_on": "2026-10-20"}
    changed["subscriptions"][0]["pause"] = pause
    return changed


def granted(books: dict, *policies: str) -> dict:
    changed = deepcopy(books)
    changed["concessions"] += [
        {"id": f"C-{n}", "kind": "credit", "policy": policy, "revoked_at": None}
        for n, policy in enumerate(policies)
    ]
    return changed


def test_an_honest_conversation_breaks_nothing():
    books = account()
    told = Told(books).offered("offer-1").then(Means.WISH, WHY).then(Means.REASON, offer())
    assert told.then(Means.INSIST, LEFT, books=leaving(books), button="cancel").broken() == set()


WHICH = said("Which one would you like to cancel?", ("a", "Solo (home)"), ("b", "Duo"), CANCEL)


def wishes_twice(first: str, second: str) -> set[str]:
    told = Told(account()).then(Means.WISH, WHICH).then(Means.CHOOSE, WHY, button=first)
    told.then(Means.REASON, NOTED).then(Means.WISH, WHICH)
    return told.then(Means.CHOOSE, WHY, button=second).then(Means.REASON, NOTED).broken()


def test_a_wish_that_another_one_shall_end_is_the_first_about_that_one():
    assert wishes_twice("Solo (home)", "Duo") == set()


def test_which_one_shall_end_may_be_typed():
    told = Told(account()).then(Means.WISH, WHICH).then(Means.CHOOSE, WHY, button="Duo")
    told.then(Means.REASON, NOTED).then(Means.WISH, WHICH)
    assert told.then(Means.CHOOSE, WHY, text="The one at my HOME").broken() == set()


def chooses_after(words: str) -> set[str]:
    """The first wish says which one in its words; the second is asked, and chooses "Duo"."""
    told = Told(account()).then(Means.WISH, WHY, text=words).then(Means.REASON, NOTED)
    told.then(Means.WISH, WHICH).then(Means.CHOOSE, WHY, button="Duo")
    return told.then(Means.REASON, NOTED).broken()


def test_what_the_first_wish_names_is_not_what_the_second_is_about():
    assert chooses_after("end the one at home, please") == set()
    assert "R3" in chooses_after("end it, please")


def test_a_wish_that_the_same_one_shall_end_is_said_again():
    assert "R3" in wishes_twice("Solo (home)", "Solo (home)")


def test_an_exit_that_has_to_be_asked_for_first_breaks_nothing():
    trial = account(status="trialing")
    told = Told(trial).then(Means.INSIST, ASKS)
    assert told.then(Means.YES, LEFT, books=leaving(trial)).broken() == set()


def test_a_press_that_does_nothing():
    assert Told(account()).then(Means.INSIST, NOTED, button="cancel").broken() == {"R1"}


def test_words_that_do_not_do_what_the_control_does():
    assert Told(account()).then(Means.INSIST, NOTED).broken() == {"R6"}


def test_a_second_wish_that_is_not_carried_out():
    assert Told(account()).then(Means.WISH, NOTED).then(Means.WISH, NOTED).broken() == {"R6"}


def test_a_first_wish_where_nothing_may_be_offered():
    assert Told(account("DE")).then(Means.WISH, NOTED).broken() == {"R6"}


def test_a_question_before_what_can_be_undone():
    assert Told(account()).then(Means.INSIST, ASKS).broken() == {"R6"}


def test_two_questions_before_the_exit():
    trial = account(status="trialing")
    told = Told(trial).then(Means.INSIST, ASKS).then(Means.YES, NOTED)
    assert told.broken() == {"R6"}


def test_more_offers_than_the_profile_allows():
    told = Told(account()).offered("offer-1", "offer-2")
    told.then(Means.WISH, offer("offer-1")).then(Means.REASON, offer("offer-2"))
    assert told.broken() == {"R2"}


def test_a_second_offer_that_was_asked_for():
    told = Told(account()).offered("offer-1", "offer-2")
    told.then(Means.WISH, offer("offer-1")).then(Means.MORE, offer("offer-2"))
    assert told.broken() == set()


def test_an_offer_where_none_is_allowed():
    told = Told(account("DE")).offered("offer-1").then(Means.REASON, offer())
    assert told.broken() == {"R2"}


def test_an_offer_after_a_no():
    books = account()
    told = Told(books).offered("offer-1", "offer-2").then(Means.REASON, offer("offer-1"))
    told.then({Means.DECLINE, Means.MORE}, offer("offer-2"))
    assert told.broken() == {"R3"}


def test_the_question_why_after_a_press():
    assert Told(account()).then(Means.INSIST, WHY, button="cancel").broken() == {"R1", "R3"}


def test_an_offer_without_the_exit_beside_it():
    made = offer()
    hidden = said(made.text, ("b1", "Accept"), PERSON, CANCEL)
    assert Told(account()).then(Means.REASON, hidden).broken() == {"R4"}


def test_a_reason_that_must_be_told():
    told = Told(account()).then(Means.WISH, WHY)
    assert told.then(Means.NO_REASON, said("Please tell me more.")).broken() == {"R5"}


def test_the_reason_asked_twice():
    told = Told(account()).then(Means.WISH, WHY).then(Means.REASON, WHY)
    assert told.broken() == {"R5"}


def test_silence_taken_for_a_cancellation():
    books = account()
    told = Told(books).then(Means.WISH, WHY).then(Means.SILENT, LEFT, books=leaving(books))
    assert told.broken() == {"R7"}


def test_terms_that_stand_on_the_screen_through_a_silence_can_be_agreed_to():
    books = account()
    told = Told(books).then(Means.SERVICE, TERMS).then(Means.SILENT, text="")
    assert told.then(Means.YES, NOTED, books=paused(books)).broken() == set()


def test_a_pause_taken_for_a_cancellation():
    books = account()
    assert Told(books).then(Means.SERVICE, LEFT, books=leaving(books)).broken() == {"R7"}


def test_an_exit_recorded_as_a_save():
    books = account()
    told = Told(books).then(Means.INSIST, LEFT, books=leaving(books))
    told.conversation.attempts = ({"about": "S-1", "outcome": "saved", "offers": []},)
    assert told.broken() == {"R7"}


def test_a_known_customer_asked_who_they_are():
    asks = said("What is its e-mail address?", CANCEL)
    assert "R9" in Told(account()).then(Means.SERVICE, asks).broken()


def test_a_person_who_does_not_come():
    assert Told(account()).then(Means.PERSON, NOTED).broken() == {"R10"}
    assert Told(account()).then(Means.PERSON, NOTED, holder="queue").broken() == set()


def test_a_first_message_that_hides_who_is_talking():
    told = Told(account())
    told.conversation.exchanges[0] = told.conversation.exchanges[0].__class__(
        **{**vars(told.conversation.exchanges[0]), "seen": (said("Hi, it's Anna!"),)}
    )
    assert told.broken() == {"R11"}


def test_a_message_that_was_held_back():
    assert Told(account(), held_back=("pressure",)).broken() == {"R12"}


def test_a_pause_nobody_said_yes_to():
    books = account()
    assert Told(books).then(Means.SERVICE, NOTED, books=paused(books)).broken() == {"R13"}
    told = Told(books).then(Means.SERVICE, TERMS).then(Means.YES, NOTED, books=paused(books))
    assert told.broken() == set()


def test_an_exit_without_receipt_or_date():
    books = account()
    bare = said(LEFT_TEXT)
    assert Told(books).then(Means.INSIST, bare, books=leaving(books)).broken() == {"R14"}
    other_day = leaving(books, "2026-09-20")
    assert Told(books).then(Means.INSIST, LEFT, books=other_day).broken() == {"R14"}


def test_a_charge_after_the_end():
    books = account()
    left = leaving(books)
    told = Told(books).then(Means.INSIST, LEFT, books=left)
    assert told.broken(later=charged(left)) == {"R15"}


def test_a_right_that_is_never_named():
    paid = charged(account("FR", started_on="2026-08-03", period_starts_on="2026-08-03"))
    assert Told(paid).then(Means.INSIST, LEFT, books=leaving(paid)).broken() == {"R16"}


def test_a_chain_of_records_that_is_broken():
    assert Told(account(), chain_broken="entry 3 was changed").broken() == {"R17"}


def test_a_queued_exit_that_is_forgotten():
    queued = said("Your cancellation of Solo is on record with the time you asked, 1 May.", PERSON)
    told = Told(account(), billing_was_down=True).then(Means.INSIST, queued)
    assert told.broken() == {"R18"}


def test_the_same_concession_twice():
    books = account()
    told = Told(books).then(Means.SERVICE, TERMS)
    told.then(Means.YES, NOTED, books=granted(books, "relief@1", "relief@1"))
    assert told.broken() == {"twice"}


def test_a_remedy_twice():
    books = account()
    told = Told(books).then(
        Means.COMPLAIN, NOTED, books=granted(books, "late_box_remedy@1", "late_box_remedy@2")
    )
    assert told.broken() == {"twice"}


def test_a_remedy_that_is_owed_needs_no_consent():
    books = account()
    granted_once = granted(books, "late_box_remedy@1")
    assert Told(books).then(Means.COMPLAIN, NOTED, books=granted_once).broken() == set()


def test_a_yes_to_the_question_whether_to_end_it_asks_for_the_end():
    trial = account(status="trialing")
    told = Told(trial).then(Means.QUESTION, ASKS).then(Means.YES, LEFT, books=leaving(trial))
    assert told.broken() == set()


def test_a_save_that_was_turned_into_an_exit_later_is_no_lie():
    books = account()
    told = Told(books).then(Means.INSIST, LEFT, books=leaving(books))
    told.conversation.attempts = (
        {"about": "S-1", "outcome": "saved", "offers": []},
        {"about": "S-1", "outcome": "canceled", "offers": []},
    )
    assert told.broken() == set()


def test_selling_to_somebody_in_hardship():
    told = Told(account()).offered("offer-1").then({Means.WISH, Means.HARDSHIP}, offer())
    assert told.broken() == {"hardship"}


def test_words_that_nobody_answers():
    assert Told(account()).then(Means.SERVICE).broken() == {"answer"}
    assert Told(account()).then(Means.CHAT, holder="queue").then(Means.CHAT).broken() == {"answer"}


def test_a_button_that_does_not_work():
    told = Told(account()).then(Means.YES, NOTED, button="b1", refused="button_expired")
    assert told.broken() == {"answer"}
