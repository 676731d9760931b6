"""A reply the assistant began before a person took over never comes after it: real threads."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from bot.conversations.holder import Holder
from bot.conversations.turn import Lane
from bot.errors import HelpdeskError
from bot.retention.say import Reply, Say
from bot.use_cases.claim_case import claim_case
from bot.use_cases.hand_back import hand_back
from bot.use_cases.ports import Asked
from bot.use_cases.show_case import show_case
from tests.agent_desks import KIM, AgentLine
from tests.at_once import beside


def answered(line: AgentLine, here: str, lane: Lane = Lane.TALK) -> None:
    """Work on the lane until its turn is answered: one that collides with the other lane is put
    off, and tried again as the gateway does."""
    for _ in range(5):
        if line.run(here, lane):
            return
        line.clock.forward(seconds=1)
    raise AssertionError(f"the {lane.value} lane was never answered")


def escalated_behind_its_back(line: AgentLine, here: str) -> None:
    """Somebody asks for a person in another tab, and Kim takes it, while the assistant works."""
    line.post(here, button="person")
    answered(line, here, Lane.CONTROL)
    claim_case(here, agent=KIM, desk=line.desk)


def test_a_reply_that_was_begun_before_the_take_over_is_dropped_and_kept_aside(
    desk_line: AgentLine,
) -> None:
    here = desk_line.open(None, resume=False).conversation
    desk_line.post(here, "hello")
    desk_line.assistant.after = lambda _: escalated_behind_its_back(desk_line, here)
    assert desk_line.run(here)
    said = desk_line.transcript(here)
    assert "assistant: I heard: hello" not in said
    assert said[-1] == "system: You are talking to Kim now."
    file = show_case(here, agent=KIM, desk=desk_line.desk)
    assert [one["text"] for one in file["dropped"]] == ["I heard: hello"]
    assert desk_line.rows("SELECT state FROM turns WHERE text = 'hello'") == [("dropped",)]
    assert desk_line.read(here).idle


def test_what_was_carried_out_is_told_although_a_person_took_over_meanwhile(
    desk_line: AgentLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = Reply((Say("utter_canceled", receipt="r9"), Say("utter_left")))
    move = type(desk_line.mover)._reply

    def replies(mover: Any, uow: Any, here: str, name: str, intent: str, *more: Any) -> Reply:
        return receipt if intent == "done" else move(mover, uow, here, name, intent, *more)

    monkeypatch.setattr(type(desk_line.mover), "_reply", replies)
    here = desk_line.open(None, resume=False).conversation
    desk_line.post(here, "done")
    desk_line.assistant.after = lambda _: escalated_behind_its_back(desk_line, here)
    desk_line.run(here)
    assert desk_line.transcript(here)[-1] == "system: It is cancelled."
    assert desk_line.newest(here).receipt == "r9"
    file = show_case(here, agent=KIM, desk=desk_line.desk)
    assert [one["text"] for one in file["dropped"]] == ["Goodbye."]


def test_a_press_on_cancel_is_answered_whoever_takes_over_meanwhile(desk_line: AgentLine) -> None:
    here = desk_line.waiting()
    move = desk_line.mover

    class TakenMeanwhile:
        def __call__(self, **asked: Any) -> Reply:
            reply = move(**asked)
            claim_case(here, agent=KIM, desk=desk_line.desk)
            return reply

    object.__setattr__(desk_line.switchboard, "move", TakenMeanwhile())
    answer = desk_line.say(here, button="cancel")
    assert answer.holder is Holder.AGENT
    assert desk_line.newest(here).receipt == "r1"


@pytest.mark.slow
def test_however_the_race_ends_nothing_the_assistant_says_comes_after_the_person(
    desk_line: AgentLine,
) -> None:
    """Twenty conversations: the assistant answers, a person takes over, at the same instant."""
    chats = [desk_line.open(None, resume=False).conversation for _ in range(20)]
    ended: Counter[str] = Counter()
    for here in chats:
        desk_line.post(here, "hello")
        reached = threading.Event()
        desk_line.assistant.before = lambda _, reached=reached: reached.set()

        def take_over(here: str = here, reached: threading.Event = reached) -> None:
            reached.wait(5)
            escalated_behind_its_back(desk_line, here)

        beside(lambda here=here: answered(desk_line, here), take_over)
        senders = [m.sender.value for m in desk_line.read(here).messages]
        joined = next(n for n, m in enumerate(desk_line.read(here).messages) if "Kim" in m.text)
        assert "assistant" not in senders[joined:], senders
        [(state,)] = desk_line.rows(
            f"SELECT state FROM turns WHERE conversation = '{here}' AND text = 'hello'"
        )
        kept = desk_line.rows(f"SELECT count(*) FROM dropped_answers WHERE conversation = '{here}'")
        assert (state, kept[0][0]) in {("done", 0), ("dropped", 1)}, "shown, or kept aside: once"
        ended[state] += 1
        assert desk_line.hold(here).agent == KIM.id
        hand_back(here, agent=KIM, desk=desk_line.desk)
    assert sum(ended.values()) == len(chats)


def test_two_who_hand_back_and_pass_on_at_once_leave_one_holder(desk_line: AgentLine) -> None:
    from bot.use_cases.pass_case_on import To, pass_case_on

    here = desk_line.held_by(KIM)
    refused: list[str] = []

    def attempt(act: Callable[[], Any]) -> Callable[[], None]:
        def run() -> None:
            try:
                act()
            except HelpdeskError as error:
                refused.append(error.code)

        return run

    beside(
        attempt(lambda: hand_back(here, agent=KIM, desk=desk_line.desk)),
        attempt(lambda: pass_case_on(here, agent=KIM, to=To(), desk=desk_line.desk)),
    )
    assert refused == ["not_holder"]
    assert desk_line.hold(here).holder in {Holder.ASSISTANT, Holder.QUEUE}
    versions = desk_line.rows("SELECT version FROM holds ORDER BY version")
    assert versions == [(n,) for n in range(1, len(versions) + 1)]


def test_a_turn_of_the_assistant_waits_for_nobody_after_the_hand_back(
    desk_line: AgentLine,
) -> None:
    here = desk_line.held_by(KIM)
    hand_back(here, agent=KIM, desk=desk_line.desk)
    asked: list[Asked] = []
    desk_line.assistant.before = asked.append
    desk_line.say(here, "and now?")
    assert [one.text for one in asked] == ["and now?"]
