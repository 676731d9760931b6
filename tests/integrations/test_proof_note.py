"""The note of what was proved: it stands for the very same files, in the same week only."""

from datetime import date

import pytest

from bot.integrations.proof_note import ProofNote

MONDAY, SUNDAY, NEXT_MONDAY = date(2026, 11, 23), date(2026, 11, 29), date(2026, 11, 30)


@pytest.fixture
def root(tmp_path):
    for name in ("bot/retention/moves.py", "data/retention/company.yml", "domain.yml", "notes.md"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"of {name}")
    return tmp_path


@pytest.fixture
def note(root):
    return ProofNote(root, root / "state")


def test_nothing_stands_before_a_proof(note):
    assert not note.stands(note.digest(MONDAY))


def test_it_stands_through_the_week_and_no_longer(note):
    note.write(note.digest(MONDAY))
    assert note.stands(note.digest(MONDAY))
    assert note.stands(note.digest(SUNDAY))
    assert not note.stands(note.digest(NEXT_MONDAY))


@pytest.mark.parametrize(
    "changed",
    ["bot/retention/moves.py", "data/retention/company.yml", "domain.yml", "bot/retention/new.py"],
)
def test_any_change_to_what_is_walked_means_a_new_proof(changed, note, root):
    note.write(note.digest(MONDAY))
    (root / changed).write_text("something else")
    assert not note.stands(note.digest(MONDAY))


def test_a_file_that_went_means_a_new_proof(note, root):
    note.write(note.digest(MONDAY))
    (root / "data/retention/company.yml").unlink()
    assert not note.stands(note.digest(MONDAY))


def test_other_files_change_nothing(note, root):
    note.write(note.digest(MONDAY))
    (root / "notes.md").write_text("other notes")
    assert note.stands(note.digest(MONDAY))


def test_a_proof_of_some_moves_stands_for_as_many_and_never_hides_a_deeper_one(note):
    digest = note.digest(MONDAY)
    note.write(digest, 4)
    assert [note.stands(digest, deepest) for deepest in (1, 4, 5, None)] == [
        True,
        True,
        False,
        False,
    ]
    note.write(digest, 1)
    assert note.stands(digest, 4)
    note.write(digest)
    note.write(digest, 2)
    assert note.stands(digest)
    assert note.stands(digest, 9)
