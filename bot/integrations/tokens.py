"""Proofs of who somebody is: the identity a website signs, and the token the gateway hands out."""

from __future__ import annotations

import base64
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

import jwt

from bot.errors import IdentityRefused
from bot.use_cases.take_identity import Identity

ALGORITHM = "HS256"
# Anything else in the header (`kid`, `jku`, `jwk`, `x5u`, `crit` …) asks us to find a key or rule
# elsewhere. There is one key, so such a token is refused instead of being half understood.
HEADERS = frozenset({"alg", "typ"})
CLAIMS = ("sub", "aud", "iss", "exp", "iat", "jti")
LONGEST_LIFE = timedelta(hours=1)
# How far the website's clock may be ahead of ours.
SKEW = timedelta(seconds=60)
LONGEST_JTI = 100
LONGEST_TOKEN = 4096


@dataclass(frozen=True)
class IdentityTokens:
    """Signs (for development) and checks the short-lived JWT of a website.

    `key_before` is accepted as well, if there is one: no website changes its key in one instant.
    """

    key: str
    audience: str
    issuer: str
    key_before: str = ""

    def sign(
        self, account: str, *, jti: str, now: datetime, life: timedelta = timedelta(minutes=10)
    ) -> str:
        """Return the JWT a website would sign for `account`; `jti` must be new each time."""
        claims = {
            "sub": account,
            "aud": self.audience,
            "iss": self.issuer,
            "iat": int(now.timestamp()),
            "exp": int((now + life).timestamp()),
            "jti": jti,
        }
        return jwt.encode(claims, self.key, algorithm=ALGORITHM)

    def read(self, token: str, *, now: datetime) -> Identity:
        """Return whom `token` speaks for.

        Whether its `jti` was taken before is not known here; the caller records it.

        Raises:
            IdentityRefused: not signed with our key by HS256, not for us, not by the website,
                expired, valid for more than an hour, or a claim is missing.
        """
        claims = self._claims(token)
        issued_at, expires_at = _instant(claims["iat"]), _instant(claims["exp"])
        if issued_at > now + SKEW:
            raise IdentityRefused("The identity was signed in the future. Check the clocks.")
        if expires_at <= now:
            raise IdentityRefused("The identity has expired. Ask the website for a new one.")
        if expires_at - now > LONGEST_LIFE + SKEW:
            raise IdentityRefused("The identity lives too long. Sign it for an hour at most.")
        account, jti = claims["sub"], claims["jti"]
        if not (isinstance(account, str) and account and isinstance(jti, str) and jti):
            raise IdentityRefused("The identity has no account or no jti. Sign it with both.")
        if len(account) > LONGEST_JTI or len(jti) > LONGEST_JTI:
            raise IdentityRefused("The identity's account or jti is too long.")
        return Identity(account, jti, expires_at)

    def _claims(self, token: str) -> dict[str, Any]:
        if len(token) > LONGEST_TOKEN:
            raise IdentityRefused("The identity is too long to be one.")
        try:
            if set(jwt.get_unverified_header(token)) - HEADERS:
                raise IdentityRefused("The identity's header may hold `alg` and `typ` only.")
            try:
                return self._signed_with(self.key, token)
            except jwt.InvalidSignatureError:
                if not self.key_before:
                    raise
                return self._signed_with(self.key_before, token)
        except jwt.InvalidTokenError:
            # Which check failed would only help somebody who is guessing.
            raise IdentityRefused("The identity is not accepted. Sign in again.") from None

    def _signed_with(self, key: str, token: str) -> dict[str, Any]:
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=self.audience,
            issuer=self.issuer,
            # Times are compared by the caller's clock, not by the machine's.
            options={"require": list(CLAIMS), "verify_exp": False, "verify_iat": False},
        )
        return claims


@dataclass(frozen=True)
class Session:
    """What a conversation token opens: this one conversation, as this account or as a visitor."""

    conversation: str
    account: str | None
    expires_at: datetime


@dataclass(frozen=True)
class SessionTokens:
    """Signs and checks the token with which a browser holds on to its conversation.

    The form is `<payload>.<signature>`, both base64url; the signature is an HMAC-SHA-256 under a
    key of its own, so that an identity can never pass as a session, nor the reverse.
    """

    key: str
    life: timedelta

    def issue(self, conversation: str, account: str | None, *, now: datetime) -> str:
        expires = int((now + self.life).timestamp())
        payload = _encode(json.dumps([conversation, account, expires]).encode())
        return f"{payload}.{self._signature(payload)}"

    def read(self, token: str, *, now: datetime) -> Session:
        """Return what `token` opens.

        Raises:
            IdentityRefused: it was not issued under our key, or it has expired.
        """
        payload, _, signature = token.partition(".")
        expected = self._signature(payload)
        if len(token) > LONGEST_TOKEN or not hmac.compare_digest(
            signature.encode(errors="replace"), expected.encode()
        ):
            raise IdentityRefused("The token is not accepted. Open the conversation again.")
        conversation, account, expires = json.loads(_decode(payload))
        expires_at = datetime.fromtimestamp(expires, timezone.utc)
        if expires_at <= now:
            raise IdentityRefused("The token has expired. Open the conversation again.")
        return Session(conversation, account, expires_at)

    def _signature(self, payload: str) -> str:
        signed = hmac.new(self.key.encode(), b"session." + payload.encode(errors="replace"), sha256)
        return _encode(signed.digest())


def _instant(value: object) -> datetime:
    """Read a NumericDate; JSON's true and 1e400 are numbers too, and no instants."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise IdentityRefused("The identity's times must be numbers of seconds.")
    try:
        return datetime.fromtimestamp(value, timezone.utc)
    except (OverflowError, ValueError, OSError):
        raise IdentityRefused("The identity's times are out of range.") from None


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
