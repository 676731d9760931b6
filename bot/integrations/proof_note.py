"""Keeps a note of what was proved last, so that the same files are not walked twice."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

_ALL = "all"
# Everything the walk runs or reads; more than it needs, so that nothing can be left out.
_READ = ("bot/**/*.py", "data/retention/**/*", "domain.yml")


class ProofNote:
    """One note in the folder of the desk's state: what stood in the files, and in which week.

    Dates run on and months differ in length, so a proof speaks for the week it was made in.
    """

    def __init__(self, root: Path, state_folder: Path) -> None:
        """Take the project's folder, and the one the note is kept in."""
        self._root = root
        self._path = state_folder / "exit-proved"

    def digest(self, on: date) -> str:
        """Return what names the files, as they are now, and the week of that day."""
        year, week, _weekday = on.isocalendar()
        digest = hashlib.sha256(f"{year}-{week}".encode())
        for path in sorted({path for glob in _READ for path in self._root.glob(glob)}):
            if path.is_file():
                digest.update(f"{path.relative_to(self._root)}".encode() + b"\0")
                digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()

    def stands(self, digest: str, deepest: int | None = None) -> bool:
        """Whether what this digest names was proved last, for so many moves or for all."""
        if not self._path.exists():
            return False
        known, _space, moves = self._path.read_text("ascii").partition(" ")
        if known != digest:
            return False
        return moves == _ALL or (deepest is not None and int(moves) >= deepest)

    def write(self, digest: str, deepest: int | None = None) -> None:
        """Note that what this digest names was proved; a deeper proof that stands is kept."""
        if self.stands(digest, deepest):
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(f"{digest} {_ALL if deepest is None else deepest}", "ascii")
