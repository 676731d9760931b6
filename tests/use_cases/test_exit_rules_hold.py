"""Whatever customers say or press, in whatever order, no exit rule is ever broken."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.retention.account import SubscriptionStatus
from bot.retention.dialogue import Dialogue, Heard, read_dialogue
from bot.retention.exit_rules import Exchange, Violation, violations
from bot.retention.say import PRESS_CANCEL, PRESS_PERSON, Button, Say
from bot.use_cases.make_move import Desk
from tests.use_cases.talk import Talk, a_desk

ACCOUNTS = [f"A-{number}" for number in range(1001, 1017)]
MOVES = [
    ("request_cancellation", {}),
    ("request_cancellation", {"insisting": "true"}),
    ("request_cancellation", {"immediate": "true"}),
    ("request_cancellation", {"cancellation_reason": "too_expensive"}),
    ("request_cancellation", {"cancellation_reason": "life_event", "hardship": "true"}),
    ("cancel_order", {}),
    ("return_order", {"order_number": "O-5002"}),
    ("give_reason", {"cancellation_reason": "unused"}),
    ("give_reason", {"cancellation_reason": "delivery_problem"}),
    ("request_pause", {"duration": "P2M"}),
    ("request_pause", {}),
    ("request_downgrade", {}),
    ("request_discount", {}),
    ("skip_delivery", {}),
    ("change_frequency", {}),
    *(
        (intent, {})
        for intent in (
            "affirm",
            "deny",
            "accept_offer",
            "decline_offer",
            "ask_other_options",
            "keep_subscription",
            "undo_cancellation",
            "ask_billing",
            "ask_cancellation_terms",
            "ask_refund_terms",
            "ask_plan",
            "ask_order_status",
            "report_problem",
            "complain",
            "express_hardship",
            "threaten_legal",
            "ask_are_you_human",
            "greet",
            "thank",
            "goodbye",
            "out_of_scope",
            "nlu_fallback",
            "request_data_erasure",
            "customer_silent",
            PRESS_CANCEL,
            PRESS_PERSON,
        )
    ),
]
PRESS = st.integers(min_value=0, max_value=9)


@pytest.fixture(scope="module")
def fresh_desk():
    """Return a maker of desks on copies of one prepared database."""
    with tempfile.TemporaryDirectory() as folder:
        first = Path(folder) / "first"
        first.mkdir()
        a_desk(first)
        yield first


def copy_of(prepared: Path, folder: Path) -> Desk:
    for file in prepared.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    return a_desk(folder)


def exchange_of(talk: Talk, before: Dialogue, heard: Heard) -> Exchange:
    with talk.desk.unit_of_work() as uow:
        document, _version = uow.dialogues.get(talk.conversation)
    return Exchange(
        before,
        heard,
        talk.reply.says,
        read_dialogue(document),
        talk.desk.profiles.of(talk.history.customer.jurisdiction, talk.desk.clock.now().date()),
        escalated=any(s.response.startswith("utter_handoff") for s in talk.reply.says),
    )


def offered_buttons(says: tuple[Say, ...]) -> list[Button]:
    return [button for say in says for button in say.buttons]


@pytest.mark.slow
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    account=st.sampled_from(ACCOUNTS),
    path=st.lists(st.one_of(st.sampled_from(MOVES), PRESS), max_size=8),
)
def test_no_path_through_the_dialogue_breaks_a_rule_and_the_exit_is_always_near(
    fresh_desk, account, path
):
    with tempfile.TemporaryDirectory() as folder:
        talk = Talk(copy_of(fresh_desk, Path(folder)), account)
        talk.open()
        exchanges = [exchange_of(talk, Dialogue(), Heard("conversation_opened"))]
        for move in path:
            if isinstance(move, int):
                buttons = offered_buttons(talk.reply.says)
                if not buttons:
                    continue
                button = buttons[move % len(buttons)]
                move = (button.intent, dict(button.entities))
            intent, entities = move
            talk.says(intent, intent.replace("_", " "), **entities)
            heard = Heard(intent, entities=tuple(entities.items()))
            exchanges.append(exchange_of(talk, exchanges[-1].after, heard))
        assert violations(exchanges) == ()
        assert_the_exit_is_near(talk)


def assert_the_exit_is_near(talk: Talk) -> None:
    """Two presses on the control end every subscription that was not chosen among several."""
    live = [s for s in talk.history.subscriptions if s.is_live and not s.is_leaving]
    talk.says(PRESS_CANCEL)
    if any(s.response == "utter_ask_which" for s in talk.reply.says):
        talk.says("choose_option", option="both")
    else:
        talk.says(PRESS_CANCEL)
    if len(live) == 1:
        [after] = [s for s in talk.history.subscriptions if s.id == live[0].id]
        orders = [o.id for o in talk.history.orders]
        about_an_order = talk.attempts and talk.attempts[-1]["about"] in orders
        assert after.is_leaving or after.status is SubscriptionStatus.CANCELED or about_an_order


def test_the_checks_do_see_a_hidden_exit():
    """The premise: an offer without the exit beside it would be found."""
    profile = a_profile()
    hidden = Exchange(
        Dialogue(),
        Heard("give_reason"),
        (Say("utter_offer_pause", offer={"id": "o"}),),
        Dialogue(),
        profile,
    )
    welcome = Exchange(
        Dialogue(), Heard("conversation_opened"), (Say("utter_welcome"),), Dialogue(), profile
    )
    assert violations([welcome, hidden]) == (Violation("R4", 1, "utter_offer_pause shows no exit"),)


def a_profile():
    from datetime import date

    from bot.retention.jurisdiction import Profile

    return Profile("US", "United States", 1, "-", date(2020, 1, 1))
