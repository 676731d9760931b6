"""The newest model is found and read anew when there is a newer one; a bad one is told plainly."""

import os
import tarfile
from io import BytesIO

import pytest

from bot.errors import SetupError
from bot.integrations.model_files import NewestModel, load_engine, newest_model, parse_lines
from bot.understanding.engine import Engine
from bot.understanding.examples import Example
from tests.understanding.engines import TODAY

LEAVING = ("cancel it", "cancel my plan", "end my plan now", "cancel please", "stop my plan")
STAYING = ("hello there", "good morning", "hi you", "hey hey", "good evening")


def write_model(path, *, leaving=LEAVING, staying=STAYING, at_second=0):
    """Write an archive laid out as Rasa lays out a model."""
    engine = Engine.fit(
        [Example(text, "request_cancellation") for text in leaving]
        + [Example(text, "greet") for text in staying]
    )
    with tarfile.open(path, "w:gz") as archive:
        for name, content in engine.to_files().items():
            member = tarfile.TarInfo(f"components/train_understanding0/{name}")
            member.size = len(content)
            archive.addfile(member, BytesIO(content))
    os.utime(path, (at_second, at_second))
    return path


def test_lines_are_answered_one_by_one(tmp_path):
    model = write_model(tmp_path / "a.tar.gz")

    def lines():
        yield "cancel my plan\n"
        raise AssertionError("the second line was read before the first was answered")

    first = next(parse_lines(lines(), model, today=TODAY))
    assert (first["text"], first["intent"]) == ("cancel my plan", "request_cancellation")


def test_a_newer_model_is_used_as_soon_as_it_is_there(tmp_path):
    write_model(tmp_path / "a.tar.gz", at_second=1)
    newest = NewestModel(tmp_path)
    assert newest.wants_to_leave("cancel my plan")
    write_model(tmp_path / "b.tar.gz", leaving=STAYING, staying=LEAVING, at_second=2)
    assert newest_model(tmp_path).name == "b.tar.gz"
    assert newest.wants_to_leave("good morning")


def test_no_model_and_a_broken_one_are_told_plainly(tmp_path):
    with pytest.raises(SetupError, match="make train"):
        newest_model(tmp_path)
    (tmp_path / "a.tar.gz").write_bytes(b"nonsense")
    with pytest.raises(SetupError, match="cannot be read"):
        load_engine(tmp_path / "a.tar.gz")
    with tarfile.open(tmp_path / "b.tar.gz", "w:gz"):
        pass
    with pytest.raises(SetupError, match="cannot be read"):
        load_engine(tmp_path / "b.tar.gz")
