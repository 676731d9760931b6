"""The second factor of staff: codes by time (RFC 6238), their secrets sealed at rest."""

from __future__ import annotations

import hmac
import os
from datetime import datetime

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import SetupError

STEP_SECONDS = 30
DIGITS = 6
# A phone's clock may be one step off, and typing takes a while.
STEPS_AROUND = (0, -1, 1)
NONCE_BYTES = 12
KEY_BYTES = 32


class TotpSecondFactor:
    """Fits the port `SecondFactor`.

    `key` is the setting's; the key that seals is derived from it, for this purpose alone.
    """

    def __init__(self, key: str) -> None:
        derived = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"second factor")
        self._seal = AESGCM(derived.derive(key.encode()))

    def new_secret(self) -> str:
        return str(pyotp.random_base32())

    def step_of(self, secret: str, code: str, *, now: datetime) -> int | None:
        if not (len(code) == DIGITS and code.isascii() and code.isdigit()):
            return None
        totp, at = pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS), int(now.timestamp())
        found = None
        for steps in STEPS_AROUND:
            # All are compared, whichever fits, so that the time taken tells nothing.
            step = at // STEP_SECONDS + steps
            if hmac.compare_digest(totp.generate_otp(step), code) and found is None:
                found = step
        return found

    def seal(self, secret: str, *, person: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._seal.encrypt(nonce, secret.encode(), person.encode())

    def open(self, sealed: bytes, *, person: str) -> str:
        nonce, closed = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            return self._seal.decrypt(nonce, closed, person.encode()).decode()
        except (InvalidTag, ValueError):
            raise SetupError(
                "A second factor was sealed under another DESK_STAFF_KEY. Set that key again, or "
                "invite the person anew."
            ) from None

    def address(self, secret: str, *, email: str, company: str) -> str:
        totp = pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS)
        return str(totp.provisioning_uri(name=email, issuer_name=company))
