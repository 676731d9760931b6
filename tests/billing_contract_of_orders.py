"""What every billing system must do with refunds and orders; the second half of the contract."""

from __future__ import annotations

import pytest

from bot.errors import NotPossible
from bot.money import Money
from bot.retention.commands import (
    CancelOrder,
    ExchangeOrder,
    RefundInvoice,
    RequestReturn,
    ReturnForCredit,
)
from tests.billing_contract import Customer, a_note, in_days


class OrdersContract:
    def test_an_invoice_is_refunded_in_part_and_at_most_in_full(self, maya):
        newest = maya.seen().invoices[0]
        told = maya.does(RefundInvoice(newest.id, Money(3000), a_note("refund", value=3000)))
        assert (told.invoices[0].status, told.invoices[0].refunded) == ("paid", Money(3000))
        assert told.lifetime_value == Money(115_500 - 3000)
        maya.cannot(RefundInvoice(newest.id, Money(5901)), r"up to \$59.00")
        maya.cannot(RefundInvoice(newest.id, Money(0)), "can be refunded")
        told = maya.does(RefundInvoice(newest.id, Money(5900)))
        assert (told.invoices[0].status, told.invoices[0].refunded) == ("refunded", Money(8900))
        maya.cannot(RefundInvoice(newest.id, Money(1)), "is refunded")
        maya.cannot(RefundInvoice("I-9", Money(1)), "no invoice")

    def test_an_order_that_has_not_left_is_cancelled_and_refunded(self, billing):
        wei = Customer(billing, "A-1010")
        [order] = wei.does(CancelOrder("O-5001")).orders
        assert (order.status.value, order.refund, order.refund_due) == (
            "canceled",
            Money(12900),
            Money(0),
        )
        wei.cannot(CancelOrder("O-5001"), "is canceled")
        wei.cannot(RequestReturn("O-5001"), "not arrived")
        wei.cannot(CancelOrder("O-9"), "no order")

    def test_an_order_that_came_is_returned_and_refunded_when_it_is_back(self, billing):
        ada = Customer(billing, "A-1011")
        ada.cannot(CancelOrder("O-5002"), "cannot be cancelled")
        order = ada.does(RequestReturn("O-5002")).order("O-5002")
        assert (order.status.value, order.refund, order.refund_due) == (
            "return_requested",
            Money(0),
            Money(7900),
        )
        order = billing.receive_goods("A-1011", "O-5002", now=in_days(5)).order("O-5002")
        assert (order.status.value, order.refund, order.refund_due) == (
            "returned",
            Money(7900),
            Money(0),
        )
        ada.cannot(RequestReturn("O-5002"), "returned already")
        with pytest.raises(NotPossible, match="nothing is on its way"):
            billing.receive_goods("A-1011", "O-5002", now=in_days(5))

    @pytest.mark.parametrize(("days", "possible"), [(22, True), (23, False)])
    def test_goods_can_be_sent_back_within_thirty_days(self, billing, days, possible):
        ada = Customer(billing, "A-1011")
        asked = RequestReturn("O-5002")
        if possible:
            assert ada.does(asked, now=in_days(days)).order("O-5002").refund_due == Money(7900)
        else:
            ada.cannot(asked, "within 30 days", now=in_days(days))
        ada.cannot(RequestReturn("O-5003"), "within 30 days")

    def test_store_credit_is_price_and_bonus_and_booked_at_once(self, billing):
        ada = Customer(billing, "A-1011")
        note = a_note("store_credit", value=790)
        told = ada.does(ReturnForCredit("O-5002", Money(790), note))
        order = told.order("O-5002")
        assert told.credit == Money(8690)
        assert (order.status.value, order.refund_due) == ("return_requested", Money(0))
        assert told.concessions[0].value == Money(790)
        ada.cannot(RequestReturn("O-5002"), "credit already")
        ada.cannot(ReturnForCredit("O-5002", Money(790)), "credit already")
        told = billing.receive_goods("A-1011", "O-5002", now=in_days(5))
        assert (told.order("O-5002").status.value, told.order("O-5002").refund) == (
            "returned",
            Money(0),
        )

    def test_an_order_is_exchanged_for_the_same_or_another_item(self, billing):
        ada = Customer(billing, "A-1011")
        order = ada.does(ExchangeOrder("O-5002", "Cast iron pan")).order("O-5002")
        assert (order.status.value, order.refund_due) == ("exchange_requested", Money(0))
        note = a_note("exchange")
        order = ada.does(ExchangeOrder("O-5002", "chef's KNIFE", note)).order("O-5002")
        assert order.refund_due == Money(1000), "the difference in price"
        order = billing.receive_goods("A-1011", "O-5002", now=in_days(5)).order("O-5002")
        assert (order.status.value, order.item, order.refund) == (
            "exchanged",
            "Chef's knife",
            Money(1000),
        )

    def test_an_exchange_for_something_dearer_or_unknown_is_refused(self, billing):
        ada = Customer(billing, "A-1011")
        ada.cannot(ExchangeOrder("O-5002", "Knife set"), r"costs \$129.00")
        ada.cannot(ExchangeOrder("O-5002", "Unicorn"), "no 'Unicorn'")
        assert "Knife set" in {item.name for item in billing.shop_items()}

    def test_a_change_of_mind_between_exchange_and_refund_is_heard(self, billing):
        ada = Customer(billing, "A-1011")
        ada.does(ExchangeOrder("O-5002", "Chef's knife"))
        order = ada.does(RequestReturn("O-5002")).order("O-5002")
        assert (order.status.value, order.refund_due) == ("return_requested", Money(7900))
        order = billing.receive_goods("A-1011", "O-5002", now=in_days(5)).order("O-5002")
        assert (order.status.value, order.item) == ("returned", "Cast iron pan")
