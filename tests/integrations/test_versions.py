"""The files publishing rests on: whole after a crash, one writer at a time, readable by hand."""

import fcntl
import json
import multiprocessing
import os
import threading
from dataclasses import replace
from datetime import datetime, timezone

import pytest

from bot.errors import AssistantUnavailable, Busy, FileInvalid
from bot.integrations.assistant_note import AssistantNote
from bot.integrations.job_file import JobFile
from bot.integrations.kept_examples import keep_examples, kept_examples
from bot.integrations.versions import MODELS_KEPT, Versions
from bot.integrations.wishes import Wishes
from bot.publishing.history import Kind, Line, live
from bot.understanding.examples import Example

NOW = datetime(2026, 11, 29, 12, tzinfo=timezone.utc)
LINE = Line(
    Kind.PUBLISHED, 1, "m1.tar.gz", "data", "code", "Zoë", NOW, changes={"greet": {"added": 1}}
)


@pytest.fixture
def versions(tmp_path):
    return Versions(tmp_path / "publishing")


def test_lines_come_back_as_they_were_written(versions):
    assert versions.history() == []
    second = replace(LINE, kind=Kind.RETURNED, version=2, reason="it missed refunds")
    versions.add(LINE)
    versions.add(second)
    assert versions.history() == [LINE, second]


def test_a_line_cut_off_by_a_crash_never_counts_and_is_written_over(versions, tmp_path):
    versions.add(LINE)
    path = tmp_path / "publishing" / "history.jsonl"
    whole = path.read_bytes()
    for length in (1, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole + whole[:length])
        assert live(versions.history()) == LINE
    versions.add(replace(LINE, version=2))
    assert [line.version for line in versions.history()] == [1, 2]


def test_a_line_that_is_none_is_named(versions, tmp_path):
    versions.add(LINE)
    with (tmp_path / "publishing" / "history.jsonl").open("a") as file:
        file.write('{"kind": "published"}\n')
    with pytest.raises(FileInvalid, match=r"history\.jsonl:2"):
        versions.history()


def a_model(folder, name):
    path = folder / f"{name}.tar.gz"
    path.write_text("learned")
    return path


def test_a_kept_model_outlives_the_one_it_was_trained_as(versions, tmp_path):
    trained = a_model(tmp_path, "m1")
    kept = versions.keep(trained)
    anew = tmp_path / "anew"
    anew.write_text("learned again")
    anew.replace(trained)
    assert kept == versions.model(LINE)
    assert kept.read_text() == "learned"
    trained.unlink()
    assert kept.read_text() == "learned"


def test_models_of_versions_long_past_are_deleted_and_their_lines_stay(versions, tmp_path):
    count = MODELS_KEPT + 2
    for number in range(1, count + 1):
        trained = a_model(tmp_path, f"m{number}")
        keep_examples(versions.keep(trained), [])
        for file in (trained, tmp_path / "publishing" / "models" / f"m{number}.examples.txt"):
            os.utime(file, (0, 0))
        versions.add(replace(LINE, version=number, model=trained.name))
    fresh = versions.keep(a_model(tmp_path, "a candidate"))
    versions.forget_old()
    there = [versions.model(line).exists() for line in versions.history()]
    assert there == [False] * 2 + [True] * MODELS_KEPT
    assert fresh.exists()
    assert len(list(fresh.parent.iterdir())) == 2 * MODELS_KEPT + 1


def test_what_a_model_learned_is_kept_in_lines(tmp_path):
    model = tmp_path / "m1.tar.gz"
    assert kept_examples(model) == []
    keep_examples(model, [Example("hi\nthere", "greet"), Example("no", "deny")])
    assert kept_examples(model) == [("deny", "no"), ("greet", "hi there")]


def test_the_note_leads_every_turn_to_the_assistant_of_the_moment(tmp_path):
    written, read = (AssistantNote(tmp_path / "assistant.json") for _ in range(2))
    with pytest.raises(AssistantUnavailable, match="Start the desk again"):
        read.url()
    written.write("http://127.0.0.1:1", tmp_path / "one")
    assert (read.url(), read.model()) == ("http://127.0.0.1:1", tmp_path / "one")
    written.write("http://127.0.0.1:2", tmp_path / "two")
    assert (read.url(), read.model()) == ("http://127.0.0.1:2", tmp_path / "two")
    (tmp_path / "assistant.json").unlink()
    assert read.url() == "http://127.0.0.1:2"


def test_a_wish_is_taken_once_and_answered_to_who_asked(tmp_path):
    asking, desk = Wishes(tmp_path / "wishes"), Wishes(tmp_path / "wishes")
    assert not asking.is_attended()
    assert desk.attend()
    assert asking.is_attended()
    name = asking.ask({"version": 3})
    assert desk.take() == (name, {"version": 3})
    assert desk.take() is None
    assert asking.answer_to(name) is None
    desk.answer(name, {"live": True})
    assert asking.answer_to(name) == {"live": True}
    assert asking.answer_to(name) is None


def test_wishes_of_a_desk_that_is_gone_are_gone_with_it(tmp_path):
    def attend_and_die():
        desk = Wishes(tmp_path / "wishes")
        desk.attend()
        desk.ask({"version": 1})
        os._exit(9)

    gone = multiprocessing.get_context("fork").Process(target=attend_and_die)
    gone.start()
    gone.join()
    wishes = Wishes(tmp_path / "wishes")
    assert not wishes.is_attended()
    assert wishes.attend()
    assert wishes.take() is None


def test_one_piece_of_long_work_at_a_time_and_its_end_is_told(tmp_path):
    jobs = JobFile(tmp_path)
    assert jobs.read() is None
    with jobs.begun("compare", by="Kim Lee", at="now") as job:
        job.step("Reading", "50 of 100")
        told = jobs.read()
        assert (told["runs"], told["steps"]) == (True, {"Reading": "50 of 100"})
        busy = pytest.raises(Busy, match="compare is under way, begun by Kim Lee")
        with busy, jobs.begun("publish", by="Noor", at="now"):
            pass
        job.end("It is green.", went_well=True)
    told = jobs.read()
    assert (told["runs"], told["end"]) == (
        False,
        {"said": "It is green.", "well": True, "seconds": 0},
    )


@pytest.mark.parametrize("what", ["wishes", "job.lock"])
def test_who_only_looks_whether_somebody_is_there_keeps_nobody_out(tmp_path, what):
    """A page that asks every second must not be why a desk takes no wishes for all its life."""
    (tmp_path / "wishes").mkdir()
    (tmp_path / "job.lock").touch()
    looking = os.open(tmp_path / what, os.O_RDONLY)
    fcntl.flock(looking, fcntl.LOCK_SH)
    threading.Timer(0.05, os.close, [looking]).start()
    if what == "wishes":
        assert Wishes(tmp_path / "wishes").attend()
    else:
        with JobFile(tmp_path).begun("compare", by="Kim", at="now") as job:
            job.end("done", went_well=True)


def test_work_that_was_cut_off_neither_runs_nor_has_an_end(tmp_path):
    started = multiprocessing.get_context("fork").Process(target=_die_at_work, args=(tmp_path,))
    started.start()
    started.join()
    told = JobFile(tmp_path).read()
    assert told["runs"] is False
    assert "end" not in told
    assert json.loads((tmp_path / "job.json").read_text())["what"] == "publish"


def _die_at_work(folder):
    with JobFile(folder).begun("publish", by="Kim Lee", at="now"):
        os._exit(9)
