"""How turns of a span of time went, as the watch over a new version counts them."""

from __future__ import annotations

from datetime import timedelta

from bot.publishing.watch import Tally
from bot.storage.turn_health import SqlTurnHealth
from tests.switchboards import Line


def test_failed_tries_and_messages_not_understood_are_counted(line: Line) -> None:
    here = line.open().conversation
    line.clock.forward(minutes=1)
    begin = line.clock.now()
    line.say(here, "hello")
    line.say(here, "nlu_fallback whatever that means")
    line.assistant.is_down = True
    line.post(here, "hello again")
    assert not line.run(here)
    line.post(here, "waits behind it, and nothing is known of it yet")
    end = line.clock.now() + timedelta(seconds=1)
    health = SqlTurnHealth(line.engine)
    assert health.tally(begin, end) == Tally(taken=3, failed=1, typed=2, not_understood=1)
    assert health.tally(end, end + timedelta(days=1)) == Tally(0, 0, 0, 0)
