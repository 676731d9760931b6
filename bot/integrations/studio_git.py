"""Commits single lines of training files: nothing else that is changed or staged goes with them.

The commit is made from what was committed last, with the line put in. The working files are not
touched, and what others have staged stays staged, in the same file too.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from bot.annotation.edits import is_made
from bot.annotation.journal import Entry
from bot.errors import EditRefused, HelpdeskError
from bot.integrations.training_files import read_blocks
from bot.integrations.training_folder import TrainingFolder, changed

_TRIES = 5
_PERSON = re.compile(r"(?P<name>[^<>\n]+?)\s*(?:<(?P<mail>[^<>\s]*)>)?")


PutIn = Callable[[str, str], str]


class GitCheckout:
    """The checkout in which the training files stand, if they stand in one."""

    def __init__(self, data: TrainingFolder) -> None:
        """Take the training files; git is asked only when something is to be committed."""
        self._data = data

    def is_there(self) -> bool:
        """Whether there is a checkout, and git to commit with."""
        try:
            _git(self._data.folder, "rev-parse", "--show-toplevel")
        except EditRefused:
            return False
        return True

    def commit(self, entry: Entry, title: str, author: str) -> str:
        """Commit the entry's lines in the trainer's name and return the commit's short name.

        `author` is NAME or NAME <ADDRESS>.

        Raises:
            EditRefused: there is no checkout, nobody can be named, or the lines are in already.
        """
        paths = {edit.file: self._data.path(edit.file) for edit in entry.edits}

        def put_in(file: str, text: str) -> str:
            for edit in (edit for edit in entry.edits if edit.file == file):
                if not is_made(text, read_blocks(text, name=file), edit):
                    text = changed(text, edit)[0]
            return text

        return commit_lines(paths, put_in, _message(entry, title), author)


def commit_lines(paths: Mapping[str, Path], put_in: PutIn, told: str, author: str) -> str:
    """Commit lines of these files and nothing else, and return the commit's short name.

    `put_in` takes a file's name and what is committed or staged of it, and returns that with the
    lines. `told` is the commit's message, `author` is NAME or NAME <ADDRESS>.

    Raises:
        EditRefused: there is no checkout, nobody can be named, or the lines are in already.
    """
    real = {file: path.resolve() for file, path in paths.items()}
    root = Path(_git(next(iter(real.values())).parent, "rev-parse", "--show-toplevel").strip())
    names = {file: path.relative_to(root).as_posix() for file, path in real.items()}
    for _ in range(_TRIES):
        head = _git(root, "rev-parse", "HEAD").strip()
        blobs = {names[file]: _blob(root, f"HEAD:{names[file]}", put_in, file) for file in names}
        made = _committed(root, head, blobs, told, _names(root, author))
        try:
            _git(root, "update-ref", "-m", "studio", "HEAD", made, head)
        except EditRefused:
            continue  # somebody else committed in this moment
        _restage(root, head, names, blobs, put_in)
        return _git(root, "rev-parse", "--short", made).strip()
    raise EditRefused("Others keep committing. The line is written; commit it by hand.")


def _blob(root: Path, source: str, put_in: PutIn, file: str) -> str:
    """Write what is committed or staged, with the lines put in, and return its name."""
    before = _git(root, "cat-file", "blob", source)
    text = put_in(file, before)
    if text == before:
        raise EditRefused(f"The line is committed in {file} already.")
    return _git(root, "hash-object", "-w", "--stdin", given=text).strip()


def _committed(
    root: Path, head: str, blobs: Mapping[str, str], told: str, who: Mapping[str, str]
) -> str:
    with tempfile.TemporaryDirectory() as folder:
        aside = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        _git(root, "read-tree", head, more=aside)
        for name, blob in blobs.items():
            _stage(root, name, blob, head, more=aside)
        tree = _git(root, "write-tree", more=aside).strip()
    return _git(root, "commit-tree", tree, "-p", head, given=told, more=who).strip()


def _restage(
    root: Path,
    head: str,
    names: Mapping[str, str],
    blobs: Mapping[str, str],
    put_in: PutIn,
) -> None:
    """Put the lines into the index too, or the next commit would take them out again."""
    for file, name in names.items():
        staged = _git(root, "ls-files", "--stage", "--", name).split()
        if not staged:
            continue  # somebody stages that the file is gone
        committed = _git(root, "rev-parse", f"{head}:{name}").strip()
        try:
            same = staged[1] == committed
            blob = blobs[name] if same else _blob(root, staged[1], put_in, file)
        except HelpdeskError:
            continue  # what is staged has the line, or has no place for it
        _stage(root, name, blob, head)


def _message(entry: Entry, title: str) -> str:
    told = f"{title}\n\nChange: {entry.number}\n"
    return told + (f"Conversation: {entry.conversation}\n" if entry.conversation else "")


def _stage(
    root: Path, name: str, blob: str, head: str, more: Mapping[str, str] | None = None
) -> None:
    mode = _git(root, "ls-tree", head, "--", name).split()[0]
    _git(root, "update-index", "--cacheinfo", f"{mode},{blob},{name}", more=more)


def _names(root: Path, by: str) -> dict[str, str]:
    """Return whom git names as author, and as committer where it knows nobody itself."""
    person = _PERSON.fullmatch(by.strip())
    if person is None:
        raise EditRefused(f"{by!r} cannot be a name in git. Write it as NAME or NAME <ADDRESS>.")
    known = {key: _configured(root, f"user.{key}") for key in ("name", "email")}
    mail = person["mail"] or (known["email"] if person["name"] == known["name"] else "")
    author = {"GIT_AUTHOR_NAME": person["name"], "GIT_AUTHOR_EMAIL": mail}
    if known["name"] and known["email"]:
        return author
    return {**author, "GIT_COMMITTER_NAME": person["name"], "GIT_COMMITTER_EMAIL": mail}


def _configured(root: Path, key: str) -> str:
    try:
        return _git(root, "config", key).strip()
    except EditRefused:
        return ""


def _git(
    folder: Path, *words: str, given: str | None = None, more: Mapping[str, str] | None = None
) -> str:
    """Run git and return what it says; a hook that started us must not tell it where to work."""
    forgotten = [f"--unset={name}" for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE")]
    told = [f"{name}={value}" for name, value in {"LC_ALL": "C", **(more or {})}.items()]
    try:
        done = subprocess.run(
            ["env", *forgotten, *told, "git", *words],
            cwd=folder,
            input=b"" if given is None else given.encode(),
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise EditRefused("There is no `env` to start git with. Nothing was committed.") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        reason = said[0] if said else f"git {words[0]} failed"
        raise EditRefused(f"Nothing was committed: {reason}")
    return done.stdout.decode("utf-8")
