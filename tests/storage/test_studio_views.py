"""What came of each message is read with it, and of two decisions on one only one is the first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.annotation.judgement import Judgement, Verdict
from bot.annotation.teaching import Next
from bot.conversations.button import CANCEL
from bot.conversations.message import message_id
from bot.conversations.understood import Meant
from bot.errors import ConversationNotFound
from bot.storage.customer_names import names_in
from bot.storage.review_views import SqlReviewViews
from bot.storage.studio_views import SqlStudioViews
from tests.switchboards import Line


@pytest.fixture
def views(engine: Any) -> SqlStudioViews:
    return SqlStudioViews(engine)


def judged(line: Line, conversation: str, trainer: str, place: int | None) -> Judgement:
    turn = SqlStudioViews(line.engine).heard_in(conversation)[0].turn
    return Judgement(
        conversation,
        turn,
        trainer,
        trainer.title(),
        Verdict.CORRECTED,
        line.clock.now(),
        ("a", "b"),
        ("x",),
        place,
    )


def test_what_the_customer_did_next_and_who_was_called_is_told(
    line: Line, views: SqlStudioViews
) -> None:
    here = line.open().conversation
    line.say(here, "mumble")
    line.say(here, "grumble grumble, card 4242 4242 4242 4242")
    with line.unit_of_work() as uow:
        uow.escalations.to_queue(
            here,
            reason="not_understood",
            summary={},
            cause=message_id(here, 4),
            now=line.clock.now(),
        )
        uow.commit()
    line.say(here, button=CANCEL)
    elsewhere = line.open("A-1002").conversation
    line.say(elsewhere, "hello")

    first, second = views.happened_in(here)
    assert first.next == Next(heard=second.heard)
    assert second.next == Next(pressed="press_cancel")
    assert (first.escalated, second.escalated) == (False, True)
    everything = views.happened_since(line.clock.now() - timedelta(hours=1), most=9)
    assert {one.heard for one in everything} >= {first.heard, second.heard}
    assert len(everything) == 3
    assert len(views.happened_since(line.clock.now() - timedelta(hours=1), most=2)) == 2
    around = views.around(second.heard, before=1, after=0)
    assert [row.text for row in around] == ["I heard: mumble", "grumble grumble, card […]"]


def test_nobody_reads_what_the_customer_is_called(line: Line, views: SqlStudioViews) -> None:
    here = line.open().conversation
    greeted = {"says": [{"response": "utter_greet_known", "figures": {"name": "Maya Roe"}}]}
    with line.unit_of_work() as uow:
        uow.moves.add(here, "m-1", greeted, now=line.clock.now())
        uow.commit()
    line.say(here, "maya again, and again: Maya")
    [happened] = views.happened_in(here)
    assert happened.heard.text == "[…] again, and again: […]"
    around = views.around(happened.heard, before=9, after=9)
    assert around[-1].text == "I heard: […] again, and again: […]"
    [listed] = SqlReviewViews(line.engine).talks(words="", only_missed=False, before=None, most=9)
    assert listed.first_words == happened.heard.text
    visitor = line.open(None).conversation
    line.say(visitor, "maya again")
    assert views.happened_in(visitor)[0].heard.text == "maya again"


def test_names_are_found_in_as_many_conversations_as_there_are(line: Line) -> None:
    here = line.open().conversation
    greeted = {"says": [{"response": "utter_greet_known", "figures": {"name": "Jo J. Roe"}}]}
    with line.unit_of_work() as uow:
        uow.moves.add(here, "m-1", greeted, now=line.clock.now())
        uow.commit()
    # More than a statement takes.
    everywhere = [here, *(f"elsewhere-{n}" for n in range(40_000))]
    with line.engine.connect() as connection:
        found = names_in(connection, everywhere)
    assert found[here] == ("Jo J. Roe", "Jo", "J.", "Roe")
    assert len(found) == len(everywhere)


def test_what_was_meant_is_counted_without_reading_the_words(
    line: Line, views: SqlStudioViews
) -> None:
    here = line.open().conversation
    line.say(here, "mumble")
    line.say(here, "mumble")
    heard, since = views.heard_in(here), line.clock.now() - timedelta(hours=1)
    meant = SqlReviewViews(line.engine).meant_since(since, most=9)
    assert sorted(meant, key=lambda one: one.turn) == [
        Meant(one.conversation, one.turn, one.at, one.understood) for one in heard
    ]
    assert len(SqlReviewViews(line.engine).meant_since(since, most=1)) == 1


def test_one_decision_a_trainer_and_only_one_first(line: Line, views: SqlStudioViews) -> None:
    here = line.open().conversation
    line.say(here, "mumble")
    ada = judged(line, here, "ada", 1)
    with line.unit_of_work() as uow:
        assert uow.judgements.put(ada)
        assert not uow.judgements.put(judged(line, here, "kim", 1))
        assert uow.judgements.put(judged(line, here, "kim", 2))
        assert uow.judgements.put(replace(ada, intents=("c",), change=7))
        uow.commit()
    [happened] = views.happened_in(here)
    assert {(one.trainer, one.intents, one.change) for one in happened.judgements} == {
        ("ada", ("c",), 7),
        ("kim", ("a", "b"), None),
    }
    with line.unit_of_work() as uow:
        together = uow.judgements.made_together("ada", line.clock.now())
        uow.judgements.take_back(here, ada.turn, "ada")
        assert [one.change for one in together] == [7]
        uow.commit()
    assert [one.trainer for one in views.happened_in(here)[0].judgements] == ["kim"]


def test_a_decision_on_what_was_never_heard_is_refused(line: Line) -> None:
    here = line.open().conversation
    line.say(here, "mumble")
    with line.unit_of_work() as uow, pytest.raises(ConversationNotFound):
        uow.judgements.put(replace(judged(line, here, "ada", 1), turn=99))
