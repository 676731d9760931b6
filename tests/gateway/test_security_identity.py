"""Signed identities: what an attacker tries with the website's JWT.

Each test is numbered by its security case.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

import jwt
import pytest
from starlette.testclient import TestClient

from tests.gateway.stack import (
    IDENTITY_KEY,
    Stack,
    code_of,
    in_process,
)


def now() -> datetime:
    """The moment of the call: the tests of a long run start well after this file was read."""
    return datetime.now(timezone.utc)


# --- 21: identities ------------------------------------------------------------------------------


def claims(**changed: Any) -> dict[str, Any]:
    good = {
        "sub": "A-1001",
        "aud": "save-desk",
        "iss": "website",
        "iat": int(now().timestamp()),
        "exp": int((now() + timedelta(minutes=10)).timestamp()),
        "jti": uuid4().hex,
    }
    return {key: value for key, value in (good | changed).items() if value is not None}


def signed(key: str = IDENTITY_KEY, headers: dict[str, Any] | None = None, **changed: Any) -> str:
    return jwt.encode(claims(**changed), key, algorithm="HS256", headers=headers)


def unsigned() -> str:
    return jwt.encode(claims(), "", algorithm="none")


def signed_with(algorithm: str) -> str:
    return jwt.encode(claims(), IDENTITY_KEY * 2, algorithm=algorithm)


BAD_IDENTITIES = {
    "no signature": unsigned,
    "another algorithm": lambda: signed_with("HS512"),
    "another tenant's key": lambda: signed("a key of somebody else, long enough"),
    "wrong audience": lambda: signed(aud="other-desk"),
    "no audience": lambda: signed(aud=None),
    "wrong issuer": lambda: signed(iss="somebody"),
    "no issuer": lambda: signed(iss=None),
    "expired": lambda: signed(exp=int((now() - timedelta(seconds=1)).timestamp())),
    "no expiry": lambda: signed(exp=None),
    "valid for a day": lambda: signed(exp=int((now() + timedelta(days=1)).timestamp())),
    "expiry is text": lambda: signed(exp="never"),
    "expiry beyond time": lambda: signed(exp=10**30),
    "signed in the future": lambda: signed(iat=int((now() + timedelta(hours=2)).timestamp())),
    "not yet valid": lambda: signed(nbf=int((now() + timedelta(hours=2)).timestamp())),
    "no jti": lambda: signed(jti=None),
    "empty jti": lambda: signed(jti=""),
    "jti of a megabyte": lambda: signed(jti="x" * 1000),
    "no subject": lambda: signed(sub=None),
    "subject is a list": lambda: signed(sub=["A-1001"]),
    "key id with a path": lambda: signed(headers={"kid": "../../dev/null"}),
    "key brought along": lambda: signed(headers={"jwk": {"kty": "oct", "k": "AA"}}),
    "key from elsewhere": lambda: signed(headers={"jku": "https://evil.example/keys"}),
    "tampered": lambda: signed()[:-4] + "AAAA",
    "not a token": lambda: "A-1001",
    "nothing": lambda: "",
}


@pytest.mark.parametrize("kind", BAD_IDENTITIES)
@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_21_an_identity_that_proves_nothing_is_refused(web: TestClient, kind: str) -> None:
    answer = web.post("/api/conversations", json={"identity": BAD_IDENTITIES[kind]()})

    assert (answer.status_code, code_of(answer)) == (401, "identity_refused")


def test_21_the_good_identity_of_these_tests_is_taken(web: TestClient) -> None:
    """The premise of the test above: nothing but the named fault makes an identity bad."""
    answer = web.post("/api/conversations", json={"identity": signed()})

    assert answer.status_code == 201
    assert answer.json()["account"] == "A-1001"


def test_21_an_identity_is_taken_once_also_after_a_restart(stack: Stack) -> None:
    identity = stack.identity("A-1001")
    with in_process(stack) as web:
        first = web.post("/api/conversations", json={"identity": identity})
        again = web.post("/api/conversations", json={"identity": identity})
    stack.build()
    with in_process(stack) as web:
        later = web.post("/api/conversations", json={"identity": identity})

    assert [a.status_code for a in (first, again, later)] == [201, 401, 401]
