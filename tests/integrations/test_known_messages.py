"""Test messages and written dialogues as they stand in files, and what was read of them."""

import json

import pytest

from bot.errors import FileInvalid
from bot.integrations.known_messages import KeptReadings, read_test_messages, read_written
from bot.publishing.comparison import Reading
from bot.settings import ROOT
from bot.supervisor.gate_checks import WRITTEN
from bot.use_cases.compare_models import KnownMessage
from tests.dialogues.script import scripts


def test_messages_are_lines_and_a_missing_file_has_none(tmp_path):
    path = tmp_path / "ours.jsonl"
    assert read_test_messages(path) == []
    path.write_text(json.dumps({"text": "stop it", "intent": "deny", "more": 1}) + "\n\n")
    assert read_test_messages(path) == [KnownMessage("stop it", "deny")]
    path.write_text('{"text": "stop it", "intent": "deny"}\n{"text": "stop"}\n')
    with pytest.raises(FileInvalid, match=r"ours\.jsonl:2"):
        read_test_messages(path)


def test_the_default_file_can_be_read():
    assert len(read_test_messages(ROOT / "tests/understanding/looked_at.jsonl")) > 1000


def test_dialogues_have_the_names_their_runner_gives_them(tmp_path):
    written = read_written(WRITTEN)
    assert [one.name for one in written] == [script.name for script in scripts()]
    assert all(one.texts or "customer" not in one.name for one in written)
    assert read_written(tmp_path / "test_dialogues.py") == []


def test_readings_are_kept_beside_their_model(tmp_path):
    kept = KeptReadings(tmp_path / "m1.tar.gz")
    assert kept.read() == {}
    kept.write({"stop it": Reading("deny", ("unused",))})
    assert kept.read() == {"stop it": Reading("deny", ("unused",))}
    assert KeptReadings(tmp_path / "m2.tar.gz").read() == {}
