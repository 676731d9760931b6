"""What people of each level may offer: within their authority, and within every other limit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot import bootstrap
from bot.conversations.message import Sender
from bot.errors import InvalidInput
from bot.people.role import Level
from bot.retention.account import ConcessionKind
from bot.retention.authority import ASSISTANT, FOR_PEOPLE, LEVELS, Authority, Grantor
from bot.retention.budget import Spent
from bot.retention.cancellation import CancellationReason
from bot.retention.policy import Condition, OfferTerms, RetentionPolicy
from bot.retention.save_attempt import read_attempt
from bot.storage.engine import make_engine
from bot.storage.read_models import SqlViews
from bot.use_cases.guard_answers import ExitRules
from bot.use_cases.make_move import Desk
from bot.use_cases.offers_for_agent import OffersForAgent, offers_for_agent
from tests.use_cases.talk import Talk, a_desk

ACTIVE = (Condition("status", "is", "active"),)
FEE = OfferTerms(ConcessionKind.WAIVE_FEE, amount_minor=500)
REFUND = OfferTerms(ConcessionKind.REFUND, percent=50)
SESSION = OfferTerms(ConcessionKind.EXPERT_SESSION, minutes=30)
BIG = OfferTerms(ConcessionKind.CREDIT, amount_minor=9000)
BY_HAND = tuple(
    RetentionPolicy(name, 1, ("any",), ACTIVE, terms, rank)
    for rank, (name, terms) in enumerate(
        {"fee": FEE, "refund": REFUND, "session": SESSION, "big": BIG}.items()
    )
)
AGENT, SENIOR, LEAD = (Grantor(level, f"p-{level}") for level in LEVELS[1:])


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return replace(a_desk(tmp_path), policies=BY_HAND)


def asked(desk: Desk, grantor: Grantor, account: str = "A-1001", **case: Any) -> OffersForAgent:
    return offers_for_agent(account, grantor, rules=desk, now=desk.clock.now(), **case)


def granted(found: OffersForAgent) -> set[str]:
    return {one.policy.split("@")[0] for one in found.offers if one.offer}


def test_the_levels_of_authority_are_those_people_have_as_staff():
    assert (ASSISTANT, *(level.value for level in Level)) == LEVELS


@pytest.mark.parametrize(
    ("grantor", "may"),
    [
        (Grantor(), set()),
        (AGENT, {"fee", "session"}),
        (SENIOR, {"fee", "session", "refund", "big"}),
        (LEAD, {"fee", "session", "refund", "big"}),
    ],
    ids=lambda one: one.level if isinstance(one, Grantor) else "",
)
def test_each_level_may_offer_what_the_company_lets_it(desk, grantor, may):
    assert granted(asked(desk, grantor)) == may


def test_what_is_beyond_a_level_says_who_may(desk):
    by_name = {one.policy.split("@")[0]: one for one in asked(desk, AGENT).offers}
    assert [c["fact"] for c in by_name["refund"].unmet] == ["level"]
    assert [c["fact"] for c in by_name["big"].unmet] == ["value_minor"]
    assert by_name["refund"].others == by_name["big"].others == ("senior", "lead")
    assert by_name["fee"].others == ()


def test_half_of_the_last_charge_comes_from_the_invoice(desk):
    [refund] = [one.offer for one in asked(desk, LEAD).offers if one.kind is REFUND.kind]
    history = desk.billing.history("A-1001", now=desk.clock.now())
    charge = history.last_charge("S-1001")
    assert refund
    assert charge
    assert (refund.value_minor, refund.detail["invoice"]) == (4450, charge.id)


def test_what_is_left_of_a_months_authority_bounds_the_next_concession(desk):
    spent = Spent().plus("fee", 59_600, "p-agent").plus("fee", 9000, "somebody else")
    found = asked(desk, AGENT, spent=spent)
    assert (found.authority.month_minor, found.left_minor) == (60_000, 400)
    assert granted(found) == {"session"}
    [fee] = [one for one in found.offers if one.policy == "fee@1"]
    assert [(c["fact"], c["bound"], c["value"]) for c in fee.unmet] == [
        ("authority_left_minor", 500, 400)
    ]
    assert fee.others == ("senior", "lead")
    assert asked(desk, LEAD, spent=spent).left_minor is None


@pytest.mark.parametrize(
    ("account", "why"), [("A-1005", "Germany"), ("A-1013", "held out"), ("A-1009", "Minnesota")]
)
def test_no_level_gets_past_the_limits_of_the_desk(desk, account, why):
    found = asked(desk, LEAD, account)
    assert why in (found.why_not or "")
    assert granted(found) == set()


def test_after_a_no_nobody_offers_anything(tmp_path):
    desk = a_desk(tmp_path)
    talk = Talk(desk, "A-1001").open()
    talk.says("request_cancellation", cancellation_reason="too_expensive")
    attempt = read_attempt(talk.attempts[0])
    in_attempt = asked(desk, LEAD, attempt=attempt, earlier=tuple(talk.attempts))
    assert in_attempt.why_not == (
        "As many offers were made as may be; one more only if the customer asks for it."
    )
    said_no = replace(attempt, refused=True)
    assert asked(desk, LEAD, attempt=said_no).why_not == (
        "The customer said no; nothing more is offered."
    )
    more = replace(attempt, asked_for_more=True)
    found = asked(desk, LEAD, attempt=more, earlier=tuple(talk.attempts))
    assert found.why_not is None
    assert granted(found) == {"price_relief", "breather"}


def test_the_ordinary_policies_are_for_people_too(tmp_path):
    found = asked(a_desk(tmp_path), AGENT, reason=CancellationReason.TOO_EXPENSIVE)
    assert granted(found) >= {"right_size", "price_relief", "breather"}


def test_it_has_to_be_clear_what_is_meant_and_by_which_level(desk):
    with pytest.raises(InvalidInput, match="S-1008-1, S-1008-2"):
        asked(desk, AGENT, "A-1008")
    assert asked(desk, AGENT, "A-1008", about="S-1008-1").about == "S-1008-1"
    with pytest.raises(InvalidInput, match="no authority to the level boss"):
        asked(desk, Grantor("boss"))


def test_the_assistant_never_makes_the_offers_of_people(desk):
    talk = Talk(desk, "A-1001").open()
    talk.says("request_cancellation", cancellation_reason="too_expensive")
    assert talk.offer is None
    facts = {
        v["policy"]: [c["fact"] for c in v["conditions"] if not c["holds"]]
        for v in talk.attempts[0]["verdicts"]
    }
    assert facts == {
        "fee@1": ["level"],
        "refund@1": ["level"],
        "session@1": ["level"],
        "big@1": ["value_minor"],
    }


@pytest.mark.parametrize("kind", sorted(FOR_PEOPLE, key=lambda kind: kind.value))
def test_what_a_person_offered_is_carried_out_after_consent_like_any_other(desk, tmp_path, kind):
    talk = Talk(desk, "A-1001").open()
    talk.says("request_cancellation")  # asks why
    attempt = read_attempt(talk.attempts[0])
    [offer] = [
        one.offer
        for one in asked(desk, LEAD, attempt=attempt).offers
        if one.kind is kind and one.offer
    ]
    put_by_hand(
        desk, talk, attempt.offering(offer.named(f"{attempt.id}-1"), desk.clock.now(), by="p")
    )
    talk.says("accept_offer")
    assert breaches_in_words(desk, talk, tmp_path) == ((),)
    assert talk.says("affirm") == [f"utter_done_{kind.value}"]
    assert breaches_in_words(desk, talk, tmp_path) == ((),)
    [recorded] = talk.attempts[0]["offers"]
    assert (recorded["answer"], recorded["made_by"]) == ("accepted", "p")
    with desk.unit_of_work() as uow:
        spent = uow.budgets.spent(now=desk.clock.now())
    value = offer.value_minor
    assert spent.by_person == ({"p": value} if value else {})
    kinds = {c.kind for c in talk.history.concessions if c.value.minor == value and value}
    assert kinds == ({kind} if value else set())


def breaches_in_words(desk: Desk, talk: Talk, folder: Path) -> Any:
    """Return what the guard finds in the newest answer as the customer reads it."""
    engine = make_engine(f"sqlite:///{folder / 'desk.db'}")
    guard = ExitRules(
        views=SqlViews(engine), billing=desk.billing, profiles=desk.profiles, terms=desk.terms
    )
    worded = [bootstrap.wording().render(say) for say in talk.reply.says]
    now = desk.clock.now()
    return guard.breaches(talk.conversation, worded, sender=Sender.ASSISTANT, asked_at=now, now=now)


def put_by_hand(desk: Desk, talk: Talk, attempt: Any) -> None:
    """Put an offer into the dialogue as a person at the desk does."""
    with desk.unit_of_work() as uow:
        document, version = uow.dialogues.get(talk.conversation)
        offered = {**document, "attempt": attempt.to_document(), "awaiting": "offer"}
        uow.dialogues.put(talk.conversation, offered, version=version)
        uow.commit()


def test_an_authority_says_which_kinds_it_may_grant():
    nobody, somebody = Authority("agent", 1), Authority("lead", 1, also=frozenset(FOR_PEOPLE))
    assert not any(nobody.may_grant(kind) for kind in FOR_PEOPLE)
    assert all(somebody.may_grant(kind) for kind in ConcessionKind)
