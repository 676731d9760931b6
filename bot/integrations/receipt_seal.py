"""Seals receipts, so that whoever keeps the file can show later that nobody changed it."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.errors import ReceiptRefused

ALGORITHM = "Ed25519"  # RFC 8032
# What the seal stands for, so that a signature made for another purpose is none here.
_PURPOSE = b"save-desk receipt 1\n"


class ReceiptSeal:
    """Signs receipts with a key made from the desk's secret; fits the port `Seal`."""

    def __init__(self, secret: str) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(sha256(secret.encode()).digest())

    @property
    def public_key(self) -> str:
        """The key to check by, 32 bytes in Base64; anybody may have it."""
        raw = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return base64.b64encode(raw).decode()

    def sealed(self, receipt: Mapping[str, Any]) -> dict[str, Any]:
        """Return `{"receipt", "seal": {"algorithm", "key", "signature"}}`, the file to keep."""
        signature = base64.b64encode(self._key.sign(_written(receipt))).decode()
        seal = {"algorithm": ALGORITHM, "key": self.public_key, "signature": signature}
        return {"receipt": dict(receipt), "seal": seal}


def check_seal(text: str, *, key: str) -> dict[str, Any]:
    """Return the receipt of a sealed file when it is as it was sealed with `key` (Base64).

    Raises:
        ReceiptRefused: it is no receipt file, was sealed with another key, or was changed.
    """
    receipt, seal = _parts(text)
    if seal.get("algorithm") != ALGORITHM or seal.get("key") != key:
        raise ReceiptRefused("It was sealed with another key. Check by the key of its sender.")
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
        public.verify(
            base64.b64decode(str(seal.get("signature")), validate=True), _written(receipt)
        )
    except (InvalidSignature, ValueError, binascii.Error):
        raise ReceiptRefused("It was changed after it was sealed. Do not rely on it.") from None
    return receipt


def _parts(text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        document = json.loads(text)
        receipt, seal = document["receipt"], document["seal"]
    except (ValueError, KeyError, TypeError):
        receipt = seal = None
    if not isinstance(receipt, dict) or not isinstance(seal, dict):
        raise ReceiptRefused("It is no receipt file. Save it again from the receipt's page.")
    return receipt, seal


def _written(receipt: Mapping[str, Any]) -> bytes:
    return _PURPOSE + json.dumps(receipt, sort_keys=True, separators=(",", ":")).encode()
