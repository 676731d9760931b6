"""One word, one thing: the glossary's closed lists are the code's, commands are what is listed."""

from __future__ import annotations

import importlib
import re
from datetime import date
from enum import Enum

import pytest

from bot.__main__ import COMMANDS
from bot.conversations.case import CaseOutcome, Skill
from bot.conversations.escalation import EscalationReason
from bot.conversations.holder import Holder
from bot.people.role import Level, Role
from bot.retention.account import ConcessionKind, OrderStatus, SubscriptionStatus
from bot.retention.cancellation import CancellationReason
from bot.retention.dialogue import Awaiting
from bot.retention.save_attempt import Outcome
from bot.settings import ROOT
from bot.storage.demo_company import demo_accounts
from tests.architecture.sources import files, name

CLOSED_LISTS: dict[str, type[Enum]] = {
    "Subscription": SubscriptionStatus,
    "Order": OrderStatus,
    "Cancellation reason": CancellationReason,
    "Concession": ConcessionKind,
    "Outcome": Outcome,
    "Awaiting": Awaiting,
    "Holder": Holder,
    "Escalation": EscalationReason,
    "Role": Role,
    "Level": Level,
    "Case outcome": CaseOutcome,
    "Skill": Skill,
}
GLOSSARY = (ROOT / "bot" / "docs" / "glossary.md").read_text()
# Written in pieces, so that this file does not name what it looks for.
HOSTS = ["py" + "pi.org", "python" + "hosted.org", "registry.npm" + "js", "deb." + "debian"]


@pytest.mark.parametrize("term", CLOSED_LISTS)
def test_the_glossary_and_the_code_list_the_same_words(term):
    meaning = re.search(rf"^\| \*\*{term}\*\* \| (.+) \|$", GLOSSARY, re.MULTILINE)
    assert meaning, f"the glossary has no entry {term}"
    listed = re.search(r"[Oo]ne of ((?:`\w+`(?:, )?)+)", meaning[1])
    assert listed, f"the entry {term} has no closed list"
    said = re.findall(r"`(\w+)`", listed[1])
    assert sorted(said) == sorted(member.value for member in CLOSED_LISTS[term])


def test_what_brings_a_person_is_told_for_every_escalation():
    table = (ROOT / "bot" / "docs" / "escalation.md").read_text()
    told = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    assert set(told) == {reason.value for reason in EscalationReason}


def test_every_demo_account_is_told_with_what_should_happen():
    table = (ROOT / "bot" / "docs" / "demo-accounts.md").read_text()
    told = re.findall(r"^\| `(A-\d+)` \|", table, re.MULTILINE)
    assert told == [books.account.number for books in demo_accounts(date(2026, 3, 10))]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_listed_exists(command):
    module = importlib.import_module(f"bot.cli.{command.replace('-', '_')}")
    assert callable(module.add_arguments)
    assert callable(module.run)


def test_no_file_names_a_package_registry():
    named = [
        name(path)
        for path in files(
            "", ".py", ".md", ".yml", ".yaml", ".toml", ".txt", ".json", ".ts", ".mjs"
        )
        if any(host in path.read_text(errors="replace") for host in HOSTS)
    ]
    assert named == []
