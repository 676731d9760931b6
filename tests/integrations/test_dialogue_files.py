"""Dialogues at the end of the trainers' files: nothing else changes, and each can be taken back."""

from __future__ import annotations

import shutil
import subprocess
import threading
from datetime import datetime, timezone

import pytest

from bot.annotation.appending import STORY, TEST, Appended
from bot.annotation.dialogue_writing import story
from bot.annotation.rehearsed import Exchange, Played, Step
from bot.errors import EditRefused, FileInvalid
from bot.integrations.assistant_files import AssistantFiles
from bot.integrations.dialogue_files import DialogueFolders
from bot.integrations.dialogue_journal import DialogueLog
from bot.settings import ROOT
from bot.understanding.examples import Example
from bot.use_cases.write_dialogue import draft_story, draft_test, undo_dialogue, write_dialogue

NOW = datetime(2026, 11, 29, tzinfo=timezone.utc)
SAVED = "tests/dialogues/saved/another_way.yml"
HEARD = {"intent": "request_cancellation"}
PLAYED = Played(
    "A-1001",
    (
        Exchange(
            Step(customer="we moved in with a chef, so stop the boxes"), ("utter_x",), (), HEARD
        ),
        Exchange(Step(press="Cancel now"), ("utter_left",), outcome="canceled"),
    ),
)


@pytest.fixture
def project(tmp_path):
    for part in ("tests/dialogues", "data/stories", "data/rules"):
        shutil.copytree(ROOT / part, tmp_path / part)
    shutil.copy(ROOT / "domain.yml", tmp_path)
    return tmp_path


@pytest.fixture
def files(project):
    return DialogueFolders(project)


def journal_of(project):
    return DialogueLog(project / "var" / "dialogues.jsonl")


def contents(project):
    return {path: path.read_bytes() for path in project.rglob("*.yml")}


def a_test(files, project, played=PLAYED, file=None, examples=()):
    tested = AssistantFiles(project).tested()
    return draft_test("moved in", played, file, files=files, examples=examples, tested=tested)


def test_a_dialogue_is_written_at_the_end_and_taken_back(files, project):
    before, journal = contents(project), journal_of(project)
    draft = a_test(files, project)
    assert draft.problems == ()
    assert draft.what.file.startswith("tests/dialogues/declined/")
    assert "+dialogue: moved in" in draft.diff
    write_dialogue(draft, "Kim Lee", files=files, journal=journal, now=NOW, conversation="c-9")
    path = project / draft.what.file
    assert path.read_bytes() == before[path] + draft.what.lines.encode()
    assert [p for p, text in contents(project).items() if text != before[p]] == [path]
    again = a_test(files, project, file=SAVED)
    assert [problem.kind for problem in again.problems] == ["duplicate"]
    undo_dialogue(None, "Kim Lee", files=files, journal=journal, now=NOW)
    assert contents(project) == before
    assert [(w.number, w.by, w.conversation, w.undoes) for w in journal.writings()] == [
        (1, "Kim Lee", "c-9", None),
        (2, "Kim Lee", None, 1),
    ]
    with pytest.raises(EditRefused):
        undo_dialogue(1, "Kim Lee", files=files, journal=journal, now=NOW)


def test_what_speaks_against_a_test_is_said_before(files, project):
    said = PLAYED.steps[0].customer
    known = Example(said, "request_cancellation", file="cancellation.yml", line=7)
    draft = a_test(files, project, examples=[known])
    assert [problem.kind for problem in draft.problems] == ["leak"]
    assert "cancellation.yml:7" in draft.problems[0].message
    with pytest.raises(EditRefused):
        write_dialogue(draft, "K", files=files, journal=journal_of(project), now=NOW)
    told = Played(None, (Exchange(Step(customer="write to kim@web.org"), ("utter_x",)),))
    assert [p.kind for p in a_test(files, project, told).problems] == ["personal data"]


def test_a_story_tells_what_no_other_story_tells(files, project):
    made = AssistantFiles(project).made()
    new = ["request_cancellation", "ask_plan", "deny"]
    draft = draft_story("asks for plans and says no", new, None, files=files, made=made)
    assert draft.problems == ()
    journal = journal_of(project)
    write_dialogue(draft, "Kim Lee", files=files, journal=journal, now=NOW)
    made = AssistantFiles(project).made()
    assert made.stories["asks for plans and says no"] == tuple(new)
    again = draft_story("the same", new, "data/stories/saved.yml", files=files, made=made)
    assert [problem.kind for problem in again.problems] == ["duplicate"]


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        ("stories:\n  - story: a\n    steps: []\nrules: []\n", None),
        ("stories: [{story: a, steps: []}]\n", None),
        ("dialogue: a\nsteps: []\n...\nx", "---\ndialogue: b\nsteps: []\n"),
    ],
)
def test_a_form_of_its_own_is_left_alone(files, project, content, lines):
    name = "data/stories/saved.yml" if lines is None else SAVED
    (project / name).write_text(content)
    what = Appended(
        STORY if lines is None else TEST, name, lines or story("b", ["x", "x"], {"x": "action_x"})
    )
    with pytest.raises(EditRefused):
        files.write(what)
    assert (project / name).read_text() == content


def test_only_files_of_dialogues_are_written(files, project):
    (project / "secret.yml").write_text("a: 1\n")
    for name in ("secret.yml", "../secret.yml", "/etc/passwd", "data/rules/people.yml"):
        with pytest.raises(EditRefused):
            files.write(Appended(TEST, name, "---\ndialogue: b\nsteps: []\n"))
    (project / SAVED).write_bytes(b"\xff")
    with pytest.raises(FileInvalid):
        files.text(SAVED)


def test_trainers_and_an_editor_lose_no_line(files, project):
    def write(trainer):
        for number in range(6):
            lines = f"---\ndialogue: t{trainer} {number}\nsteps: []\n"
            files.write(Appended(TEST, SAVED, lines))

    threads = [threading.Thread(target=write, args=(trainer,)) for trainer in range(3)]
    for thread in threads:
        thread.start()
    for number in range(20):
        with (project / SAVED).open("a") as editor:
            editor.write(f"# an editor's line {number}\n")
    for thread in threads:
        thread.join()
    text = files.text(SAVED)
    assert all(text.count(f"dialogue: t{t} {n}\n") == 1 for t in range(3) for n in range(6))
    assert all(f"# an editor's line {number}\n" in text for number in range(20))


def test_a_commit_holds_the_dialogue_alone(files, project):
    def git(*words):
        done = subprocess.run(("git", *words), cwd=project, capture_output=True, check=True)
        return done.stdout.decode()

    git("init", "-q")
    git("config", "user.name", "Sam")
    git("config", "user.email", "sam@larder.example")
    git("add", "-A")
    git("commit", "-qm", "all")
    with (project / SAVED).open("a") as editor:
        editor.write("# not mine\n")
    journal, draft = journal_of(project), a_test(files, project, file=SAVED)
    written = write_dialogue(draft, "Kim", files=files, journal=journal, now=NOW)
    files.commit(written, "Kim Lee <kim@larder.example>")
    shown = git("show", "--format=%an%n%s")
    assert shown.startswith("Kim Lee\nAdd a dialogue from the studio: test\n")
    assert "+dialogue: moved in" in shown
    assert "# not mine" not in shown
    undone = undo_dialogue(None, "Kim", files=files, journal=journal, now=NOW)
    files.commit(undone, "Kim Lee")
    assert "-dialogue: moved in" in git("show")
