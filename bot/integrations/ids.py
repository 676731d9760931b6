"""Names and codes that nobody can guess, from the operating system's random source."""

from __future__ import annotations

import secrets

# Without 0 and O, 1 and I: a ticket number is read out on the telephone.
_READABLE = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class RandomIds:
    def conversation(self) -> str:
        """128 bits, letters and digits only, so that it needs no quoting anywhere."""
        return "c" + secrets.token_hex(16)

    def owner(self) -> str:
        return secrets.token_hex(8)

    def ticket(self) -> str:
        return "T-" + "".join(secrets.choice(_READABLE) for _ in range(8))

    def code(self, digits: int) -> str:
        return f"{secrets.randbelow(10**digits):0{digits}d}"

    def salt(self) -> bytes:
        return secrets.token_bytes(16)
