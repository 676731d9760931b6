"""What a page keeps by applying updates is what a fresh fetch gives, after every step."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.conversations.agent import AgentOnDuty, Assignment, Status
from bot.conversations.case import CaseOutcome
from bot.conversations.holder import Holder
from bot.errors import HelpdeskError
from bot.use_cases.assign_cases import assign_cases
from bot.use_cases.beat import at_the_desk, beat
from bot.use_cases.claim_case import claim_case, claim_next
from bot.use_cases.close_case import close_case
from bot.use_cases.close_conversation import close_conversation
from bot.use_cases.desk_views import changes
from bot.use_cases.hand_back import hand_back
from bot.use_cases.mark_read import mark_read
from bot.use_cases.pass_case_on import To, pass_case_on
from bot.use_cases.return_cases import return_cases
from bot.use_cases.show_desk import read_desk, show_desk, show_me
from tests.agent_desks import ADA, KIM, AgentLine

AGENTS = {"kim": KIM, "ada": ADA}
WHO = st.sampled_from(sorted(AGENTS))
WHICH = st.integers(0, 2)
STEPS = st.one_of(
    st.tuples(st.just("comes"), st.none()),
    st.tuples(st.just("says"), WHICH),
    st.tuples(st.just("leaves"), WHICH),
    st.tuples(st.just("beats"), st.tuples(WHO, st.sampled_from(list(Status)), WHICH)),
    st.tuples(st.just("claims"), st.tuples(WHO, WHICH)),
    st.tuples(st.just("takes_next"), WHO),
    st.tuples(st.just("writes"), st.tuples(WHO, WHICH)),
    st.tuples(st.just("reads"), st.tuples(WHO, WHICH)),
    st.tuples(st.just("passes_on"), st.tuples(WHO, WHICH, st.sampled_from(["ada", "team", ""]))),
    st.tuples(st.just("hands_back"), st.tuples(WHO, WHICH)),
    st.tuples(st.just("closes"), st.tuples(WHO, WHICH)),
    st.tuples(st.just("passes"), st.sampled_from([1, 30, 61, 130, 700])),
)


class Page:
    """What one agent's page keeps: the first state, and every frame applied to it.

    Written from the interface's description alone, without the desk's own code.
    """

    def __init__(self, state: dict[str, Any]) -> None:
        self.me, self.settings = state["me"], state["settings"]
        self.cases = {case["conversation"]: case for case in state["cases"]}
        self.agents = {agent["id"]: agent for agent in state["agents"]}

    def apply(self, frame: dict[str, Any]) -> None:
        kind = frame["type"]
        if kind == "case":
            self.cases[frame["case"]["conversation"]] = frame["case"]
        elif kind == "case_gone":
            del self.cases[frame["conversation"]]
        elif kind == "agent":
            self.agents[frame["agent"]["id"]] = frame["agent"]
        elif kind == "agent_gone":
            del self.agents[frame["id"]]
        else:
            assert kind in ("me", "settings"), kind
            setattr(self, kind, frame[kind])

    @property
    def state(self) -> dict[str, Any]:
        order = sorted(self.cases.values(), key=place)
        people = sorted(self.agents.values(), key=lambda one: (one["name"], one["id"]))
        return {"me": self.me, "cases": order, "agents": people, "settings": self.settings}


def place(case: dict[str, Any]) -> tuple[bool, str, str]:
    return (not case["came_back"], case["waiting_since"], case["conversation"])


class Scene:
    """One desk, and what can happen to it; a step that is refused changes nothing."""

    def __init__(self, line: AgentLine) -> None:
        self.line, self.desk = line, line.desk
        self.chats: list[str] = []

    def step(self, what: str, detail: Any) -> None:
        with suppress(HelpdeskError):
            getattr(self, what)(detail)

    def chat(self, number: int) -> str:
        return self.chats[number % len(self.chats)] if self.chats else "nowhere"

    def comes(self, _: None) -> None:
        self.chats.append(self.line.waiting())

    def says(self, which: int) -> None:
        self.line.say(self.chat(which), "hello?")

    def leaves(self, which: int) -> None:
        close_conversation(self.chat(which), switchboard=self.line.switchboard)

    def beats(self, detail: tuple[str, Status, int]) -> None:
        who, status, which = detail
        beat(
            agent=AGENTS[who],
            status=status,
            viewing=self.chat(which),
            replying=which == 1,
            desk=self.desk,
        )

    def claims(self, detail: tuple[str, int]) -> None:
        claim_case(self.chat(detail[1]), agent=AGENTS[detail[0]], desk=self.desk)

    def takes_next(self, who: str) -> None:
        claim_next(agent=AGENTS[who], desk=self.desk)

    def writes(self, detail: tuple[str, int]) -> None:
        self.line.write(self.chat(detail[1]), "Hello", by=AGENTS[detail[0]])

    def reads(self, detail: tuple[str, int]) -> None:
        mark_read(self.chat(detail[1]), agent=AGENTS[detail[0]], seq=99, desk=self.desk)

    def passes_on(self, detail: tuple[str, int, str]) -> None:
        who, which, whom = detail
        to = To(agent=ADA.id) if whom == "ada" else To(team=whom or None)
        pass_case_on(self.chat(which), agent=AGENTS[who], to=to, desk=self.desk)

    def hands_back(self, detail: tuple[str, int]) -> None:
        hand_back(self.chat(detail[1]), agent=AGENTS[detail[0]], desk=self.desk)

    def closes(self, detail: tuple[str, int]) -> None:
        close_case(
            self.chat(detail[1]),
            agent=AGENTS[detail[0]],
            outcome=CaseOutcome.SOLVED,
            desk=self.desk,
        )

    def passes(self, seconds: int) -> None:
        self.line.clock.forward(seconds=seconds)
        return_cases(desk=self.desk)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEPS, min_size=4, max_size=14))
def test_a_state_kept_by_updates_equals_a_fresh_fetch_after_every_step(
    desk_line: AgentLine, steps: list[tuple[str, Any]]
) -> None:
    scene = Scene(desk_line)
    desk = desk_line.desk
    pages = {who: Page(show_desk(agent=agent, desk=desk)) for who, agent in AGENTS.items()}
    desk_line.woken.clear()
    told = read_desk(desk=desk)
    scene.step("comes", None)
    for what, detail in steps:
        scene.step(what, detail)
        # Only what somebody was woken for is read again, as the live feed does it.
        woken = frozenset(one.removeprefix(at_the_desk("")) for one in desk_line.woken)
        desk_line.woken.clear()
        now = read_desk(desk=desk, before=told, changed=woken)
        for who, agent in AGENTS.items():
            fresh = show_desk(agent=agent, desk=desk)
            for frame in changes(told, now, agent=agent, desk=desk):
                pages[who].apply(frame)
            assert pages[who].state == fresh, (what, detail)
            assert show_me(agent=agent, desk=desk) == fresh["me"]
            again = read_desk(desk=desk)
            assert changes(now, again, agent=agent, desk=desk) == []
        told = now
        check_what_always_holds(desk_line, fresh)


def check_what_always_holds(line: AgentLine, state: dict[str, Any]) -> None:
    held = [case["agent"]["id"] for case in state["cases"] if case["holder"] == "agent"]
    for agent in state["agents"]:
        assert agent["holding"] == held.count(agent["id"])
        assert agent["holding"] <= agent["capacity"]
    for case in state["cases"]:
        assert (case["agent"] is not None) == (case["holder"] == "agent")
        assert (case["held_since"] is not None) == (case["holder"] == "agent")


@pytest.fixture
def held(desk_line: AgentLine) -> str:
    desk_line.here(KIM)
    return desk_line.held_by(KIM)


def test_a_laptop_that_sleeps_loses_nothing(desk_line: AgentLine, held: str) -> None:
    desk_line.clock.forward(seconds=61)
    assert return_cases(desk=desk_line.desk) == ()
    [agent] = show_desk(agent=ADA, desk=desk_line.desk)["agents"]
    assert agent["status"] == "away"
    desk_line.clock.forward(seconds=60)
    assert return_cases(desk=desk_line.desk) == (held,)
    assert return_cases(desk=desk_line.desk) == ()
    [case] = show_desk(agent=ADA, desk=desk_line.desk)["cases"]
    assert (case["holder"], case["came_back"]) == ("queue", True)
    assert desk_line.transcript(held)[-1] == "system: Kim is gone; you are next."
    assert claim_case(held, agent=ADA, desk=desk_line.desk)


def test_who_wakes_in_time_keeps_what_they_hold(desk_line: AgentLine, held: str) -> None:
    desk_line.clock.forward(seconds=115)
    desk_line.here(KIM)
    desk_line.clock.forward(seconds=50)
    assert return_cases(desk=desk_line.desk) == ()
    desk_line.write(held, "Here I am")


def test_a_chat_that_was_answered_waits_longer_for_its_agent(
    desk_line: AgentLine, held: str
) -> None:
    desk_line.write(held, "Hello")
    desk_line.clock.forward(seconds=599)
    assert return_cases(desk=desk_line.desk) == ()
    desk_line.post(held, "Are you there?")
    asked_at = desk_line.clock.now()
    desk_line.clock.forward(seconds=1)
    assert return_cases(desk=desk_line.desk) == (held,)
    with desk_line.unit_of_work() as uow:
        assert uow.cases.get(held).waiting_since == asked_at


def test_an_answer_in_one_chat_answers_no_other(desk_line: AgentLine, held: str) -> None:
    other = desk_line.held_by(ADA)
    desk_line.post(other, "Is anybody there?")
    desk_line.write(held, "Hello")
    by_chat = {
        one["conversation"]: one for one in show_desk(agent=KIM, desk=desk_line.desk)["cases"]
    }
    assert by_chat[held]["unanswered_since"] is None
    assert by_chat[other]["unanswered_since"] is not None


def test_a_ticket_is_not_due_in_minutes(desk_line: AgentLine) -> None:
    here = desk_line.waiting()
    [waiting] = show_desk(agent=KIM, desk=desk_line.desk)["cases"]
    assert waiting["due_at"] is not None
    desk_line.take_over(here, by=Holder.TICKET)
    [ticket] = show_desk(agent=KIM, desk=desk_line.desk)["cases"]
    assert (ticket["holder"], ticket["due_at"]) == ("ticket", None)


def test_automatic_assignment_gives_everybody_somebody(
    a_desk_line: Callable[..., AgentLine],
) -> None:
    line = a_desk_line(assignment=Assignment.AUTOMATIC)
    chats = [line.waiting() for _ in range(3)]
    assert assign_cases(desk=line.desk) == (), "nobody is here"
    line.here(KIM, AgentOnDuty("p-two", "Two", capacity=1))
    assigned = assign_cases(desk=line.desk)
    assert sorted(conversation for conversation, _ in assigned) == sorted(chats)
    assert sorted(agent for _, agent in assigned).count("p-two") == 1
    assert {line.hold(here).holder for here in chats} == {Holder.AGENT}
    assert assign_cases(desk=line.desk) == ()


def test_nothing_is_assigned_where_agents_take_cases_themselves(desk_line: AgentLine) -> None:
    desk_line.waiting()
    desk_line.here(KIM)
    assert assign_cases(desk=desk_line.desk) == ()


def test_who_is_not_here_any_more_is_not_shown(desk_line: AgentLine) -> None:
    desk_line.here(KIM)
    desk_line.clock.at += timedelta(hours=25)
    assert show_desk(agent=ADA, desk=desk_line.desk)["agents"] == []
