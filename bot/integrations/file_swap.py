"""Changes a file that others may save at the same moment, without losing what they saved.

Editors and git take no lock. So the file is held by a lease, which lets nobody open it for writing
for some milliseconds, and the new content is exchanged with the old in one step. If what came out
is not what was read, or somebody waits to write into it, the old is put back and all starts anew.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.annotation.merging import with_added_lines
from bot.errors import EditRefused

_EXCHANGE, _HERE = 2, -100
_PATIENCE_SECONDS = 5.0
_PAUSE_SECONDS = 0.005
_SETTLE_SECONDS = 0.001
# File systems that cannot exchange two names, or hand out leases.
_CANNOT = {errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.EACCES, errno.EPERM}

Change = Callable[[bytes], bytes]


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keep other users of this function out of the folder; the folder itself is the lock."""
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def change_file(path: Path, change: Change, *, again: Change) -> None:
    """Replace the content of `path` by `change` of it, whole or not at all; its mode stays.

    `again` is asked instead where somebody saved in between; their content may hold the change
    already. If either raises, the file is left as it is.

    Raises:
        EditRefused: the file is gone, or another program does not stop writing it.
    """
    target = path.resolve()
    until = time.monotonic() + _PATIENCE_SECONDS
    asked, stray = change, None
    while time.monotonic() < until:
        with _held(target) as held:
            if held is not None:
                content = _content(held)
                wanted = asked(content)
                if wanted == content:
                    return
                done, stray = _replaced(held, target, content, wanted)
                if done:
                    _keep(target.parent)
                    return
                asked = again
        if stray is not None:
            _bring_over(target, wanted, stray)
            stray = None
        time.sleep(_PAUSE_SECONDS)
    raise _busy(path)


def settled(path: Path) -> bytes:
    """Return the content of a file that nobody is writing at this moment.

    Raises:
        EditRefused: the file is gone, or another program does not stop writing it.
    """
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        with _held(path) as held:
            if held is not None:
                return _content(held)
        time.sleep(_PAUSE_SECONDS)
    raise _busy(path)


def _busy(path: Path) -> EditRefused:
    return EditRefused(
        f"{path.name} is gone, or another program keeps writing it. Close it there and try again."
    )


@contextmanager
def _held(path: Path) -> Iterator[int | None]:
    """Open a file under a read lease; None while somebody writes it, or there is none.

    Who opens it for writing meanwhile waits until we close it. The kernel's signal that somebody
    does is chosen to be one that is ignored by default.
    """
    try:
        held = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        yield None  # some editors rename the old file away before they write the new one
        return
    try:
        yield held if _leased(held) else None
    finally:
        os.close(held)


def _leased(held: int) -> bool:
    try:
        fcntl.fcntl(held, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(held, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError as error:
        if error.errno == errno.EAGAIN:
            return False
        if error.errno not in _CANNOT:
            raise
    return True


def _somebody_waits(held: int) -> bool:
    """Return whether a program is about to write into the file it knows by this name."""
    try:
        return fcntl.fcntl(held, fcntl.F_GETLEASE) != fcntl.F_RDLCK
    except OSError:
        return False


def _content(held: int) -> bytes:
    return os.pread(held, os.fstat(held).st_size, 0)


def _replaced(held: int, target: Path, content: bytes, wanted: bytes) -> tuple[bool, bytes | None]:
    """Put the wanted content in place of what is held; False if somebody else was quicker.

    With it comes what somebody made of ours in the moment it had the name, if anybody did.
    """
    aside = _beside(target, wanted)
    ours = aside.stat().st_ino
    if _somebody_waits(held):
        aside.unlink()
        return False, None
    _exchange(aside, target)
    if aside.stat().st_ino == os.fstat(held).st_ino:
        time.sleep(_SETTLE_SECONDS)  # who was just opening it shows now
        if not _somebody_waits(held) and _content(held) == content:
            aside.unlink()
            return True, None
    stray = _put_back(aside, target, ours)
    return False, None if stray == wanted else stray


def _put_back(aside: Path, target: Path, ours: int) -> bytes | None:
    """Give the name back to the file that had it, or to one that was saved over ours since.

    Return what ours holds now, if it still had the name.
    """
    _exchange(aside, target)
    if aside.stat().st_ino != ours:
        _exchange(aside, target)
        aside.unlink()
        return None
    stray = settled(aside)  # whoever still writes to it after all our patience keeps the file
    aside.unlink()
    return stray


def _bring_over(target: Path, base: bytes, stray: bytes) -> None:
    """Put the lines somebody added to `base` into the target; what cannot be is kept beside it."""

    def merged(newest: bytes) -> bytes:
        new = with_added_lines(newest, base=base, written=stray)
        if new is not None:
            return new
        kept = target.with_name(f".{target.name}.{os.urandom(4).hex()}.kept")
        kept.write_bytes(stray)
        raise EditRefused(f"{target.name} was saved twice at once. {kept.name} holds one of them.")

    change_file(target, merged, again=merged)


def _beside(target: Path, content: bytes) -> Path:
    """Write the content into a new file beside the target, as readable as the target is."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    known = target.stat()
    shutil.copymode(target, name)
    if (os.geteuid(), os.getegid()) != (known.st_uid, known.st_gid):
        _try_to_own(Path(name), known)
    return Path(name)


def _try_to_own(path: Path, known: os.stat_result) -> None:
    try:
        os.chown(path, known.st_uid, known.st_gid)
    except PermissionError:
        return  # a colleague's file in a shared folder becomes ours, as with any editor


def _exchange(aside: Path, target: Path) -> None:
    """Let two files change names in one step; what the target was is `aside` afterwards."""
    library = ctypes.CDLL(None, use_errno=True)
    failed = library.renameat2(
        _HERE, os.fsencode(aside), _HERE, os.fsencode(target), ctypes.c_uint(_EXCHANGE)
    )
    if not failed:
        return
    number = ctypes.get_errno()
    if number not in _CANNOT:
        raise OSError(number, os.strerror(number), str(target))
    # Without the exchange the old content is kept by a second name; who renames another file
    # over the target between these two lines is not noticed.
    kept = aside.with_suffix(".old")
    os.link(target, kept)
    aside.replace(target)
    kept.replace(aside)


def _keep(folder: Path) -> None:
    held = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)
