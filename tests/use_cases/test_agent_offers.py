"""What an agent offers is judged, consented to and carried out like what the assistant offers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from bot import bootstrap
from bot.conversations.agent import AgentOnDuty
from bot.conversations.case import CaseOutcome
from bot.conversations.holder import Holder
from bot.conversations.message import Message
from bot.conversations.turn import Lane
from bot.errors import ButtonExpired, HeldBack, MessageIdReused, NotHolder, NotPossible
from bot.integrations.canned_files import load_canned_replies
from bot.integrations.ids import RandomIds
from bot.retention.cancellation import CancellationReason
from bot.settings import ROOT
from bot.storage.agent_views import SqlAgentViews
from bot.storage.engine import make_engine
from bot.use_cases.agent_desk import AgentDesk
from bot.use_cases.claim_case import claim_case
from bot.use_cases.close_case import close_case
from bot.use_cases.hand_back import hand_back
from bot.use_cases.make_agent_offer import make_agent_offer
from bot.use_cases.open_conversation import open_conversation
from bot.use_cases.post_agent_message import post_agent_message
from bot.use_cases.post_message import post_message
from bot.use_cases.run_turn import run_turn
from bot.use_cases.show_agent_offers import show_agent_offers
from bot.use_cases.show_canned_replies import show_canned_replies
from bot.use_cases.show_case import show_case
from bot.use_cases.switchboard import Switchboard
from tests.fakes import FakeAssistant, FakeUnderstanding
from tests.use_cases.talk import a_desk

KIM = AgentOnDuty("p-kim", "Kim", level="agent")
EXPENSIVE = CancellationReason.TOO_EXPENSIVE


class Shop:
    """The whole desk with the demo company's books, its words, its guard, and no assistant."""

    def __init__(self, folder: Path) -> None:
        self.rules = a_desk(folder)
        self.engine = make_engine(f"sqlite:///{folder / 'desk.db'}")
        views = SqlAgentViews(self.engine)
        mover = bootstrap.mover(self.rules)
        self.switchboard = Switchboard(
            unit_of_work=self.rules.unit_of_work,  # type: ignore[arg-type]
            views=views,
            clock=self.rules.clock,
            ids=RandomIds(),
            billing=self.rules.billing,
            move=mover,
            assistant=FakeAssistant(mover, is_down=True),  # type: ignore[arg-type]
            wording=bootstrap.wording(),
            understanding=FakeUnderstanding(),
            guard=bootstrap.exit_rules(self.rules, views),
        )
        self.desk = AgentDesk(
            self.switchboard,
            self.rules.unit_of_work,  # type: ignore[arg-type]
            views,
            self.rules,
            canned=bootstrap_canned(),
        )

    def with_agent(self, account: str = "A-1001", agent: AgentOnDuty = KIM) -> Chat:
        here = open_conversation(account=account, switchboard=self.switchboard).conversation
        chat = Chat(self, here)
        chat.press("person")
        assert claim_case(here, agent=agent, desk=self.desk)
        return chat


class Chat:
    """One customer's side of it."""

    def __init__(self, shop: Shop, here: str) -> None:
        self.shop, self.here = shop, here

    def press(self, button_id: str) -> list[Message]:
        posted = post_message(
            self.here,
            client_message_id=str(uuid4()),
            button_id=button_id,
            switchboard=self.shop.switchboard,
        )
        lane = Lane.CONTROL if button_id in ("cancel", "person") else Lane.TALK
        run_turn(self.here, lane, switchboard=self.shop.switchboard)
        return [m for m in self.messages() if m.seq > posted.message.seq]

    def press_title(self, title: str) -> list[Message]:
        return self.press(next(b.id for b in self.messages()[-1].buttons if b.title == title))

    def messages(self) -> tuple[Message, ...]:
        return self.shop.switchboard.views.updates(self.here, after=0).messages

    def offers(self, agent: AgentOnDuty = KIM, **asked: Any) -> dict[str, Any]:
        return show_agent_offers(self.here, agent=agent, desk=self.shop.desk, **asked)

    def offer(self, policy: str, *, sent_as: str = "o-1", agent: AgentOnDuty = KIM, **more: Any):
        return make_agent_offer(
            self.here,
            agent=agent,
            client_message_id=sent_as,
            policy=policy,
            reason=EXPENSIVE.value,
            desk=self.shop.desk,
            **more,
        )

    def granted(self, **asked: Any) -> list[str]:
        found = self.offers(**{"reason": EXPENSIVE, **asked})["offers"]
        return [one["policy"] for one in found if one["granted"]]


def bootstrap_canned() -> Any:
    return load_canned_replies(ROOT / "data/desk/canned-replies.yml")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def history_of(shop: Shop, account: str = "A-1001") -> Any:
    return shop.rules.billing.history(account, now=shop.rules.clock.now())


