"""Trainers, editors and git write the same file at once: no line is lost, none is doubled."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import stat
import threading
import time
from concurrent.futures import ProcessPoolExecutor

import pytest

from bot.annotation.edits import Edit
from bot.errors import EditRefused, FileInvalid
from bot.integrations import file_swap
from bot.integrations.training_files import read_training_text
from bot.integrations.training_folder import TrainingFolder

FILE = """\
# ours
nlu:
- intent: greet
  examples: |
    - hi

- intent: bye
  examples: |
    - bye
"""


@pytest.fixture
def path(tmp_path):
    (tmp_path / "small.yml").write_text(FILE)
    return tmp_path / "small.yml"


def adding(text, intent="greet"):
    return Edit("small.yml", intent, None, text)


def said(path):
    return [(e.intent, e.text) for e in read_training_text(path.read_text(), name=path.name)]


TIMES = 20
FORK = multiprocessing.get_context("fork")


def trainer(path, name):
    folder = TrainingFolder(path.parent)
    for count in range(TIMES):
        with folder.alone():
            folder.write(adding(f"{name} {count}"))


def editor(path):
    """Writes into the file itself, and keeps it open for a while: the hardest kind."""
    for count in range(TIMES):
        with path.open("ab", buffering=0) as file:
            file.write(f"    - editor {count}".encode())
            time.sleep(0.002)
            file.write(b" half a line later\n")
        time.sleep(0.01)


def terse(path, name):
    """Appends whole lines, many times a second, as `echo >>` does."""
    for count in range(TIMES * 3):
        with path.open("ab", buffering=0) as file:
            file.write(f"    - {name} {count}\n".encode())
        time.sleep(0.004)


def trainer_for_good(path):
    folder = TrainingFolder(path.parent)
    for count in itertools.count():
        folder.write(adding(f"line {count}"))


def test_two_trainers_and_an_editor_at_once_lose_and_double_nothing(path):
    """Each is a process of its own, as in life."""
    with ProcessPoolExecutor(3, mp_context=FORK) as pool:
        at_once = [
            pool.submit(trainer, path, "ada"),
            pool.submit(trainer, path, "kim"),
            pool.submit(editor, path),
        ]
    for done in at_once:
        done.result()
    assert sorted(said(path)) == sorted(
        [("greet", "hi"), ("bye", "bye")]
        + [("greet", f"{name} {count}") for name in ("ada", "kim") for count in range(TIMES)]
        + [("bye", f"editor {count} half a line later") for count in range(TIMES)]
    )


def test_two_trainers_and_two_programs_that_append_lose_and_double_nothing(path):
    with ProcessPoolExecutor(4, mp_context=FORK) as pool:
        at_once = [
            *(pool.submit(trainer, path, name) for name in ("ada", "kim")),
            *(pool.submit(terse, path, name) for name in ("one", "two")),
        ]
    for done in at_once:
        done.result()
    assert sorted(said(path)) == sorted(
        [("greet", "hi"), ("bye", "bye")]
        + [("greet", f"{name} {count}") for name in ("ada", "kim") for count in range(TIMES)]
        + [("bye", f"{name} {count}") for name in ("one", "two") for count in range(TIMES * 3)]
    )
    assert [file.name for file in path.parent.iterdir()] == ["small.yml"]


@pytest.mark.parametrize("seconds", [0.02, 0.05, 0.08, 0.11])
def test_a_trainer_killed_at_any_moment_leaves_whole_lines_each_once(path, seconds):
    killed = FORK.Process(target=trainer_for_good, args=(path,))
    killed.start()
    before = path.stat().st_ino
    while path.stat().st_ino == before:
        time.sleep(0.001)
    time.sleep(seconds)
    killed.kill()
    killed.join()
    lines = [text for intent, text in said(path) if intent == "greet"]
    assert lines == ["hi", *(f"line {count}" for count in range(len(lines) - 1))]
    TrainingFolder(path.parent).write(adding("the next"))
    assert said(path)[len(lines)] == ("greet", "the next")


@pytest.fixture
def saved_in_between(path, monkeypatch):
    """Let an editor save by renaming a new file over the old one, right before the exchange."""
    exchange = file_swap._exchange

    def arrange(*saves):
        waiting = list(saves)

        def exchange_after_a_save(aside, target):
            if waiting:
                saved = path.with_suffix(".editor")
                saved.write_text(waiting.pop(0))
                saved.replace(path)
            exchange(aside, target)

        monkeypatch.setattr(file_swap, "_exchange", exchange_after_a_save)

    return arrange


def test_what_was_saved_at_the_worst_moment_is_kept(path, saved_in_between):
    saved_in_between(
        FILE.replace("    - hi\n", "    - hi\n    - hi, from git\n"),
        FILE.replace("    - hi\n", "    - hi\n    - hi, from git\n    - and again\n"),
    )
    TrainingFolder(path.parent).write(adding("hey you"))
    greets = "    - hi\n    - hi, from git\n    - and again\n    - hey you\n"
    assert path.read_text() == FILE.replace("    - hi\n", greets)


def test_who_saves_our_line_too_does_not_make_it_two(path, saved_in_between):
    theirs = FILE.replace("    - hi\n", "    - hey you\n    - hi\n")
    saved_in_between(theirs)
    TrainingFolder(path.parent).write(adding("hey you"))
    assert path.read_text() == theirs


@pytest.mark.parametrize("theirs", ["nlu: [\n", "version: '3.1'\n", "", "nlu:\n- 1\n", "\x00"])
def test_a_broken_save_in_between_stays_theirs_and_is_said(path, saved_in_between, theirs):
    saved_in_between(theirs)
    with pytest.raises((EditRefused, FileInvalid)):
        TrainingFolder(path.parent).write(adding("hey you"))
    assert path.read_text() == theirs


def test_an_editor_that_is_still_writing_is_waited_for(path):
    with path.open("ab", buffering=0) as editor:
        written = threading.Thread(
            target=TrainingFolder(path.parent).write, args=(adding("hey you"),)
        )
        written.start()
        editor.write(b"    - slow")
        time.sleep(0.1)
        editor.write(b"ly\n")
    written.join()
    assert said(path)[-1] == ("bye", "slowly")
    assert ("greet", "hey you") in said(path)


def test_a_program_that_never_stops_writing_is_named_and_nothing_is_lost(path, monkeypatch):
    monkeypatch.setattr(file_swap, "_PATIENCE_SECONDS", 0.1)
    with path.open("ab"), pytest.raises(EditRefused, match="another program"):
        TrainingFolder(path.parent).write(adding("hey you"))
    assert path.read_text() == FILE


def test_mode_and_links_stay_and_nothing_is_left_beside(path, tmp_path):
    path.chmod(0o640)
    real = tmp_path / "elsewhere"
    real.mkdir()
    path.replace(real / "small.yml")
    path.symlink_to(real / "small.yml")
    file_swap.change_file(path, lambda old: old + b"# more\n", again=lambda new: new)
    assert path.is_symlink()
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o640
    assert path.read_text() == FILE + "# more\n"
    assert sorted(p.name for p in real.iterdir()) == ["small.yml"]


def test_without_an_exchange_of_names_the_write_works_as_well(path, monkeypatch):
    class OldLibrary:
        def renameat2(self, *_words):
            import ctypes

            ctypes.set_errno(22)
            return -1

    monkeypatch.setattr(file_swap.ctypes, "CDLL", lambda *_a, **_k: OldLibrary())
    TrainingFolder(path.parent).write(adding("hey you"))
    assert ("greet", "hey you") in said(path)
    assert [p.name for p in path.parent.iterdir()] == ["small.yml"]


def test_the_chosen_file_is_the_file_written_to(path):
    other = path.with_name("other.yml")
    other.write_text(FILE)
    TrainingFolder(path.parent).write(Edit("other.yml", "greet", None, "hey you"))
    assert path.read_text() == FILE
    assert ("greet", "hey you") in said(other)
    with pytest.raises(EditRefused, match=r"no file 'third\.yml'"):
        TrainingFolder(path.parent).write(Edit("third.yml", "greet", None, "hey you"))


def test_no_file_of_another_name_or_format_is_made(path):
    (path.parent / "old.md").write_text("## intent:greet\n- hi there\n")
    before = sorted(p.name for p in path.parent.iterdir())
    folder = TrainingFolder(path.parent)
    folder.write(adding("hey you"))
    folder.write(Edit(path.name, "greet", "hey you", None))
    assert sorted(p.name for p in path.parent.iterdir()) == before
    assert path.read_text() == FILE


@pytest.mark.parametrize("content", [b"\xff\xfe", FILE.encode() + b"# \xe2\x80\xa8\n", b"a\rb"])
def test_a_file_whose_lines_nobody_can_count_is_refused(path, content):
    path.write_bytes(content)
    with pytest.raises(FileInvalid):
        TrainingFolder(path.parent).write(adding("hey you"))
    assert path.read_bytes() == content
