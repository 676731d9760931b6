"""Conversation tokens and identities: what was signed is read back, anything else is refused."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import IdentityRefused
from bot.integrations.tokens import IdentityTokens, SessionTokens

NOW = datetime(2026, 3, 10, 9, 30, tzinfo=timezone.utc)
KEY = "a key that is long enough to sign with"
IDENTITIES = IdentityTokens(KEY, "save-desk", "website")
SESSIONS = SessionTokens(KEY, timedelta(hours=1))


def test_an_identity_is_read_back_as_signed() -> None:
    token = IDENTITIES.sign("A-1001", jti="j1", now=NOW)

    identity = IDENTITIES.read(token, now=NOW)

    assert (identity.account, identity.jti) == ("A-1001", "j1")
    assert identity.expires_at == NOW + timedelta(minutes=10)


def test_40_a_key_that_was_changed_is_accepted_for_as_long_as_it_is_named() -> None:
    new = "another key, long enough to sign with"
    old_token = IDENTITIES.sign("A-1001", jti="j1", now=NOW)
    changing = IdentityTokens(new, "save-desk", "website", key_before=KEY)
    assert changing.read(old_token, now=NOW).account == "A-1001"
    new_token = changing.sign("A-1002", jti="j2", now=NOW)
    assert changing.read(new_token, now=NOW).account == "A-1002"
    assert not _is_accepted(IDENTITIES, new_token, NOW)
    assert not _is_accepted(IdentityTokens(new, "save-desk", "website"), old_token, NOW)
    # The old key opens no other door: everything else about a token is checked as ever.
    elsewhere = IdentityTokens(KEY, "another desk", "website").sign("A-1001", jti="j3", now=NOW)
    assert not _is_accepted(changing, elsewhere, NOW)
    third = IdentityTokens("a third key that is long enough to sign", "save-desk", "website")
    assert not _is_accepted(changing, third.sign("A-1001", jti="j4", now=NOW), NOW)


@pytest.mark.parametrize(
    ("after", "accepted"),
    [
        (timedelta(minutes=-2), False),
        (timedelta(seconds=-59), True),
        (timedelta(0), True),
        (timedelta(minutes=9, seconds=59), True),
        (timedelta(minutes=10), False),
    ],
)
def test_an_identity_is_good_from_its_signing_to_its_expiry(
    after: timedelta, accepted: bool
) -> None:
    token = IDENTITIES.sign("A-1001", jti="j1", now=NOW)

    assert _is_accepted(IDENTITIES, token, NOW + after) is accepted


@pytest.mark.parametrize(
    ("life", "accepted"), [(timedelta(hours=1), True), (timedelta(hours=1, minutes=2), False)]
)
def test_an_identity_lives_for_an_hour_at_most(life: timedelta, accepted: bool) -> None:
    token = IDENTITIES.sign("A-1001", jti="j1", now=NOW, life=life)

    assert _is_accepted(IDENTITIES, token, NOW) is accepted


@pytest.mark.parametrize("account", ["A-1001", None])
def test_a_session_is_read_back_as_issued(account: str | None) -> None:
    session = SESSIONS.read(SESSIONS.issue("c1", account, now=NOW), now=NOW)

    assert (session.conversation, session.account) == ("c1", account)
    assert session.expires_at == NOW + timedelta(hours=1)


def test_a_session_ends_at_its_expiry() -> None:
    token = SESSIONS.issue("c1", None, now=NOW)

    assert _is_accepted(SESSIONS, token, NOW + timedelta(minutes=59, seconds=59))
    assert not _is_accepted(SESSIONS, token, NOW + timedelta(hours=1))


def test_an_identity_is_no_session_and_a_session_no_identity_under_one_key() -> None:
    assert not _is_accepted(SESSIONS, IDENTITIES.sign("A-1001", jti="j", now=NOW), NOW)
    assert not _is_accepted(IDENTITIES, SESSIONS.issue("c1", "A-1001", now=NOW), NOW)


@given(position=st.integers(0, 200), replacement=st.characters())
def test_a_token_changed_in_any_place_opens_nothing(position: int, replacement: str) -> None:
    token = SESSIONS.issue("c1", "A-1001", now=NOW)
    position %= len(token)
    changed = token[:position] + replacement + token[position + 1 :]

    assert changed == token or not _is_accepted(SESSIONS, changed, NOW)


@given(st.text())
def test_text_that_was_never_issued_opens_nothing(text: str) -> None:
    assert not _is_accepted(SESSIONS, text, NOW)
    assert not _is_accepted(IDENTITIES, text, NOW)


def _is_accepted(tokens: SessionTokens | IdentityTokens, token: str, now: datetime) -> bool:
    try:
        tokens.read(token, now=now)
    except IdentityRefused:
        return False
    return True
