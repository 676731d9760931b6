"""Whatever is sent at once, the transcript has no gap, no double and no message out of order."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.conversations.turn import Lane
from bot.errors import HelpdeskError
from bot.use_cases.switchboard import Limits
from tests.switchboards import Line

# What one tab does: type (again, with the same client id, where the number repeats), or press.
STEPS = st.one_of(
    st.tuples(st.just("type"), st.integers(0, 3)),
    st.tuples(st.just("press"), st.sampled_from(["cancel", "person"])),
    st.tuples(st.just("work"), st.sampled_from(list(Lane))),
)


def drive(line: Line, here: str, tab: int, steps: list[tuple[str, Any]]) -> None:
    for number, (what, detail) in enumerate(steps):
        if what == "type":
            line.post(here, f"tab{tab} says {detail}", client_id=f"{tab}-{detail}")
        elif what == "press":
            line.post(here, button=detail, client_id=f"{tab}-press-{number}")
        else:
            line.run(here, detail)


def together(*jobs: Callable[[], None]) -> None:
    faults: list[BaseException] = []

    def guarded(job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as fault:  # noqa: BLE001 - a thread's fault must fail the test
            faults.append(fault)

    threads = [threading.Thread(target=guarded, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


@pytest.fixture
def patient_line(a_line: Callable[..., Line]) -> Line:
    return a_line(limits=Limits(messages_per_minute=1000))


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(tabs=st.lists(st.lists(STEPS, min_size=1, max_size=6), min_size=2, max_size=4))
def test_seqs_are_gapless_and_every_message_is_answered_once(
    patient_line: Line, tabs: list[list[tuple[str, Any]]]
) -> None:
    line = patient_line
    here = line.open(None, resume=False).conversation
    together(
        *(lambda n=n, steps=steps: drive(line, here, n, steps) for n, steps in enumerate(tabs))
    )
    finish(line, here)

    messages = line.read(here).messages
    assert [m.seq for m in messages] == list(range(1, len(messages) + 1))
    typed = Counter(m.client_message_id for m in messages if m.client_message_id)
    assert set(typed.values()) <= {1}, "a repeated client id is stored once"
    answers = Counter((m.turn, m.index) for m in messages if m.turn is not None)
    assert set(answers.values()) <= {1}, "no answer is stored twice"
    assert line.read(here).idle, "no turn is left behind"
    moved = Counter(effect.split()[-1] for effect in line.mover.effects)
    assert set(moved.values()) <= {1}, "nothing is carried out twice"
    turns = [m.turn for m in messages if m.turn is not None and m.turn in talk_turns(line, here)]
    assert turns == sorted(turns), "talk is answered in the order it was said"


def finish(line: Line, here: str) -> None:
    """Work until nothing is due; a lane that lost a race to the other one is due later."""
    for _ in range(3):
        for lane in Lane:
            while line.run(here, lane):
                pass
        line.clock.forward(seconds=5)


def talk_turns(line: Line, here: str) -> set[int]:
    return {
        number
        for conversation, number in line.rows(
            "SELECT conversation, number FROM turns WHERE lane='talk'"
        )
        if conversation == here
    }


def test_the_faults_of_threads_would_be_seen() -> None:
    def fault() -> None:
        raise HelpdeskError("seen")

    with pytest.raises(HelpdeskError, match="seen"):
        together(fault)
