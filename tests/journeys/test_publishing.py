"""A message is misunderstood, a trainer mends that, and a minute later it is understood.

Twenty customers chat through the switch: nobody is dropped or answered twice. Then what can go
wrong on the way from one process to another, with the same model under other names.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bench.ours import copy_project
from bot import settings
from bot.bootstrap_publishing import Publishing, publishing
from bot.errors import NotPublished
from bot.integrations.clock import SystemClock
from bot.integrations.front_end import build_front_end
from bot.integrations.model_files import load_engine
from bot.model_files import content_hash, model_path, program_hash
from bot.publishing.history import Kind, Line, live
from bot.supervisor.going_live import go_live
from bot.supervisor.probe import ask
from bot.use_cases.load_demo_staff import DEMO_PASSWORD
from bot.use_cases.understand import understand
from tests.journeys.chats import WAIT_SECONDS, Chats, until
from tests.journeys.running_desk import RunningDesk, running_desk
from tests.journeys.widget_driver import WidgetDriver

pytestmark = [pytest.mark.stack, pytest.mark.browser, pytest.mark.slow]

# Said by people who leave. The first that the live model does not take so is the one to mend.
ODD = (
    "tell the van to forget my street",
    "curtains for the crate, thanks all the same",
    "time to hang up the apron",
    "the crate and I are splitting up",
)
LEAVE = "request_cancellation"
TRAINER = "theo@larder.example"
# Training, the gate and the switch, on two cores that do other things as well.
LIVE_WITHIN_SECONDS = 600
# One in so many test messages is read by both models: all of them take a minute beside the chats.
TESTED = 4


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, so that trainers can write into its files."""
    build_front_end()
    return copy_project(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def own_desk(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    folder, models = tmp_path_factory.mktemp("publishing"), project / "models"
    models.mkdir()
    shutil.copy(model_path(settings.load()), models)
    messages = folder / "messages.jsonl"
    kept = settings.load().test_messages.read_text(encoding="utf-8").splitlines(keepends=True)
    messages.write_text("".join(kept[::TESTED]), encoding="utf-8")
    own = {"DESK_MODEL_FOLDER": str(models), "DESK_TEST_MESSAGES": str(messages)}
    with running_desk(folder, project=project, **own) as desk:
        yield desk


@pytest.fixture
def shared(own_desk: RunningDesk) -> Publishing:
    return publishing(settings.with_secrets(settings.from_environment(own_desk.environment)))


def test_what_was_misunderstood_is_understood_after_one_line_and_one_press(
    own_desk: RunningDesk, shared: Publishing, browser: Browser
) -> None:
    first = live(shared.versions.history())
    assert first is not None
    assert (first.version, first.kind) == (1, Kind.STARTED)
    sentence = not_understood(shared.versions.model(first))
    customer = WidgetDriver(browser.new_page(), own_desk.url)
    customer.open_shop("A-1001")
    customer.say(sentence)
    assert "Cancel now" not in customer.last().buttons

    with Chats(own_desk) as chats:
        trainer = signed_in(browser, own_desk)
        teach(trainer.page, sentence)
        saved = time.monotonic()
        page = trainer.page
        page.goto(f"{own_desk.url}/studio/publish")
        page.get_by_role("button", name="Publish, if nothing speaks against it").click()
        expect(page.get_by_role("timer")).to_be_visible()
        work = page.get_by_role("heading", name="Last work: publish")
        expect(work).to_be_visible(timeout=LIVE_WITHIN_SECONDS * 1000)
        seconds = time.monotonic() - saved
        trainer.screenshot("published")
        assert trainer.axe() == []
        expect(page.get_by_text("Version 2 is live, since")).to_be_visible()
        chats.let_some_turns_pass()
        assert "assistant, before" in own_desk.pids()
    print(f"Live {seconds:.0f} s after it was saved.")

    assert chats.unanswered == []
    assert chats.answered_twice == []
    now = live(shared.versions.history())
    assert now is not None
    assert (now.version, now.kind) == (2, Kind.PUBLISHED)
    assert now.changes == {LEAVE: {"added": 1}}
    models = {line.model.removesuffix(".tar.gz") for line in (first, now)}
    assert chats.models_that_understood() == models
    customer.say(sentence)
    assert "Cancel now" in customer.last().buttons
    customer.screenshot("understood")
    assert (customer.faults, trainer.faults) == ([], [])


def test_an_assistant_that_dies_while_it_warms_up_changes_nothing(
    own_desk: RunningDesk, shared: Publishing, project: Path
) -> None:
    before = shared.versions.history()
    with ThreadPoolExecutor(1) as pool:
        going = pool.submit(go_live, candidate(shared, project, "c" * 16), shared, quiet)
        until(lambda: "assistant, next" in own_desk.pids())
        os.kill(own_desk.pids()["assistant, next"], signal.SIGKILL)
        with pytest.raises(NotPublished, match="The live version stays"):
            going.result(WAIT_SECONDS)
    assert shared.versions.history() == before
    assert "assistant, next" not in own_desk.pids()
    assert model_that_answers(own_desk) == live(before).model.removesuffix(".tar.gz")


def test_one_command_returns_to_the_version_before(
    own_desk: RunningDesk, shared: Publishing, project: Path
) -> None:
    back_to = shared.versions.history()[0]
    rollback = ("studio", "rollback", "--by", "Kim Lee", "--reason", "it missed refunds")
    subprocess.run(
        [sys.executable, "-m", "bot", *rollback], cwd=project, env=own_desk.environment, check=True
    )
    now = live(shared.versions.history())
    assert (now.version, now.kind, now.by) == (back_to.version, Kind.RETURNED, "Kim Lee")
    assert model_that_answers(own_desk) == back_to.model.removesuffix(".tar.gz")
    assert "returned to by Kim Lee  (it missed refunds)" in own_desk.command("studio", "versions")


def test_a_desk_that_is_killed_while_it_publishes_starts_with_the_old_version(
    own_desk: RunningDesk, shared: Publishing, project: Path
) -> None:
    before = shared.versions.history()
    with ThreadPoolExecutor(1) as pool:
        going = pool.submit(go_live, candidate(shared, project, "d" * 16), shared, quiet)
        until(lambda: "assistant, next" in own_desk.pids())
        os.kill(json.loads(own_desk.note.read_text())["supervisor"], signal.SIGKILL)
        with pytest.raises(NotPublished, match="The desk stopped meanwhile"):
            going.result(WAIT_SECONDS)
    until(lambda: assistants(own_desk) == [])
    own_desk.note.unlink()
    models = own_desk.environment["DESK_MODEL_FOLDER"]
    with running_desk(own_desk.folder, project=project, DESK_MODEL_FOLDER=models) as again:
        assert shared.versions.history() == before
        assert model_that_answers(again) == live(before).model.removesuffix(".tar.gz")
        assert len(assistants(again)) == 1


def not_understood(model: Path) -> str:
    """Return a sentence of somebody who leaves that this model takes for something else."""
    engine, today = load_engine(model), SystemClock().now().date()
    return next(
        text for text in ODD if understand(text, engine=engine, today=today).intent != LEAVE
    )


def signed_in(browser: Browser, desk: RunningDesk) -> WidgetDriver:
    """Return a trainer at the inbox."""
    trainer = WidgetDriver(browser.new_page(), desk.url)
    trainer.page.goto(f"{desk.url}/sign-in?next=/studio")
    trainer.page.get_by_label("E-mail address").fill(TRAINER)
    trainer.page.get_by_label("Password").fill(DEMO_PASSWORD)
    trainer.page.get_by_role("button", name="Sign in").click()
    expect(trainer.page.locator("#said")).to_be_focused()
    return trainer


def teach(page: Page, sentence: str) -> None:
    """Say in the inbox what the sentence means, and have it written."""
    page.locator(".next").get_by_text(sentence).or_(page.locator("#said")).first.click()
    expect(page.locator("#said")).to_contain_text(sentence)
    other = page.get_by_label("Another intent").first
    other.fill(LEAVE)
    other.press("Tab")
    expect(page.locator(".diff")).to_contain_text(f"+    - {sentence}")
    page.locator("#do-write").click()
    expect(page.locator("#told")).to_contain_text("as change 1.")


def candidate(shared: Publishing, project: Path, name: str) -> Line:
    """Return the wish to have the live model live, under another name."""
    now = live(shared.versions.history())
    copy = shared.versions.model(now).with_name(f"{name}.tar.gz")
    shutil.copy(shared.versions.model(now), copy)
    return Line(
        kind=Kind.PUBLISHED,
        version=0,
        model=copy.name,
        files=content_hash(project),
        program=program_hash(project),
        by="Kim Lee",
        at=SystemClock().now(),
    )


def quiet(step: str, said: str) -> None:
    """Say nothing."""


def model_that_answers(desk: RunningDesk) -> str:
    told = json.loads(desk.note.read_text())
    return str(ask(told["health"]["assistant"]).body["model"])


def assistants(desk: RunningDesk) -> list[str]:
    """Return the command lines of all assistants of this desk that run."""
    running = Path("/proc").glob("[0-9]*/cmdline")
    lines = (_content(path).replace("\0", " ") for path in running)
    return [line for line in lines if "bot.channels.serve" in line and str(desk.folder) in line]


def _content(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:  # it ended meanwhile
        return ""
