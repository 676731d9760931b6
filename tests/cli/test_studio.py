"""The studio's commands: what a trainer types, what they read, and what git then holds."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from bot.__main__ import main
from bot.settings import ROOT

SAID = "the fridge hums, the boxes stay shut, end it"


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(ROOT / "data" / "nlu", tmp_path / "checkout" / "data" / "nlu")


@pytest.fixture
def run(tmp_path, folder, monkeypatch, capsys):
    monkeypatch.setenv("DESK_STATE_FOLDER", str(tmp_path / "state"))

    def run(what, *arguments):
        code = main(("studio", what, "--data", str(folder), *arguments))
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def add(run, *more, text=SAID):
    return run(
        "annotate", "--text", text, "--intent", "request_cancellation", "--by", "Kim Lee", *more
    )


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_sentence_is_shown_written_listed_and_taken_back(run, folder):
    before = contents(folder)
    code, out, err = add(run, "--reason", "unused=the boxes stay shut", "--conversation", "c-9")
    line = (
        '    - the fridge hums, [the boxes stay shut]{"entity": "cancellation_reason", '
        '"value": "unused"}, end it\n'
    )
    assert code == 0
    assert f"+{line}" in out
    assert "Written to cancellation.yml as change 1." in err
    written = contents(folder)
    assert (
        written.pop("cancellation.yml").decode().replace(line, "")
        == before["cancellation.yml"].decode()
    )
    assert written == {name: text for name, text in before.items() if name != "cancellation.yml"}
    _, out, _ = run("history")
    assert "Kim Lee" in out
    assert "from c-9" in out
    assert run("undo", "--by", "Ada")[0] == 0
    assert contents(folder) == before
    assert "taken back" in run("history")[1]


def test_a_dry_run_writes_nothing(run, folder):
    before = contents(folder)
    code, out, _ = add(run, "--dry-run")
    assert (code, contents(folder)) == (0, before)
    assert f"+    - {SAID}" in out
    assert run("history")[1] == "Nothing is written yet.\n"


def test_what_would_do_harm_is_not_written_and_its_neighbours_are_shown(run, folder):
    before = contents(folder)
    code, _, err = run("annotate", "--text", "Cancel pls!", "--intent", "complain")
    assert code == 1
    assert "the text is request_cancellation at cancellation.yml:" in err
    assert '100%  request_cancellation  "cancel pls"' in err
    assert contents(folder) == before


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--reason", "pricey"), "'pricey' is no reason"),
        (("--file", "nobody.yml"), "no file 'nobody.yml'"),
        (("--file", "orders.yml"), "orders.yml has no examples of request_cancellation"),
    ],
)
def test_errors_say_what_to_do(run, folder, more, said):
    before = contents(folder)
    code, _, err = add(run, *more)
    assert (code, contents(folder)) == (1, before)
    assert said in err


def test_an_unknown_intent_is_answered_with_the_nearest(run):
    code, _, err = run("annotate", "--text", SAID, "--intent", "request_cancelation")
    assert code == 1
    assert "Did you mean request_cancellation?" in err


def test_a_sentence_can_be_checked_without_being_written(run, folder):
    before = contents(folder)
    assert run("check", "--text", SAID, "--intent", "request_cancellation")[0] == 0
    assert run("check", "--text", "/stop", "--intent", "request_cancellation")[0] == 1
    assert contents(folder) == before


@pytest.mark.parametrize("half", [("--text", SAID), ("--intent", "greet")])
def test_half_a_question_is_not_answered(run, half):
    code, _, err = run("check", *half)
    assert code == 1
    assert "both --text and --intent" in err


def test_an_annotation_of_another_extractor_is_not_written(run, folder):
    before = contents(folder)
    code, _, err = add(run, text='end the [duo]{"entity": "plan"} for good, it hums')
    assert code == 1
    assert "'plan' is found by rules" in err
    assert contents(folder) == before


def test_a_line_that_somebody_saved_away_is_told(run, folder):
    add(run)
    assert run("check")[0] == 0
    path = folder / "cancellation.yml"
    path.write_text(path.read_text().replace(f"    - {SAID}\n", ""))
    code, out, _ = run("check")
    assert code == 1
    assert "change 1 by Kim Lee is gone" in out


def test_an_example_is_moved_and_removed(run, folder):
    before = contents(folder)
    add(run)
    assert run("change", "--text", SAID, "--intent", "request_pause")[0] == 0
    assert SAID.encode() in contents(folder)["services.yml"]
    assert SAID.encode() not in contents(folder)["cancellation.yml"]
    assert run("remove", "--text", SAID)[0] == 0
    assert contents(folder) == before


def git(folder, *words):
    done = subprocess.run(
        ["git", *words], cwd=folder, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout


@pytest.fixture
def checkout(folder):
    top = folder.parent.parent
    git(top, "init", "-q", "-b", "main")
    git(top, "config", "user.name", "Desk")
    git(top, "config", "user.email", "desk@larder.example")
    (top / "notes.txt").write_text("one\n")
    git(top, "add", ".")
    git(top, "commit", "-q", "-m", "Begin")
    return top


def test_only_the_line_is_committed_and_what_others_staged_stays_staged(run, folder, checkout):
    (checkout / "notes.txt").write_text("two\n")
    git(checkout, "add", "notes.txt")
    path = folder / "cancellation.yml"
    path.write_text(path.read_text() + "# staged\n")
    git(checkout, "add", str(path))
    path.write_text(path.read_text() + "# in the editor\n")
    assert add(run, "--commit", "--conversation", "c-9")[0] == 0
    assert git(checkout, "log", "-1", "--format=%an|%ae|%cn|%s") == (
        "Kim Lee||Desk|Add an example of request_cancellation\n"
    )
    assert "Conversation: c-9" in git(checkout, "log", "-1", "--format=%b")
    assert git(checkout, "show", "--numstat", "--format=").split() == [
        *("1", "0", "data/nlu/cancellation.yml")
    ]
    staged = git(checkout, "diff", "--cached", "-U0")
    assert "+# staged" in staged
    assert "+two" in staged
    assert SAID not in staged
    left = git(checkout, "diff", "-U0")
    assert "+# in the editor" in left
    assert SAID not in left


def test_a_commit_taken_back_is_a_commit_too(run, folder, checkout):
    before = contents(folder)
    add(run, "--commit")
    assert run("undo", "--commit", "--by", "Ada <ada@larder.example>")[0] == 0
    assert git(checkout, "log", "-1", "--format=%an <%ae>") == "Ada <ada@larder.example>\n"
    assert git(checkout, "status", "--short") == ""
    assert git(checkout, "diff", "HEAD~2", "--stat") == ""
    assert contents(folder) == before
    assert "ada@" not in run("history")[1]


def test_nothing_is_committed_unless_asked(run, checkout):
    add(run)
    assert git(checkout, "log", "--format=%s") == "Begin\n"
    assert git(checkout, "status", "--short") == " M data/nlu/cancellation.yml\n"


def test_outside_a_checkout_the_line_is_written_and_the_reason_told(run, folder):
    code, _, err = add(run, "--commit")
    assert code == 1
    assert "Written to cancellation.yml" in err
    assert "Nothing was committed" in err
    assert SAID.encode() in contents(folder)["cancellation.yml"]