def test_an_offer_with_one_press_is_consented_to_and_carried_out_once(shop: Shop) -> None:
    chat = shop.with_agent()
    policy = chat.granted()[0]
    before = history_of(shop)
    made = chat.offer(policy)
    assert made.message.sender_name == "Kim"
    assert (made.message.offer or {})["policy"] == policy
    assert [b.title for b in made.message.buttons] == ["Accept", "Cancel now"]
    assert history_of(shop) == before, "nothing is done before the customer consents"

    terms = chat.press_title("Accept")
    assert "Confirm" in [b.title for b in terms[-1].buttons]
    done = chat.press_title("Confirm")
    assert done[-1].receipt
    after = history_of(shop)
    assert len(after.concessions) == len(before.concessions) + 1
    assert after.concessions[-1].policy == policy

    [attempt] = shop.desk.views.attempts("A-1001", since_reset=True)
    assert attempt["outcome"] == "saved"
    assert attempt["offers"][0]["made_by"] == KIM.id
    file = show_case(chat.here, agent=KIM, desk=shop.desk)
    assert [one["id"] for one in file["receipts"]] == [done[-1].receipt]
    assert file["case"]["holder"] == "agent", "the agent still holds it"
    named = {one["name"] for one in file["attempts"][0]["verdicts"]}
    assert named >= {"Smaller plan", "Discount", "Pause"}
    assert not named & {"Exchange", "Store credit"}, "those are for an order"
    assert file["attempts"][0]["offers"][0]["name"] == "Smaller plan"
    assert file["account"]["concessions"][-1]["name"] == "Smaller plan"
    assert file["account"]["subscriptions"][0]["pending_change"]["plan_name"] == "Duo"


def test_an_offer_sent_twice_is_made_once(shop: Shop) -> None:
    chat = shop.with_agent()
    policy = chat.granted()[0]
    first, again = chat.offer(policy), chat.offer(policy)
    assert again.message == first.message
    assert again.is_repeat
    assert sum(m.offer is not None for m in chat.messages()) == 1
    with pytest.raises(MessageIdReused):
        chat.offer("another@1")


def test_no_more_offers_than_the_law_allows_unless_the_customer_asks(shop: Shop) -> None:
    chat = shop.with_agent()
    first, *_ = chat.granted()
    chat.offer(first)
    assert "only if the customer asks" in chat.offers(reason=EXPENSIVE)["why_not"]
    rest = chat.granted(customer_asked=True)
    assert rest
    assert first not in rest
    with pytest.raises(NotPossible, match="as many offers were made"):
        chat.offer(rest[0], sent_as="o-2")
    assert chat.offer(rest[0], sent_as="o-3", customer_asked=True).message.offer


@pytest.mark.parametrize("account", ["A-1005", "A-1009", "A-1013"])
def test_where_nothing_may_be_offered_an_agent_may_not_either(shop: Shop, account: str) -> None:
    chat = shop.with_agent(account)
    found = chat.offers(reason=EXPENSIVE)
    assert not found["may_offer"]
    assert found["why_not"]
    assert chat.granted() == []
    with pytest.raises(NotPossible):
        chat.offer("price_relief@1")


def test_after_a_no_nothing_is_offered(shop: Shop) -> None:
    chat = shop.with_agent()
    policy = chat.granted()[0]
    chat.offer(policy)
    chat.press("cancel")
    assert history_of(shop).subscriptions[0].cancels_on
    with pytest.raises(NotPossible):
        chat.offer(policy, sent_as="o-2", customer_asked=True)


def test_every_verdict_says_why(shop: Shop) -> None:
    chat = shop.with_agent("A-1003")
    told = {one["policy"]: one["why"] for one in chat.offers(reason=EXPENSIVE)["offers"]}
    refused = [why for why in told.values() if why.startswith("Not entitled: ")]
    assert any("the last price concession was" in why for why in refused)
    assert "Entitled." in told.values()
    assert not any(policy.startswith("exchange_return@") for policy in told), "that is for an order"


def test_an_unknown_customer_gets_no_offer(shop: Shop) -> None:
    chat = shop.with_agent(None)  # type: ignore[arg-type]
    assert "not shown who they are" in chat.offers()["why_not"]
    with pytest.raises(NotPossible, match="not shown who they are"):
        chat.offer("price_relief@1")


def test_only_who_holds_it_offers(shop: Shop) -> None:
    chat = shop.with_agent()
    ada = replace(KIM, id="p-ada", name="Ada")
    with pytest.raises(NotHolder):
        chat.offer(chat.granted()[0], agent=ada)


def test_an_agents_words_are_held_against_billing_and_for_pressure(shop: Shop) -> None:
    chat = shop.with_agent()

    def write(text: str) -> Message:
        return post_agent_message(
            chat.here, agent=KIM, client_message_id=str(uuid4()), text=text, desk=shop.desk
        ).message

    for text, what in {
        "I can do it for $12.34 a month.": "an amount that is not on record",
        "Hurry, this is your last chance!": "urgency",
        "We are so sad to see you go.": "guilt",
    }.items():
        with pytest.raises(HeldBack) as held:
            write(text)
        assert what in [hint.what for hint in held.value.hints]
    with pytest.raises(HeldBack) as held:
        write("This is your last chance!")
    assert held.value.hints[0].passage == "last chance"
    assert write("Your plan costs $89.00 a month. I am a person, by the way.")
    means = write("If you cancel, your boxes go on until the end of what you have paid for.")
    assert [b.id for b in means.buttons] == ["cancel"], "the exit comes beside it by itself"


