"""Budgets and cool-downs in conversations: an offer that was made is kept, and none goes beyond."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier, Lock
from typing import Any

import pytest

from bot.integrations.ids import RandomIds
from bot.integrations.policy_files import load_profiles, load_terms
from bot.money import Money
from bot.retention.account import AccountHistory, Concession, ConcessionKind, Plan
from bot.retention.budget import Spent
from bot.retention.capabilities import EVERYTHING
from bot.retention.commands import Command, ConcessionNote, GrantCredit
from bot.retention.policy import OfferTerms, RetentionPolicy
from bot.settings import ROOT
from bot.storage.outcomes import SqlOutcomes
from bot.storage.unit_of_work import SqlUnitOfWork
from bot.use_cases.make_move import Desk
from tests.databases import (  # noqa: F401  fixtures
    database_url,
    engine,
    postgresql_url,
    sqlite_template,
    sqlite_url,
)
from tests.factories import NOW, a_catalogue, a_subscription, an_account
from tests.use_cases.talk import SetClock, Talk

AT_ONCE = 16
FOLDER = ROOT / "data" / "retention"
CREDIT = RetentionPolicy(
    "kindness",
    1,
    ("too_expensive",),
    (),
    OfferTerms(ConcessionKind.CREDIT, amount_minor=1000),
    1,
)


class AnyAccount:
    """A billing system in which every account exists, and credits are given to whoever asks."""

    capabilities = EVERYTHING

    def __init__(self) -> None:
        self.given: dict[str, list[Concession]] = {}
        self._done: set[str] = set()
        self._lock = Lock()

    def history(self, account: str, *, now: datetime) -> AccountHistory:
        subscription = a_subscription(f"S-{account}")
        history = an_account(account, jurisdiction="US-TX", subscriptions=(subscription,))
        return replace(history, concessions=tuple(self.given.get(account, ())))

    def account_of_email(self, email: str) -> str | None:
        return None

    def catalogue(self) -> tuple[Plan, ...]:
        return a_catalogue()

    def execute(self, account: str, command: Command, *, key: str, now: datetime) -> AccountHistory:
        with self._lock:
            if key not in self._done and isinstance(command, GrantCredit) and command.note:
                note = command.note
                self.given.setdefault(account, []).append(
                    Concession(key, note.kind, note.policy, None, now, note.value, None)
                )
            self._done.add(key)
        return self.history(account, now=now)


@pytest.fixture
def desk(engine: Any) -> Desk:  # noqa: F811
    return Desk(
        unit_of_work=lambda: SqlUnitOfWork(engine, RandomIds()),
        billing=AnyAccount(),
        clock=SetClock(NOW),
        policies=(CREDIT,),
        profiles=load_profiles(FOLDER / "profiles"),
        terms=replace(load_terms(FOLDER / "company.yml"), holdout_percent=0),
        outcomes=SqlOutcomes(engine),
        id_key=b"a key for tests",
    )


def with_budget(desk: Desk, minor: int) -> Desk:
    return replace(desk, policies=(replace(CREDIT, monthly_budget_minor=minor),))


def with_offers_a_day(desk: Desk, count: int) -> Desk:
    """A desk that may make so many offers a day, each by a policy of its own."""
    laws = tuple(replace(p, offers_before_completion=count) for p in desk.profiles.known)
    policies = tuple(replace(CREDIT, name=f"kindness_{number}") for number in range(count))
    return replace(desk, policies=policies, profiles=replace(desk.profiles, known=laws))


def too_expensive(desk: Desk, account: str, conversation: str | None = None) -> Talk:
    talk = Talk(desk, account, conversation=conversation or f"c-{account}").open()
    talk.says("request_cancellation", "too dear for me", cancellation_reason="too_expensive")
    return talk


def agrees(talk: Talk) -> list[str]:
    talk.presses("utter_button_accept")
    return talk.presses("utter_button_confirm")


def spent(desk: Desk) -> Spent:
    with desk.unit_of_work() as uow:
        return uow.budgets.spent(now=desk.clock.now())


def unmet(talk: Talk) -> list[str]:
    [verdict] = talk.attempts[-1]["verdicts"]
    return [c["fact"] for c in verdict["conditions"] if not c["holds"]]


def given(desk: Desk) -> list[str]:
    billing: Any = desk.billing
    return [account for account, all_given in billing.given.items() for _ in all_given]


def test_when_the_budget_is_used_up_nobody_is_offered_it_and_the_verdict_says_so(desk):
    desk = with_budget(desk, 2500)
    first, second = too_expensive(desk, "A-1"), too_expensive(desk, "A-2")
    assert first.offer
    assert second.offer
    third = too_expensive(desk, "A-3")
    assert third.offer is None
    assert unmet(third) == ["policy_budget_left_minor"]
    [left] = [
        c
        for c in third.attempts[0]["verdicts"][0]["conditions"]
        if c["fact"] == "policy_budget_left_minor"
    ]
    assert (left["bound"], left["value"]) == (1000, 500)
    agrees(first)
    assert spent(desk) == Spent(2000, {"kindness": 2000})


def test_the_companys_budget_holds_for_all_policies_together(desk):
    desk = replace(desk, terms=replace(desk.terms, monthly_budget_minor=1000))
    assert too_expensive(desk, "A-1").offer
    assert unmet(too_expensive(desk, "A-2")) == ["company_budget_left_minor"]


def test_what_one_customer_declines_another_can_be_offered(desk):
    desk = with_budget(desk, 1000)
    first = too_expensive(desk, "A-1")
    first.says("decline_offer", "no")
    assert spent(desk) == Spent()
    second = too_expensive(desk, "A-2")
    assert agrees(second) == ["utter_done_credit"]
    assert too_expensive(desk, "A-3").offer is None
    second.says("request_cancellation", "cancel it after all")
    assert spent(desk) == Spent(), "given up again with the exit"


def test_an_offer_that_ran_out_before_consent_is_kept_only_while_there_is_budget(desk):
    desk = with_budget(desk, 1000)
    late = too_expensive(desk, "A-1")
    late.presses("utter_button_accept")
    clock: Any = desk.clock
    clock.pass_by(timedelta(hours=24))
    quick = too_expensive(desk, "A-2")
    assert quick.offer, "what was set aside for an offer that ran out is there again"
    assert late.presses("utter_button_confirm") == ["utter_offer_expired"]
    assert agrees(quick) == ["utter_done_credit"]
    assert given(desk) == ["A-2"]


def test_sixteen_customers_at_once_are_given_no_more_than_the_budget(desk):
    desk, together = with_budget(desk, 5500), Barrier(AT_ONCE)

    def one(number: int) -> bool:
        talk = Talk(desk, f"A-{number}", conversation=f"c-{number}").open()
        together.wait(timeout=60)
        talk.says("request_cancellation", "too dear", cancellation_reason="too_expensive")
        if talk.offer is None:
            assert unmet(talk) == ["policy_budget_left_minor"]
            return False
        return agrees(talk) == ["utter_done_credit"]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert list(pool.map(one, range(AT_ONCE))).count(True) == 5
    assert len(given(desk)) == 5
    assert spent(desk) == Spent(5000, {"kindness": 5000})


def test_sixteen_conversations_of_one_account_get_one_concession_in_a_cool_down(desk):
    desk = with_offers_a_day(desk, AT_ONCE)
    talks = []
    for number in range(AT_ONCE):
        talk = too_expensive(desk, "A-1", f"c-{number}")
        talk.presses("utter_button_accept")
        talks.append(talk)
    together = Barrier(AT_ONCE)

    def confirms(talk: Talk) -> str:
        together.wait(timeout=60)
        [said] = talk.presses("utter_button_confirm")
        return said

    with ThreadPoolExecutor(AT_ONCE) as pool:
        said = list(pool.map(confirms, talks))
    assert given(desk) == ["A-1"]
    assert sorted(set(said)) == ["utter_done_credit", "utter_not_possible"]
    assert said.count("utter_done_credit") == 1


def test_what_somebody_else_gave_since_the_offer_counts_at_consent(desk):
    talk = too_expensive(desk, "A-1")
    talk.presses("utter_button_accept")
    billing: Any = desk.billing
    note = ConcessionNote(ConcessionKind.CREDIT, "by_hand@1", Money(500))
    other = GrantCredit(Money(500), None, note)
    billing.execute("A-1", other, key="by hand", now=desk.clock.now())
    assert talk.presses("utter_button_confirm") == ["utter_not_possible"]
    assert given(desk) == ["A-1"]
