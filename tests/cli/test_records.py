"""The commands that show, check and erase records, and that check a saved receipt."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot import bootstrap, settings
from bot.__main__ import main
from bot.retention.records import Entry
from bot.retention.say import PRESS_CANCEL
from tests.factories import NOW
from tests.use_cases.talk import Talk


@pytest.fixture
def using(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> settings.Settings:
    monkeypatch.setenv("DESK_STATE_FOLDER", str(tmp_path))
    loaded = settings.load()
    bootstrap.prepare(loaded)
    maya = Talk(bootstrap.desk(loaded), "A-1001").open()
    maya.says(PRESS_CANCEL)
    return loaded


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(arguments)
    out, err = capsys.readouterr()
    return code, out, err


def test_the_records_are_checked_and_shown(using, capsys):
    code, out, _err = said(capsys, "records", "verify")
    assert code == 0
    assert "entries are whole and in order" in out
    code, out, _err = said(capsys, "records", "show", "A-1001")
    told = [line.split()[3] for line in out.splitlines()]
    assert (told[0], told[-2:]) == ("request", ["billing_act", "receipt"])
    shown = json.loads(said(capsys, "records", "show", "A-1001", "--json")[1])
    assert shown[-1]["payload"]["kind"] == "cancellation"


def test_a_message_held_back_is_shown_with_the_rules_it_broke(using, capsys):
    with bootstrap.unit_of_work(using)() as uow:
        entry = Entry("held_back", {"conversation": "c-1", "rules": ["R4", "R12"]})
        uow.records.add([entry], account="A-1001", now=NOW)
        uow.commit()
    out = said(capsys, "records", "show", "A-1001")[1]
    assert out.splitlines()[-1].split()[3:] == ["held_back", "R4,", "R12"]


def test_erasing_needs_to_be_meant(using, capsys):
    code, _out, err = said(capsys, "records", "erase", "A-1001")
    assert (code, err) == (
        1,
        "Erasing A-1001 cannot be undone. Add --yes when you are sure.\n",
    )
    code, _out, err = said(capsys, "records", "erase", "A-1001", "--yes")
    assert (code, err) == (1, "A conversation is still open. Erase A-1001 after that.\n")
    assert "nothing was kept" in said(capsys, "records", "erase", "A-1002", "--yes")[1]


def test_a_saved_receipt_is_checked_offline(using, capsys, tmp_path):
    receipt = {"title": "Cancellation confirmed", "lines": [["Last charge", "$89.00"]]}
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps(bootstrap.receipt_seal(using).sealed(receipt)))
    code, out, err = said(capsys, "receipt", "verify", str(file))
    assert (code, out) == (0, "Cancellation confirmed\nLast charge: $89.00\n")
    assert "genuine" in err
    key = said(capsys, "receipt", "key")[1].strip()
    assert said(capsys, "receipt", "verify", str(file), "--key", key)[0] == 0
    file.write_text(file.read_text().replace("$89.00", "$8.90"))
    code, out, err = said(capsys, "receipt", "verify", str(file))
    assert (code, out) == (1, "")
    assert "changed after it was sealed" in err


def test_a_receipt_that_is_not_there_is_told_in_a_sentence(using, capsys):
    code, _out, err = said(capsys, "receipt", "verify", "nowhere.json")
    assert (code, err) == (1, "nowhere.json cannot be read. Name the file you saved.\n")


def test_a_policy_changed_under_its_revision_stops_the_start(using, monkeypatch, tmp_path):
    import shutil

    from bot.errors import PolicyChanged

    folder = shutil.copytree(using.policy_folder, tmp_path / "policies")
    path = folder / "policies" / "breather.yml"
    path.write_text(path.read_text().replace("months: 2", "months: 3"))
    monkeypatch.setenv("DESK_POLICY_FOLDER", str(folder))
    with pytest.raises(PolicyChanged, match=r"breather.yml: revision 1 .* Raise `revision` to 2"):
        bootstrap.prepare(settings.load())
    path.write_text(path.read_text().replace("revision: 1", "revision: 2"))
    bootstrap.prepare(settings.load())