def test_closing_as_saved_or_cancelled_follows_the_record(shop: Shop) -> None:
    chat = shop.with_agent()
    with pytest.raises(NotPossible, match="Nothing was cancelled"):
        close_case(chat.here, agent=KIM, outcome=CaseOutcome.CANCELED, desk=shop.desk)
    chat.press("cancel")
    with pytest.raises(NotPossible, match="cancelled here"):
        close_case(chat.here, agent=KIM, outcome=CaseOutcome.SAVED, desk=shop.desk)
    close_case(chat.here, agent=KIM, outcome=CaseOutcome.CANCELED, desk=shop.desk)
    [attempt] = shop.desk.views.attempts("A-1001", since_reset=True)
    assert attempt["outcome"] == "canceled"


def test_an_offer_nobody_answered_is_over_once_it_was_handed_back(shop: Shop) -> None:
    chat = shop.with_agent()
    made = chat.offer(chat.granted()[0])
    hand_back(chat.here, agent=KIM, desk=shop.desk)
    with pytest.raises(ButtonExpired):
        chat.press(made.message.buttons[0].id)
    holder = shop.desk.views.hold(chat.here)[0].holder
    assert holder is Holder.ASSISTANT


def keys_of(value: Any, at: str = "") -> set[str]:
    if not isinstance(value, dict):
        return set()
    return {f"{at}{key}" for key in value} | {
        name for key, inner in value.items() for name in keys_of(inner, f"{at}{key}.")
    }


REQUIRED = {
    "escalation",
    "who",
    "who.account",
    "who.name",
    "who.email",
    "who.identified_by",
    "value",
    "about",
    "about.id",
    "about.title",
    "wants",
    "reason",
    "reasons",
    "words",
    "offers",
    "offers.offered",
    "offers.accepted",
    "offers.declined",
    "offers.because",
    "done",
    "still_open",
    "transcript",
}


@pytest.mark.parametrize("account", ["A-1001", "A-1003", "A-1006", "A-1010", "A-1012", None])
def test_the_summary_has_every_field_whoever_asks(shop: Shop, account: Any) -> None:
    chat = shop.with_agent(account)
    summary = show_case(chat.here, agent=KIM, desk=shop.desk)["summary"]
    assert keys_of(summary) >= REQUIRED
    if account:
        assert summary["who"]["account"] == account
        assert all(summary["who"].values())
        assert summary["value"]["minor"] > 0 or account == "A-1010"


def test_the_summary_tells_what_happened_since_the_person_came(shop: Shop) -> None:
    chat = shop.with_agent()
    policy = chat.granted()[0]
    chat.offer(policy)
    post_message(
        chat.here,
        client_message_id=str(uuid4()),
        text="My rent went up",
        switchboard=shop.switchboard,
    )
    run_turn(chat.here, switchboard=shop.switchboard)
    summary = show_case(chat.here, agent=KIM, desk=shop.desk)["summary"]
    assert "My rent went up" in summary["words"]
    [offered] = summary["offers"]["offered"]
    assert (offered["kind"], offered["title"]) == ("downgrade", "Duo for $59.00 a month")
    assert summary["reason"] == "too_expensive"
    assert summary["about"]["title"]
    assert summary["offers"]["because"] == "Smaller plan was offered by an agent."
    assert summary["transcript"][-1]["text"] == "My rent went up"


def test_canned_replies_come_filled_in_and_only_where_their_facts_are_known(shop: Shop) -> None:
    maya = show_canned_replies(shop.with_agent().here, agent=KIM, desk=shop.desk)
    by_id = {reply["id"]: reply["text"] for reply in maya}
    assert by_id["hello"].startswith("Hello Maya, I'm Kim.")
    assert "$89.00 a month" in by_id["plan_and_price"]
    assert "set_to_end" not in by_id
    assert "credit" not in by_id
    nobody = show_canned_replies(shop.with_agent(None).here, agent=KIM, desk=shop.desk)  # type: ignore[arg-type]
    assert {"plan_and_price", "hello"}.isdisjoint(reply["id"] for reply in nobody)
    assert all("{" not in reply["text"] for reply in [*maya, *nobody])


def test_every_canned_reply_passes_the_guard_for_a_customer_it_fits(shop: Shop) -> None:
    chat = shop.with_agent()
    for reply in show_canned_replies(chat.here, agent=KIM, desk=shop.desk):
        post_agent_message(
            chat.here,
            agent=KIM,
            client_message_id=str(uuid4()),
            text=reply["text"],
            desk=shop.desk,
        )


def test_an_offer_that_ran_out_is_not_taken(shop: Shop) -> None:
    chat = shop.with_agent()
    made = chat.offer(chat.granted()[0])
    shop.rules.clock.pass_by(timedelta(hours=25))  # type: ignore[attr-defined]
    with pytest.raises(ButtonExpired):
        chat.press(made.message.buttons[0].id)
