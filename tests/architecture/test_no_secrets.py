"""No secret stands in the repository: security case 40."""

from __future__ import annotations

import re

from tests.architecture.sources import files, name

TEXTS = (".py", ".md", ".yml", ".yaml", ".json", ".toml", ".cfg", ".ini", ".txt", ".ts", ".html")
# Written in two halves, so that this file does not find itself.
SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE" + r" KEY-----"
    r"|\b[sr]k_live" + r"_[A-Za-z0-9]{16,}"
    r"|\bAKIA" + r"[A-Z0-9]{16}\b"
    r"|\bgh[opsu]" + r"_[A-Za-z0-9]{36}\b"
    r"|\bxox[abprs]" + r"-[A-Za-z0-9-]{20,}"
)
KEPT_OUTSIDE = ("identity_key", "token_key", "receipt_key", "staff_key", "shared_secret")


def test_40_no_file_of_the_repository_holds_a_key() -> None:
    read = files(".", *TEXTS)
    assert len(read) > 400
    found = [
        f"{name(path)}: {match.group()[:12]}…"
        for path in read
        for match in SECRETS.finditer(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


def test_40_a_key_would_be_found() -> None:
    assert SECRETS.search("AKIA" + "A1B2C3D4E5F6G7H8")
    assert SECRETS.search("-----BEGIN RSA PRIVATE" + " KEY-----")


def test_40_the_files_secrets_are_made_in_are_never_committed() -> None:
    committed = {path.name for path in files(".", "")}
    assert committed.isdisjoint(KEPT_OUTSIDE)
