"""Whole conversations in customers' words: the real assistant, actions, desk and billing."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from bot import bootstrap
from bot.errors import HelpdeskError
from bot.retention.desk_hours import DeskHours
from bot.retention.exit_rules import violations
from bot.use_cases.staffing import People
from tests.dialogues.line import Answer, Line
from tests.dialogues.script import Script, chosen_scripts, differences

pytestmark = pytest.mark.slow

SCRIPTS = list(chosen_scripts())
CONTROL = "cancel"
_EVENTS = {
    "silence": Line.fall_silent,
    "close": Line.close,
    "comes back": Line.come_back,
    "types the code": Line.type_code,
}


@pytest.mark.parametrize("script", SCRIPTS, ids=[s.name for s in SCRIPTS])
def test_dialogue(script: Script, line: Line) -> None:
    if "desk" in script.document:
        line.staff(people_of_a_desk(script.document["desk"], line.now))
    greeting = line.open(script.account)
    check_wording(greeting)
    problems = [*_answer_problems(script.document.get("greeting", {}), greeting, line, {})]
    for number, step in enumerate(script.steps, 1):
        before = line.billing
        if "refused" in step:
            problems += _refusal_problems(number, step, line, before)
            continue
        answer = _take(step, line)
        check_wording(answer)
        found = list(_answer_problems(step, answer, line, before))
        problems += [f"step {number} ({_summary(step, answer)}){problem}" for problem in found]
        if found:
            break  # what follows would only repeat it
    problems += _state_problems(script.document, line)
    problems += [str(violation) for violation in violations(line.exchanges)]
    assert problems == [], "\n" + "\n".join([*problems, "", *_transcript(line)])


def people_of_a_desk(state: str, now: datetime) -> People:
    """Return a desk that is `open`, or `closed` until nine in the morning in two days."""
    always = ((0, 24 * 60),)
    opens = (now + timedelta(days=2)).weekday()
    week = {
        "open": (always,) * 7,
        "closed": tuple(((9 * 60, 17 * 60),) if day == opens else () for day in range(7)),
    }
    hours = DeskHours(timezone.utc, "Greenwich time", week[state])
    return People(hours, ticket_places=("mail",))


def _take(step: dict[str, Any], line: Line) -> Answer:
    line.pass_by(timedelta(**step.get("later", {})))
    if "press" in step:
        return line.press(step["press"])
    if "event" in step:
        return _EVENTS[step["event"]](line)
    return line.type(step["customer"])


def _refusal_problems(
    number: int, step: dict[str, Any], line: Line, before: dict[str, Any]
) -> list[str]:
    """The gateway refuses it before anybody answers: nothing is stored and nothing changes."""
    seq = line.last_seq
    with pytest.raises(HelpdeskError) as refusal:
        _take(step, line)
    found = (refusal.value.code, line.last_seq, line.billing)
    expected = (step["refused"], seq, before)
    return [] if found == expected else [f"step {number}: {found} instead of {expected}"]


def check_wording(answer: Answer) -> None:
    """What the customer reads is the wording of what was decided, the same by either way."""
    wording = bootstrap.wording()
    worded = [wording.render(say) for say in answer.says]
    if worded:
        assert [m.text for m in answer.messages] == [w.text for w in worded]
        shown = [[b.title for b in m.buttons] for m in answer.messages]
        assert shown == [[b.title for b in w.buttons] for w in worded]
        assert [m.offer for m in answer.messages] == [w.offer for w in worded]
    for message in answer.messages:
        read = " ".join((message.text, *(b.title for b in message.buttons), str(message.offer)))
        assert not re.search(r"utter_|[{}](?!['}])", read.replace(str(message.offer), "")), read
        if message.offer:
            assert CONTROL in {button.id for button in message.buttons}, "the exit stands beside"
            assert "utter_" not in str(message.offer)


def _answer_problems(
    step: dict[str, Any], answer: Answer, line: Line, before: dict[str, Any]
) -> list[str]:
    today = line.clock.now().date()
    titles = [button.title for message in answer.messages for button in message.buttons]
    text = "\n".join(message.text for message in answer.messages)
    offer = next((message.offer for message in answer.messages if message.offer), None)
    found: dict[str, Any] = {
        "says": [say.response for say in answer.says],
        "offer": {"kind": offer["kind"]} if offer and isinstance(step.get("offer"), str) else offer,
        "holder": line.holder.value,
        "intent": answer.heard.intent,
        "receipt": any(message.receipt for message in answer.messages),
        "outcome": line.attempts[-1]["outcome"] if line.attempts else None,
        "billing": line.billing,
    }
    expected = {key: step[key] for key in found if key in step}
    if isinstance(step.get("offer"), str):
        expected["offer"] = {"kind": step["offer"]}
    problems = list(differences(expected, found, today=today))
    problems += [f": no button {t!r} in {titles}" for t in step.get("shows", ()) if t not in titles]
    problems += [f": there is a button {t!r}" for t in step.get("hides", ()) if t in titles]
    problems += [f": not said: {part!r}" for part in step.get("text", ()) if part not in text]
    problems += [f": said: {part!r}" for part in step.get("not_text", ()) if part in text]
    if step.get("unchanged") and line.billing != before:
        problems.append(": the billing record was changed")
    return problems


def _state_problems(document: dict[str, Any], line: Line) -> list[str]:
    found = {
        "billing": line.billing,
        "attempts": list(line.attempts),
        "queue": [dict(entry) for entry in line.switchboard.views.queue()],
    }
    expected = {key: document[key] for key in found if key in document}
    return list(differences(expected, found, today=line.now.date()))


def _summary(step: dict[str, Any], answer: Answer) -> str:
    did = step.get("customer") or step.get("press") or step.get("event")
    return f"{did!r} heard as {answer.heard.intent} {dict(answer.heard.entities)}"


def _transcript(line: Line) -> list[str]:
    return [
        f"{message.sender.value}: {message.text} {[b.title for b in message.buttons] or ''}"
        for message in line.messages
    ]
