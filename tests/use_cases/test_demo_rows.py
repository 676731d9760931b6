"""Every row of the demo table, and the settled questions, move by move on real billing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.money import Money
from bot.retention.account import OrderStatus, SubscriptionStatus
from bot.retention.say import PRESS_CANCEL, PRESS_PERSON
from bot.use_cases.make_move import Desk
from tests.factories import NOW, TODAY
from tests.use_cases.talk import Talk, a_desk


@pytest.fixture
def desk(tmp_path) -> Desk:
    return a_desk(tmp_path)


def talk(desk: Desk, account: str) -> Talk:
    return Talk(desk, account).open()


def test_maya_is_offered_the_smaller_plan_with_the_exact_saving_and_takes_it(desk):
    maya = talk(desk, "A-1001")
    assert maya.says("request_cancellation", "I want to cancel") == ["utter_ask_reason"]
    assert maya.says("give_reason", "too expensive", cancellation_reason="too_expensive") == [
        "utter_offer_downgrade"
    ]
    assert (maya.offer["price_minor"], maya.offer["price_after_minor"]) == (8900, 5900)
    assert maya.presses("utter_button_accept") == ["utter_consent_downgrade"]
    assert maya.history.subscriptions[0].pending_change is None, "accepting is not yet consent"
    assert maya.presses("utter_button_confirm") == ["utter_done_downgrade"]
    change = maya.history.subscriptions[0].pending_change
    assert (change.plan, change.price.minor) == ("duo", 5900)
    assert maya.attempts[0]["outcome"] == "saved"
    assert maya.attempts[0]["offers"][0]["answer"] == "accepted"


def test_maya_may_ask_what_else_there_is_once_and_gets_the_discount(desk):
    maya = talk(desk, "A-1001")
    maya.says("request_cancellation", "too pricey, cancel", cancellation_reason="too_expensive")
    assert maya.presses("utter_button_something_else") == ["utter_offer_discount"]
    assert maya.offer["price_after_minor"] == 7120
    assert maya.presses("utter_button_something_else") == ["utter_nothing_else"]
    assert len(maya.attempts[0]["offers"]) == 2


def test_accepting_twice_does_it_once(desk):
    maya = talk(desk, "A-1001")
    maya.says("request_cancellation", "too pricey", cancellation_reason="too_expensive")
    accept = maya.button("utter_button_accept")
    maya.says(accept.intent, **dict(accept.entities))
    assert maya.says(accept.intent, **dict(accept.entities)) == ["utter_consent_downgrade"]
    maya.presses("utter_button_confirm")
    assert maya.says("affirm") == ["utter_nothing_to_confirm"]
    assert len(maya.history.concessions) == 1


def test_accepting_and_then_cancelling_is_one_attempt_and_the_concession_is_taken_back(desk):
    maya = talk(desk, "A-1001")
    maya.says("request_cancellation", "too pricey", cancellation_reason="too_expensive")
    maya.presses("utter_button_accept")
    maya.presses("utter_button_confirm")
    assert maya.says(PRESS_CANCEL) == ["utter_left_at_period_end"]
    assert [a["outcome"] for a in maya.attempts] == ["canceled"]
    subscription = maya.history.subscriptions[0]
    assert subscription.cancels_on == subscription.renews_on
    assert subscription.pending_change is None
    assert maya.history.concessions[0].revoked_at is not None


@pytest.mark.parametrize(
    "until",
    [
        [],
        [("request_cancellation", {})],
        [("request_cancellation", {}), ("give_reason", {"cancellation_reason": "too_expensive"})],
        [
            ("request_cancellation", {"cancellation_reason": "too_expensive"}),
            ("ask_billing", {}),
        ],
        [
            ("request_cancellation", {"cancellation_reason": "too_expensive"}),
            ("accept_offer", {}),
        ],
        [("request_pause", {})],
        [("ask_for_agent", {})],
    ],
    ids=[
        "at once",
        "asked why",
        "offer open",
        "after a question",
        "before consent",
        "asked how long",
        "queue",
    ],
)
def test_an_insisting_cancel_is_carried_out_in_one_turn_from_everywhere(desk, until):
    maya = talk(desk, "A-1001")
    for intent, entities in until:
        maya.says(intent, **entities)
    said = maya.says("request_cancellation", "just cancel it", insisting="true")
    assert said[0] == "utter_left_at_period_end"
    assert maya.history.subscriptions[0].cancels_on is not None
    assert maya.attempts[-1]["outcome"] == "canceled"


def test_jonas_may_pause_or_take_the_rescue_plan(desk):
    jonas = talk(desk, "A-1002")
    jonas.says("request_cancellation", "never use it", cancellation_reason="unused")
    assert jonas.offer["kind"] == "pause"
    assert jonas.says("ask_other_options") == ["utter_offer_downgrade"]
    assert jonas.offer["price_after_minor"] == 1900


def test_priya_gets_no_second_discount_and_is_told_why(desk):
    priya = talk(desk, "A-1003")
    priya.says("request_cancellation", "too expensive", cancellation_reason="too_expensive")
    assert priya.offer["kind"] in {"pause", "downgrade"}
    said = priya.says("request_discount", "can I get a discount?")
    assert said[0] == "utter_discount_runs"
    assert all(o["kind"] != "discount" for o in priya.attempts[0]["offers"])


def test_tom_hears_of_the_money_back_promise_first_and_gets_all_of_it(desk):
    tom = talk(desk, "A-1004")
    assert tom.says("request_cancellation", "cancel please") == ["utter_name_money_back"]
    assert tom.offer is None
    assert tom.presses("utter_button_confirm") == ["utter_left_with_refund"]
    [subscription], invoice = tom.history.subscriptions, tom.history.invoices[0]
    assert subscription.status is SubscriptionStatus.CANCELED
    assert invoice.refunded.minor == 89000


def test_emil_hears_of_his_right_to_withdraw_before_anything_and_gets_all_of_it(desk):
    emil = talk(desk, "A-1016")
    said = emil.says("request_cancellation", "too dear", cancellation_reason="too_expensive")
    assert said == ["utter_name_withdrawal"]
    assert emil.offer is None
    assert emil.presses("utter_button_confirm") == ["utter_left_with_refund"]
    [subscription], [invoice] = emil.history.subscriptions, emil.history.invoices
    assert subscription.status is SubscriptionStatus.CANCELED
    assert invoice.refunded.minor == 5900
    assert emil.attempts[0]["offers"] == []


def test_emil_asking_for_refunds_is_told_until_when_he_may_withdraw(desk):
    emil = talk(desk, "A-1016")
    assert "utter_refund_live_withdrawal" in emil.says("ask_refund_terms", "can i get a refund?")


@pytest.mark.parametrize("account", ["A-1005", "A-1009", "A-1013"])
def test_where_no_offer_may_be_made_the_first_plain_wish_is_carried_out(desk, account):
    customer = talk(desk, account)
    said = customer.says(
        "request_cancellation",
        "it is too expensive, I want to cancel",
        cancellation_reason="too_expensive",
    )
    assert said[0] == "utter_left_at_period_end"
    assert customer.offer is None
    attempt = customer.attempts[0]
    assert attempt["offers"] == []
    assert attempt["verdicts"], "the record says why nothing was offered"
    assert not any(v["granted"] for v in attempt["verdicts"])


def test_ruth_is_told_of_the_open_invoice_but_not_kept(desk):
    ruth = talk(desk, "A-1009")
    assert "utter_left_open_invoice" in ruth.says("request_cancellation", "cancel it")


def test_sam_gets_what_is_owed_for_late_boxes_and_may_still_leave(desk):
    sam = talk(desk, "A-1006")
    said = sam.says(
        "request_cancellation", "boxes keep coming late", cancellation_reason="delivery_problem"
    )
    assert said == ["utter_remedy_with_incident"]
    assert sam.offer is None
    assert sam.history.credit.minor == 3000
    assert sam.says("deny") == ["utter_nothing_changed"]
    assert sam.says(PRESS_CANCEL) == ["utter_left_at_period_end"]
    assert sam.history.credit.minor == 3000, "a remedy stays"


def test_sam_gets_the_remedy_for_a_complaint_too_and_only_once(desk):
    sam = talk(desk, "A-1006")
    assert sam.says("report_problem", "late", cancellation_reason="delivery_problem") == [
        "utter_remedy_with_incident"
    ]
    again = sam.says("complain", "late again", cancellation_reason="delivery_problem")
    assert "utter_remedy_with_incident" not in again
    assert sam.history.credit.minor == 3000


def test_ines_may_pause_for_longer_or_leave_at_once(desk):
    ines = talk(desk, "A-1007")
    ines.says("request_cancellation", "I want to cancel")
    assert ines.offer["kind"] == "pause"
    assert ines.presses("utter_button_cancel") == ["utter_confirm_end_paused"]
    assert ines.presses("utter_button_cancel") == ["utter_left_paused"]
    assert ines.history.subscriptions[0].status is SubscriptionStatus.CANCELED


def test_omar_is_asked_which_and_may_say_both(desk):
    omar = talk(desk, "A-1008")
    assert omar.says("request_cancellation", "cancel") == ["utter_ask_which"]
    assert omar.says("choose_option", "both", option="both").count("utter_left_at_period_end") == 2
    assert all(s.cancels_on for s in omar.history.subscriptions)
    assert len(omar.attempts) == 2


def test_omar_asked_which_insists_and_is_let_go_in_two_turns(desk):
    omar = talk(desk, "A-1008")
    omar.says("request_cancellation", "cancel")
    assert omar.says("request_cancellation", "just cancel it", insisting="true") == [
        "utter_ask_which"
    ]
    light = omar.reply.options[1].id
    assert omar.says("choose_option", "the second", option=light) == ["utter_left_at_period_end"]
    assert [bool(s.cancels_on) for s in omar.history.subscriptions] == [False, True]


def test_omar_names_the_one_he_means(desk):
    omar = talk(desk, "A-1008")
    assert omar.says("request_cancellation", "cancel the duo one", plan="duo") == [
        "utter_ask_reason"
    ]
    assert omar.attempts[0]["about"] == omar.history.subscriptions[0].id


def test_weis_order_is_cancelled_and_refunded_after_one_confirmation(desk):
    wei = talk(desk, "A-1010")
    assert wei.says("cancel_order", "cancel my order") == ["utter_confirm_cancel_order"]
    assert wei.presses("utter_button_confirm") == ["utter_order_canceled"]
    order = wei.history.orders[0]
    assert (order.status, order.refund.minor) == (OrderStatus.CANCELED, 12900)


def test_ada_may_exchange_take_credit_or_the_refund(desk):
    ada = talk(desk, "A-1011")
    assert ada.says("return_order", "send back O-5002", order_number="O-5002") == [
        "utter_offer_return_exchange_or_store_credit"
    ]
    assert {c["kind"] for c in ada.offer["choices"]} == {"exchange", "store_credit"}
    assert ada.presses("utter_button_store_credit") == ["utter_terms_order_store_credit"]
    assert ada.presses("utter_button_confirm") == ["utter_order_store_credit_requested"]
    assert ada.history.credit.minor == 8690
    assert ada.attempts[0]["outcome"] == "saved"


def test_adas_refund_is_a_right_and_needs_no_second_word(desk):
    ada = talk(desk, "A-1011")
    ada.says("return_order", "send back O-5002", order_number="O-5002")
    assert ada.presses("utter_button_return_for_refund") == ["utter_order_refund_requested"]
    order = ada.history.order("O-5002")
    assert (order.status, order.refund_due.minor) == (OrderStatus.RETURN_REQUESTED, 7900)


def test_what_is_past_its_time_is_said_so_and_a_person_offered(desk):
    ada = talk(desk, "A-1011")
    assert ada.says("return_order", "the mat", order_number="O-5003") == ["utter_return_too_late"]
    assert ada.button("utter_button_person").intent == PRESS_PERSON


def test_noor_is_offered_a_person_beside_the_exit_in_the_first_answer(desk):
    noor = talk(desk, "A-1012")
    assert noor.says("request_cancellation", "I want to cancel") == ["utter_ask_reason_high_value"]
    assert noor.button("utter_button_person")
    assert noor.button("utter_button_cancel")


def test_max_is_told_that_it_is_set_to_end_and_may_undo(desk):
    gone = talk(desk, "A-1014")
    assert gone.says("request_cancellation", "cancel") == ["utter_already_leaving"]
    assert gone.presses("utter_button_undo") == ["utter_terms_undo"]
    assert gone.presses("utter_button_confirm") == ["utter_undone"]
    assert gone.history.subscriptions[0].cancels_on is None


def test_zoe_may_try_longer_or_end_the_trial_plainly(desk):
    zoe = talk(desk, "A-1015")
    zoe.says("request_cancellation", "cancel my trial")
    assert zoe.offer["kind"] == "extend_trial"
    assert zoe.says("deny") == ["utter_confirm_end_trial"]
    assert zoe.says("affirm") == ["utter_left_trial"]
    assert zoe.history.subscriptions[0].status is SubscriptionStatus.CANCELED


def test_a_bare_no_to_an_offer_is_carried_out(desk):
    maya = talk(desk, "A-1001")
    maya.says("request_cancellation", "too pricey", cancellation_reason="too_expensive")
    assert maya.says("deny", "no") == ["utter_left_at_period_end"]


def test_a_bare_no_to_the_reason_question_is_not(desk):
    maya = talk(desk, "A-1001")
    maya.says("request_cancellation")
    assert maya.says("deny", "no") == ["utter_without_reason"]
    assert maya.history.subscriptions[0].cancels_on is None


def test_hardship_is_never_sold_to(desk):
    maya = talk(desk, "A-1001")
    said = maya.says(
        "request_cancellation",
        "I lost my job and have to cancel",
        cancellation_reason="life_event",
        hardship="true",
    )
    assert said == ["utter_hardship"]
    assert maya.offer is None
    assert maya.says("ask_other_options")[0] != "utter_offer_downgrade"
    assert maya.offer is None
    assert maya.presses("utter_button_cancel") == ["utter_left_at_period_end"]


def test_hardship_that_came_before_the_wish_to_leave_is_remembered(desk):
    maya = talk(desk, "A-1001")
    assert maya.says("express_hardship", "I am in chemotherapy", hardship="true") == [
        "utter_hardship"
    ]
    said = maya.says("request_cancellation", "too pricey", cancellation_reason="too_expensive")
    assert said == ["utter_hardship"]
    assert maya.offer is None
    assert maya.attempts[0]["hardship"]


def test_hardship_told_in_one_attempt_is_remembered_in_the_next(desk):
    maya = talk(desk, "A-1001")
    maya.says("request_cancellation", "too pricey", cancellation_reason="too_expensive")
    assert maya.says("give_reason", "I lost my job", hardship="true") == ["utter_hardship"]
    assert maya.says("goodbye") == ["utter_goodbye_undecided"]
    said = maya.says("request_cancellation", "too pricey", cancellation_reason="too_expensive")
    assert said == ["utter_hardship"]


def test_an_offer_is_not_shown_again_to_who_told_of_hardship_beside_something_else(desk):
    maya = talk(desk, "A-1001")
    maya.says("request_cancellation", "too pricey", cancellation_reason="too_expensive")
    said = maya.says("ask_billing", "I am ill. When do I renew?", hardship="true")
    assert said == ["utter_billing", "utter_resume_resolution"]
    assert maya.says("ask_other_options") == ["utter_nothing_else"]


@pytest.mark.parametrize(
    ("words", "is_the_end"),
    [
        ("pause it from then", False),
        ("pause, starting on the 20th", False),
        ("I start work again, pause till the 20th", True),
        ("pause until the 20th", True),
        ("I'm away from home until the 20th", True),
    ],
)
def test_the_day_a_pause_should_begin_is_not_taken_for_its_end(desk, words, is_the_end):
    maya = talk(desk, "A-1001")
    day = (maya.history.subscriptions[0].renews_on + timedelta(days=20)).isoformat()
    said = maya.says("request_pause", words, date=day)
    assert said == ["utter_terms_pause" if is_the_end else "utter_ask_pause_duration"]
    if not is_the_end:
        assert maya.says("request_pause", "a month", duration="P1M") == ["utter_terms_pause"]


def test_digressions_are_answered_and_the_offer_comes_back_under_its_id(desk):
    maya = talk(desk, "A-1001")
    maya.says("request_cancellation", "too pricey", cancellation_reason="too_expensive")
    shown = maya.offer["id"]
    assert maya.says("ask_billing", "when do I renew?") == [
        "utter_billing",
        "utter_offer_downgrade",
    ]
    assert maya.offer["id"] == shown
    assert len(maya.attempts[0]["offers"]) == 1


def test_asking_for_a_person_leaves_the_assistant_with_the_whole_story(desk):
    maya = talk(desk, "A-1001")
    maya.says("request_cancellation", "too pricey", cancellation_reason="too_expensive")
    assert maya.says("ask_for_agent", "let me talk to someone") == ["utter_handoff_requested"]
    assert maya.attempts[0]["outcome"] == "escalated"


def test_a_service_asked_for_by_name_is_no_offer_and_no_attempt(desk):
    maya = talk(desk, "A-1001")
    assert maya.says("request_pause", "pause it") == ["utter_ask_pause_duration"]
    assert maya.says("request_pause", "2 months", duration="P2M") == ["utter_terms_pause"]
    assert maya.presses("utter_button_confirm") == ["utter_served_pause"]
    pause = maya.history.subscriptions[0].pause
    assert pause.starts_on == maya.history.subscriptions[0].renews_on or pause.starts_on > TODAY
    assert maya.attempts == []


def test_a_new_attempt_within_a_day_continues_the_count_of_offers(desk):
    maya = talk(desk, "A-1001")
    maya.says("request_cancellation", "too pricey", cancellation_reason="too_expensive")
    maya.says("conversation_closed")
    again = Talk(desk, "A-1001", "c-2").open()
    again.says("request_cancellation", "too pricey", cancellation_reason="too_expensive")
    assert again.offer is None
    desk.clock.pass_by(timedelta(hours=25))
    later = Talk(desk, "A-1001", "c-3").open()
    later.says("request_cancellation", "too pricey", cancellation_reason="too_expensive")
    assert desk.clock.now() > NOW
    assert later.offer or later.history.subscriptions[0].cancels_on


def test_another_length_for_the_pause_on_offer_is_a_yes_with_that_length(desk):
    jonas = talk(desk, "A-1002")
    jonas.says("request_cancellation", "never use it", cancellation_reason="unused")
    asked = jonas.says("nlu_fallback", "can I do 1 month instead?", duration="P1M")
    assert asked == ["utter_consent_pause"]
    jonas.presses("utter_button_confirm")
    pause = jonas.history.subscriptions[0].pause
    assert 28 <= (pause.resumes_on - pause.starts_on).days <= 31


def test_just_do_it_said_to_someone_who_asks_why_is_the_exit(desk):
    maya = talk(desk, "A-1001")
    maya.says("request_cancellation", "cancel please")
    assert maya.says("affirm", "why do you ask? just do it", insisting="true") == [
        "utter_left_at_period_end"
    ]


def test_a_discount_that_only_costs_too_much_is_for_a_person_to_grant(desk):
    less = replace(desk.terms, authority_limit=Money(5000, "USD"))
    maya = talk(replace(desk, terms=less), "A-1001")
    maya.says("request_cancellation", "too dear", cancellation_reason="too_expensive")
    assert maya.says("request_discount", "a discount?") == ["utter_handoff_over_authority"]
    [attempt] = maya.attempts
    assert attempt["outcome"] == "escalated"
    assert all(offer["kind"] != "discount" for offer in attempt["offers"])
