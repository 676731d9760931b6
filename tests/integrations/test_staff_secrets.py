"""Codes by time, sealed secrets, slow hashes and what a browser is known by."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.errors import SetupError
from bot.integrations.second_factor import TotpSecondFactor
from bot.integrations.staff_passwords import Argon2Passwords
from bot.integrations.staff_secrets import BROWSER_KNOWN_FOR, RandomStaffSecrets

KEY = "a key of thirty-two characters!!"
NOW = datetime(2026, 3, 10, 9, 0, tzinfo=timezone.utc)
# RFC 6238, appendix B: the secret of its SHA-1 examples, and the last six digits of their codes.
RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
RFC_CODES = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]


@pytest.mark.parametrize(("seconds", "code"), RFC_CODES)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, timezone.utc)
    assert TotpSecondFactor(KEY).step_of(RFC_SECRET, code, now=at) == seconds // 30


def test_a_code_tells_which_half_minute_it_belongs_to() -> None:
    factor = TotpSecondFactor(KEY)
    at = datetime.fromtimestamp(1111111109, timezone.utc)
    for seconds, expected in ((0, 37037036), (30, 37037036), (-30, 37037036), (60, None)):
        moved = at + timedelta(seconds=seconds)
        assert factor.step_of(RFC_SECRET, "081804", now=moved) == expected


def test_a_sealed_secret_opens_for_its_person_under_its_key_alone() -> None:
    factor = TotpSecondFactor(KEY)
    secret = factor.new_secret()
    sealed = factor.seal(secret, person="p1")

    assert factor.open(sealed, person="p1") == secret
    assert secret.encode() not in sealed
    assert factor.seal(secret, person="p1") != sealed
    for other, person, what in (
        (factor, "p2", sealed),
        (TotpSecondFactor("another key"), "p1", sealed),
        (factor, "p1", sealed[:-1] + bytes([sealed[-1] ^ 1])),
    ):
        with pytest.raises(SetupError, match="DESK_STAFF_KEY"):
            other.open(what, person=person)


def test_new_secrets_have_a_hundred_and_sixty_bits_and_an_address_apps_read() -> None:
    factor = TotpSecondFactor(KEY)
    secret = factor.new_secret()
    assert len(base64.b32decode(secret)) >= 20
    address = urlsplit(factor.address(secret, email="kim@larder.example", company="Larder"))
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert parse_qs(address.query) == {"secret": [secret], "issuer": ["Larder"]}


def test_passwords_are_hashed_by_argon2id_with_salt() -> None:
    passwords = Argon2Passwords()
    one, other = passwords.hash("seven red bicycles"), passwords.hash("seven red bicycles")
    assert one.startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    assert one != other
    assert passwords.fits(one, "seven red bicycles")
    assert not passwords.fits(one, "seven red bicycle")
    assert not passwords.fits(None, "nobody has this password"), "nobody can be nobody"
    assert not passwords.fits("broken", "x")


def test_hashes_made_more_weakly_are_seen() -> None:
    weak = Argon2Passwords(memory_kib=64).hash("seven red bicycles")
    assert Argon2Passwords().is_old(weak)
    assert not Argon2Passwords().is_old(Argon2Passwords().hash("seven red bicycles"))


def test_secrets_are_long_and_new_each_time() -> None:
    secrets = RandomStaffSecrets(KEY)
    made = {secrets.secret() for _ in range(100)}
    assert len(made) == 100
    assert all(len(base64.urlsafe_b64decode(secret + "=")) == 32 for secret in made)
    codes = secrets.recovery_codes()
    assert len(set(codes)) == 10
    assert all(len(code) == 10 and code.isalnum() for code in codes)


def test_a_digest_depends_on_the_key() -> None:
    assert RandomStaffSecrets(KEY).digest("s") == RandomStaffSecrets(KEY).digest("s")
    assert RandomStaffSecrets(KEY).digest("s") != RandomStaffSecrets("other").digest("s")


def test_a_browser_is_known_for_its_person_and_for_half_a_year() -> None:
    secrets = RandomStaffSecrets(KEY)
    proof = secrets.known_browser("p1", now=NOW)
    claim, _, signature = proof.rpartition(".")
    longer = f"{claim.partition('.')[0]}.9999999999.{signature}"

    assert secrets.is_known(proof, "p1", now=NOW)
    assert not secrets.is_known(proof, "p1", now=NOW + BROWSER_KNOWN_FOR)
    for wrong in ("", "x", "..", longer, proof[:-1], "é" * 20, "x" * 1000):
        assert not secrets.is_known(wrong, "p1", now=NOW)
    assert not secrets.is_known(proof, "p2", now=NOW)
    assert not RandomStaffSecrets("other").is_known(proof, "p1", now=NOW)
