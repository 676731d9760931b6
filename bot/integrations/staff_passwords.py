"""Passwords of staff as argon2id hashes."""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

# OWASP's choice for one lane: 46 MiB, once over it. About 50 ms on an ordinary core.
MEMORY_KIB = 46 * 1024
PASSES = 1
LANES = 1
# Each hash takes its memory: a flood of sign-ins waits in line instead of taking all there is.
AT_A_TIME = 4


class Argon2Passwords:
    """Fits the port `Passwords`. May be used by several threads."""

    def __init__(self, *, memory_kib: int = MEMORY_KIB, passes: int = PASSES) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=LANES)
        self._line = threading.BoundedSemaphore(AT_A_TIME)
        # Nobody's password; looked at for people who are not there, so that they take as long.
        self._nobodys = self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        with self._line:
            return str(self._hasher.hash(password))

    def fits(self, password_hash: str | None, password: str) -> bool:
        with self._line:
            try:
                self._hasher.verify(password_hash or self._nobodys, password)
            except (VerifyMismatchError, InvalidHashError):
                return False
        return password_hash is not None

    def is_old(self, password_hash: str) -> bool:
        return bool(self._hasher.check_needs_rehash(password_hash))
