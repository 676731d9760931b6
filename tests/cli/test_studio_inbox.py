"""The inbox in a terminal: what was heard is listed, shown, answered, and who was first is told."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main
from bot.settings import ROOT
from bot.storage.engine import make_engine
from bot.storage.migrate import upgrade
from tests.fakes import FakeClock
from tests.switchboards import Line

SAID = "mumble the crates could wait in your shed, mail kim@firm.com"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "data" / "nlu", tmp_path / "nlu"))


@pytest.fixture
def run(tmp_path: Path, folder: Path, monkeypatch: Any, capsys: Any) -> Run:
    monkeypatch.setenv("DESK_STATE_FOLDER", str(tmp_path))
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    monkeypatch.setenv("DESK_DATABASE_URL", url)
    upgrade(url)
    engine = make_engine(url)
    line = Line(engine, clock=FakeClock(datetime.now(timezone.utc)))
    line.say(line.open().conversation, SAID)
    engine.dispose()
    capsys.readouterr()

    def run(*arguments: str, by: str = "Kim") -> tuple[int, str, str]:
        code = main(("studio", "inbox", "--data", str(folder), "--by", by, *arguments))
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_a_message_is_listed_without_what_is_personal_shown_and_answered(
    run: Run, folder: Path
) -> None:
    code, out, err = run()
    name, intent, words = out.splitlines()[0].split("  ", 2)
    assert (code, intent) == (0, "mumble")
    assert words == '"mumble the crates could wait in your shed, mail […]"'
    assert "1 to decide, 1 shown." in err
    _, out, _ = run(name)
    assert "> customer: mumble the crates" in out

    text = "the crates could wait in your shed for a while"
    before = (folder / "services.yml").read_text()
    answer = (name, "--intent", "request_pause", "--text", text)
    code, out, _ = run(*answer, "--dry-run")
    assert (code, f"+    - {text}" in out) == (0, True)
    assert (folder / "services.yml").read_text() == before
    code, out, err = run(*answer)
    assert "Written to services.yml as change 1." in err
    assert (folder / "services.yml").read_text().replace(f"    - {text}\n", "") == before
    assert run()[1].strip() == ""
    assert run(name)[0] != 0


def test_what_speaks_against_it_is_said_and_half_an_answer_refused(run: Run, folder: Path) -> None:
    name = run()[1].split()[0]
    before = {path: path.read_bytes() for path in folder.iterdir()}
    mail = "mail kim@firm.com about a break for my crates"
    code, _, err = run(name, "--intent", "request_pause", "--text", mail)
    assert (code, "personal data" in err) == (1, True)
    code, _, err = run(name, "--intent", "request_pause", "--intent", "skip_delivery")
    assert code != 0
    assert "one --text for each --intent" in err
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    assert run(name, "--intent", "request_pause", "--note")[0] == 0
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
