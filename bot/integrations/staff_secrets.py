"""Names and secrets for staff from the operating system's random source."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta, timezone
from hashlib import sha256

SECRET_BYTES = 32
RECOVERY_CODES = 10
RECOVERY_LENGTH = 10
BROWSER_KNOWN_FOR = timedelta(days=180)
LONGEST_PROOF = 200
# Without 0 and O, 1 and I: codes are copied from paper.
_READABLE = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class RandomStaffSecrets:
    """Fits the port `StaffSecrets`; `key` signs what a browser is known by."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def person(self) -> str:
        return "p" + secrets.token_hex(16)

    def secret(self) -> str:
        return secrets.token_urlsafe(SECRET_BYTES)

    def recovery_codes(self) -> tuple[str, ...]:
        """Return ten codes of fifty random bits, without the dash they are shown with."""
        return tuple(
            "".join(secrets.choice(_READABLE) for _ in range(RECOVERY_LENGTH))
            for _ in range(RECOVERY_CODES)
        )

    def digest(self, secret: str) -> str:
        # Keyed, so that a stolen table of fifty-bit codes cannot be searched through.
        return hmac.new(self._key, b"digest " + secret.encode(errors="replace"), sha256).hexdigest()

    def known_browser(self, person: str, *, now: datetime) -> str:
        until = int((now + BROWSER_KNOWN_FOR).timestamp())
        claim = f"{secrets.token_hex(8)}.{until}"
        return f"{claim}.{self._signature(claim, person)}"

    def is_known(self, proof: str, person: str, *, now: datetime) -> bool:
        claim, _, signature = proof.rpartition(".")
        if len(proof) > LONGEST_PROOF or not hmac.compare_digest(
            signature.encode(errors="replace"), self._signature(claim, person).encode()
        ):
            return False
        until = datetime.fromtimestamp(int(claim.rpartition(".")[2]), timezone.utc)
        return now < until

    def _signature(self, claim: str, person: str) -> str:
        signed = f"browser {person} {claim}".encode(errors="replace")
        return hmac.new(self._key, signed, sha256).hexdigest()
