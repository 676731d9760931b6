"""What the first walk found, move by move: each was a broken rule, and is mended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot import bootstrap_proof, settings
from bot.retention.commands import CancelSubscription, PauseSubscription
from bot.retention.dialogue import Heard
from bot.retention.proof.passages import Billing, Passage, done, passages
from bot.retention.proof.place import Beginning, Place, first_place
from bot.retention.proof.walk import A_DAY
from bot.retention.say import PRESS_CANCEL
from tests.factories import NOW, TODAY

OPENED, PRESS = Heard("conversation_opened"), Heard(PRESS_CANCEL)
WISH = "request_cancellation"
INSISTING = Heard(WISH, "end it, I won't discuss it", (("insisting", "true"),))
DEAR = Heard(WISH, "it got too dear for me", (("cancellation_reason", "too_expensive"),))


@pytest.fixture(scope="module")
def beginnings() -> tuple[Beginning, ...]:
    return bootstrap_proof.proof_beginnings(settings.load(), on=TODAY)


def begun(beginnings: tuple[Beginning, ...], title: str) -> Place:
    [beginning] = [b for b in beginnings if b.title.startswith(title)]
    return done(first_place(beginning), OPENED).after


def after(place: Place, *moves: Heard) -> Passage:
    """Return the last passage of these moves, with a billing system that does its part."""
    for heard in moves:
        passage = done(place, heard)
        place = passage.after
    return passage


def said(passage: Passage) -> list[str]:
    return [say.response for say in passage.says]


def test_the_control_works_after_an_order_was_kept_beside_a_subscription(beginnings):
    place = begun(beginnings, "a subscription and an order")
    kept = after(place, Heard("cancel_order"), Heard("keep_subscription"))
    assert said(kept) == ["utter_kept"]
    assert said(after(kept.after, PRESS)) == ["utter_left_at_period_end"]


def test_pressing_the_control_with_two_orders_leads_to_no_offer(beginnings):
    place = begun(beginnings, "A-1011")
    which = after(place, PRESS)
    assert said(which) == ["utter_ask_which_order"]
    chosen = after(which.after, Heard("choose_option", "", (("option", "O-5002"),)))
    assert said(chosen) == ["utter_order_refund_requested"]


def test_an_order_on_its_way_can_be_withdrawn_from_before_it_arrives(beginnings):
    place = begun(beginnings, "an order that is dispatched")
    for heard in (Heard("cancel_order"), Heard("return_order", "I send it back"), PRESS):
        gone = after(place, heard)
        assert said(gone) == ["utter_order_refund_requested_on_its_way"]
        assert gone.says[0].receipt
        [order] = gone.after.situation.account.orders
        assert (order.status.value, order.refund_due) == ("return_requested", order.price)


def test_a_cancellation_that_waits_for_billing_is_not_met_by_an_offer_when_said_again(beginnings):
    place = begun(beginnings, "A-1001")
    assert said(after(place, DEAR)) == ["utter_offer_downgrade"], "the premise"
    [waiting] = passages(place, PRESS, only=Billing.DOWN)
    assert said(waiting) == ["utter_cancellation_queued"]
    assert said(after(waiting.after, DEAR)) == ["utter_left_at_period_end"]


def test_declining_to_say_why_is_a_refusal_however_it_is_understood(beginnings):
    asked = after(begun(beginnings, "A-1001"), Heard(WISH, "I want to be off"))
    assert said(asked) == ["utter_ask_reason"]
    assert said(after(asked.after, Heard("decline_offer", "no"))) == ["utter_without_reason"]


def test_insisting_words_after_a_handover_do_what_the_control_does(beginnings):
    place = begun(beginnings, "A-1008")
    home = Heard(WISH, "my home boxes have to go", (("subscription", "home"),))
    waiting = after(place, home, Heard("ask_for_agent")).after
    assert said(after(waiting, PRESS)) == ["utter_left_at_period_end"]
    assert said(after(waiting, INSISTING)) == ["utter_left_at_period_end"]


def test_a_pause_given_up_while_billing_was_down_ends_where_the_paid_period_does(beginnings):
    [maya] = [b for b in beginnings if b.title.startswith("A-1001")]
    [subscription] = maya.ledger.history(NOW).subscriptions
    renews_on = subscription.renews_on
    assert renews_on is not None
    pause = PauseSubscription(subscription.id, renews_on, renews_on + timedelta(days=61))
    paused = maya.ledger.after((pause,), NOW)
    cancel = CancelSubscription(subscription.id, at_once=False, requested_at=NOW)
    for days in (0, 5, 20, 40):
        late = NOW + timedelta(days=days)
        ended = paused.after((cancel,), late).history(NOW + timedelta(days=50))
        assert ended.subscription(subscription.id).cancels_on == renews_on, days


def test_an_offer_of_yesterday_can_no_longer_be_taken_and_the_exit_still_can(beginnings):
    offered = after(begun(beginnings, "A-1001"), DEAR).after
    late = offered.at(offered.now + A_DAY)
    assert said(after(late, Heard("accept_offer"))) == ["utter_offer_expired"]
    assert said(after(late, PRESS)) == ["utter_left_at_period_end"]


def test_a_complaint_that_the_remedy_solved_is_closed_and_not_asked_about_again(beginnings):
    place = begun(beginnings, "A-1006")
    late = Heard("complain", "late again", (("cancellation_reason", "delivery_problem"),))
    remedied = after(place, late)
    assert said(remedied) == ["utter_remedy_with_incident"], "the premise"
    for content in (Heard("keep_subscription", "Yes, that solves it"), Heard("affirm", "it does")):
        solved = after(remedied.after, content)
        assert said(solved) == ["utter_anything_else"]
        assert said(after(solved.after, Heard("affirm", "yes"))) == ["utter_nothing_to_confirm"]
