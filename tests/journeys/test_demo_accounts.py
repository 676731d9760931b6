"""Each demo account, in free text through the real processes, ends as the table says."""

from __future__ import annotations

import pytest

from tests.journeys.running_desk import Chat, RunningDesk

pytestmark = pytest.mark.stack


def test_maya_too_expensive_takes_the_smaller_plan(desk: RunningDesk):
    with Chat(desk, "A-1001") as maya:
        assert "automated" in maya.heard_first
        maya.says("hi, i'd like to cancel my subscription, it's just too expensive for us")
        assert (maya.offer["kind"], maya.offer["price_minor"]) == ("downgrade", 8900)
        assert maya.offer["price_after_minor"] == 5900
        assert {"Accept", "Cancel now", "Something else", "Talk to a person"} <= set(maya.titles)
        terms = maya.presses("Accept")
        assert "$59.00" in terms
        maya.presses("Confirm")
    [subscription] = desk.account("A-1001")["subscriptions"]
    assert subscription["pending_change"]["plan"] == "duo"
    [attempt] = desk.attempts("A-1001")
    assert (attempt["outcome"], attempt["reason"]) == ("saved", "too_expensive")


def test_maya_something_else_is_a_discount_with_the_exact_figures(desk: RunningDesk):
    with Chat(desk, "A-1001") as maya:
        maya.says("I want to cancel, way too pricey")
        maya.says("is there anything else you can do?")
        assert (maya.offer["kind"], maya.offer["price_after_minor"]) == ("discount", 7120)
        maya.says("ok I'll take that")
        maya.says("yes")
    [subscription] = desk.account("A-1001")["subscriptions"]
    assert subscription["discount"]["percent"] == 20


def test_jonas_unused_pauses(desk: RunningDesk):
    with Chat(desk, "A-1002") as jonas:
        jonas.says("cancel please, I never get round to cooking the boxes")
        assert jonas.offer["kind"] == "pause"
        jonas.presses("Accept")
        jonas.presses("Confirm")
    [subscription] = desk.account("A-1002")["subscriptions"]
    assert subscription["pause"]["resumes_on"]


def test_priya_is_told_why_there_is_no_second_discount(desk: RunningDesk):
    with Chat(desk, "A-1003") as priya:
        priya.says("this is too expensive, i want to cancel")
        assert priya.offer["kind"] in {"pause", "downgrade"}
        assert "20 %" in priya.says("can i get a discount?")
    [attempt] = desk.attempts("A-1003")
    assert "discount" not in [offer["kind"] for offer in attempt["offers"]]


def test_tom_gets_his_money_back(desk: RunningDesk):
    with Chat(desk, "A-1004") as tom:
        assert "$890.00" in tom.says("I'd like to cancel my subscription")
        assert tom.offer is None
        tom.presses("Confirm")
    account = desk.account("A-1004")
    assert account["subscriptions"][0]["status"] == "canceled"
    assert account["invoices"][0]["refunded_minor"] == 89000


@pytest.mark.parametrize("account", ["A-1005", "A-1009", "A-1013"])
def test_where_nothing_may_be_offered_the_first_wish_is_carried_out(desk, account):
    with Chat(desk, account) as customer:
        customer.says("I want to cancel my subscription")
        assert customer.offer is None
    [subscription] = desk.account(account)["subscriptions"]
    assert subscription["cancels_on"] == subscription["renews_on"]
    [attempt] = desk.attempts(account)
    assert (attempt["outcome"], attempt["offers"]) == ("canceled", [])


def test_sam_gets_the_credit_for_late_boxes(desk: RunningDesk):
    with Chat(desk, "A-1006") as sam:
        sam.says("my last two boxes came late, I want to cancel")
        assert sam.offer is None
        assert "$30.00" in sam.turn_text
        sam.says("ok that's fair, I'll stay")
    account = desk.account("A-1006")
    assert account["credit_minor"] == 3000
    assert account["subscriptions"][0]["cancels_on"] is None
    assert desk.attempts("A-1006")[0]["outcome"] == "saved"


def test_ines_pauses_for_longer(desk: RunningDesk):
    before = desk.account("A-1007")["subscriptions"][0]["pause"]["resumes_on"]
    with Chat(desk, "A-1007") as ines:
        ines.says("I want to cancel")
        assert ines.offer["kind"] == "pause"
        ines.presses("Accept")
        ines.presses("Confirm")
    assert desk.account("A-1007")["subscriptions"][0]["pause"]["resumes_on"] > before


def test_omar_says_both(desk: RunningDesk):
    with Chat(desk, "A-1008") as omar:
        omar.says("please cancel")
        assert {"Duo (home)", "Light (mother)"} <= set(omar.titles)
        omar.says("both")
    assert all(s["cancels_on"] for s in desk.account("A-1008")["subscriptions"])


def test_omar_names_his_mothers_box(desk: RunningDesk):
    with Chat(desk, "A-1008") as omar:
        omar.says("I need to cancel my mother's box, no offers please")
    home, mother = desk.account("A-1008")["subscriptions"]
    assert mother["cancels_on"]
    assert home["cancels_on"] is None


def test_weis_order_is_cancelled_with_a_full_refund(desk: RunningDesk):
    with Chat(desk, "A-1010") as wei:
        wei.says("can you cancel my knife set order")
        wei.says("yes please")
    [order] = desk.account("A-1010")["orders"]
    assert (order["status"], order["refund_minor"]) == ("canceled", 12900)


def test_ada_takes_store_credit_and_the_mat_is_too_late(desk: RunningDesk):
    with Chat(desk, "A-1011") as ada:
        ada.says("I want to return the pan, order O-5002")
        assert {c["kind"] for c in ada.offer["choices"]} == {"exchange", "store_credit"}
        ada.says("store credit is fine")
        ada.says("yes")
        assert "30" in ada.says("and I want to send back the mat too")
        assert "Talk to a person" in ada.titles
    account = desk.account("A-1011")
    assert account["credit_minor"] == 8690
    assert {o["id"]: o["status"] for o in account["orders"]}["O-5003"] == "delivered"


def test_noor_is_offered_a_person_with_the_exit_and_reaches_the_queue(desk: RunningDesk):
    with Chat(desk, "A-1012") as noor:
        noor.says("we want to cancel")
        assert {"Talk to a person", "Cancel now"} <= set(noor.titles)
        noor.presses("Talk to a person")
    [waiting] = desk.queue()
    assert (waiting["account"], waiting["reason"]) == ("A-1012", "high_value")
    assert waiting["summary"]["who"]["name"] == "Noor"


def test_max_undoes_his_cancellation(desk: RunningDesk):
    with Chat(desk, "A-1014") as gone:
        gone.says("cancel my plan")
        gone.says("actually please undo the cancellation")
        gone.says("yes")
    assert desk.account("A-1014")["subscriptions"][0]["cancels_on"] is None


def test_zoe_ends_her_trial(desk: RunningDesk):
    with Chat(desk, "A-1015") as zoe:
        zoe.says("I'd like to cancel my trial")
        assert zoe.offer["kind"] == "extend_trial"
        zoe.says("no thanks")
        zoe.says("yes")
    assert desk.account("A-1015")["subscriptions"][0]["status"] == "canceled"


def test_zoe_tries_for_longer(desk: RunningDesk):
    before = desk.account("A-1015")["subscriptions"][0]["trial_ends_on"]
    with Chat(desk, "A-1015") as zoe:
        zoe.says("I want to cancel")
        zoe.presses("Accept")
        zoe.presses("Confirm")
    assert desk.account("A-1015")["subscriptions"][0]["trial_ends_on"] > before
