"""A model belongs to the data it learned from: the hash moves when, and only when, that does."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.model_files import HASH_LETTERS, content_hash, model_path
from bot.settings import from_environment


@pytest.fixture
def project(tmp_path) -> Path:
    for name in ("config.yml", "domain.yml", "data/nlu/offers.yml", "bot/nlu/classifier.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "data/retention").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    "changed", ["config.yml", "domain.yml", "data/nlu/offers.yml", "bot/nlu/classifier.py"]
)
def test_a_change_to_what_is_learned_asks_for_a_new_model(project, changed):
    before = content_hash(project)
    (project / changed).write_text("something else")
    assert content_hash(project) != before


def test_a_new_a_moved_and_a_removed_file_ask_for_a_new_model(project):
    hashes = [content_hash(project)]
    (project / "data/nlu/more.yml").write_text("more")
    hashes.append(content_hash(project))
    (project / "data/nlu/more.yml").rename(project / "data/nlu/moved.yml")
    hashes.append(content_hash(project))
    assert len(set(hashes)) == 3
    (project / "data/nlu/moved.yml").unlink()
    assert content_hash(project) == hashes[0]


@pytest.mark.parametrize(
    "unlearned",
    [
        "data/retention/relief.yml",
        "data/desk/canned-replies.yml",
        "bot/nlu/__pycache__/classifier.pyc",
        "README.md",
    ],
)
def test_a_change_to_anything_else_does_not(project, unlearned):
    before = content_hash(project)
    (project / unlearned).parent.mkdir(exist_ok=True)
    (project / unlearned).write_text("new")
    assert content_hash(project) == before


def test_text_that_moves_between_files_is_a_change(project):
    (project / "data/nlu/a.yml").write_text("onetwo")
    (project / "data/nlu/b.yml").write_text("")
    before = content_hash(project)
    (project / "data/nlu/a.yml").write_text("one")
    (project / "data/nlu/b.yml").write_text("two")
    assert content_hash(project) != before


def test_the_model_is_named_by_the_hash_in_the_model_folder(tmp_path):
    path = model_path(from_environment({"DESK_MODEL_FOLDER": str(tmp_path)}))
    assert path.parent == tmp_path
    assert len(path.name.removesuffix(".tar.gz")) == HASH_LETTERS


def test_an_encoder_that_comes_or_goes_asks_for_a_new_model(project):
    before = content_hash(project)
    folder = project / ".tools/encoder"
    folder.mkdir(parents=True)
    (folder / "digest.txt").write_text("one")
    hashes = {before, content_hash(project)}
    (folder / "digest.txt").write_text("another")
    assert len(hashes | {content_hash(project)}) == 3
