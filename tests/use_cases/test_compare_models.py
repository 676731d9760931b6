"""Two models side by side: what changes its meaning, and which dialogues can go another way."""

from bot.publishing.comparison import Read, Reading
from bot.use_cases.compare_models import (
    KnownMessage,
    WrittenDialogue,
    first_of_each_file,
    side_by_side,
    to_run,
)

GOES, STAYS = Reading("request_cancellation"), Reading("keep_subscription")


def test_every_message_is_read_by_both_and_knows_what_is_right():
    before = {"stop it": STAYS, "go on": STAYS, "that's it": STAYS}
    after = {**before, "stop it": GOES}
    known = [KnownMessage("stop it", "request_cancellation"), KnownMessage("go on", "affirm")]
    reads = side_by_side(known, ["that's it", "stop it"], before=before, after=after)
    assert reads == (
        Read("stop it", STAYS, GOES, "request_cancellation"),
        Read("go on", STAYS, STAYS, "affirm"),
        Read("that's it", STAYS, STAYS),
    )
    assert [read.text for read in reads if read.changed] == ["stop it"]


def test_dialogues_run_where_a_sentence_means_something_else_and_once_a_file():
    before = {"a": STAYS, "b": STAYS, "c": STAYS}
    after = {**before, "c": GOES}
    written = [
        WrittenDialogue("one: first", "one", ("a",)),
        WrittenDialogue("one: second", "one", ("a", "b")),
        WrittenDialogue("one: third", "one", ("b", "c")),
        WrittenDialogue("two: first", "two", ()),
    ]
    assert to_run(written, before=before, after=after) == ["one: third"]
    assert to_run(written, before=before, after=before) == []
    assert first_of_each_file(written) == ["one: first", "two: first"]
