"""Look into the retention policies: check them, explain a decision, show the rules of a day."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from bot import bootstrap, settings
from bot.cli import policy_simulation as simulation
from bot.cli.policy_words import explained_lines, profile_lines
from bot.errors import InvalidInput
from bot.integrations.clock import SystemClock
from bot.integrations.policy_files import load_profiles
from bot.integrations.policy_schema import policy_schema
from bot.integrations.policy_tables import without_tables
from bot.retention.authority import ASSISTANT, LEVELS
from bot.retention.cancellation import CancellationReason
from bot.retention.choosing import Choosing
from bot.retention.policy_checks import RuleBook, check_policies
from bot.use_cases.explain_decision import explain_decision

TABLES = settings.ROOT / "tests" / "policy_cases" / "tables"
CHOOSING = [choosing.value for choosing in Choosing]
REASONS = [reason.value for reason in CancellationReason]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    check = commands.add_parser("check", help="say which policies are wrong, and what to do")
    check.add_argument("--folder", type=Path, help="a folder like data/retention to check instead")
    explain = commands.add_parser("explain", help="what an account would be offered now, and why")
    explain.add_argument("--account", required=True, help="an account number, such as A-1001")
    explain.add_argument("--reason", choices=REASONS, metavar="REASON", help=", ".join(REASONS))
    explain.add_argument("--about", help="one subscription or order; without it, all of them")
    explain.add_argument("--more", action="store_true", help="as if they asked what else there is")
    explain.add_argument(
        "--choose", choices=CHOOSING, help="as if company.yml said this about choosing"
    )
    explain.add_argument(
        "--level", choices=LEVELS, default=ASSISTANT, help="by whose authority, such as senior"
    )
    explain.add_argument("--full", action="store_true", help="also the conditions that hold")
    explain.add_argument("--json", action="store_true", help="the whole decision as JSON")
    profile = commands.add_parser("profile", help="the jurisdiction profiles in force on a day")
    profile.add_argument("--date", type=_day, help="a day such as 2027-04-01; without it, today")
    profile.add_argument("--jurisdiction", help="one jurisdiction, such as US-MN or DE")
    profile.add_argument("--json", action="store_true", help="the profiles as JSON")
    simulation.add_arguments(
        commands.add_parser("simulate", help="who would be offered what under other policies")
    )
    commands.add_parser("schema", help="the JSON schema by which editors check a policy file")


def run(arguments: argparse.Namespace) -> int:
    return {
        "check": _check,
        "explain": _explain,
        "profile": _profile,
        "schema": _schema,
        "simulate": simulation.run,
    }[arguments.what](arguments)


def _check(arguments: argparse.Namespace) -> int:
    using = settings.load()
    bootstrap.prepare(using)  # plans are the billing system's
    folder = arguments.folder or using.policy_folder
    at = bootstrap.rules(using, policy_folder=folder)
    today = SystemClock().now().date()
    book = RuleBook(at.policies, at.profiles, at.terms, at.billing.catalogue(), today)
    findings = [f"{f.policy}.yml: {f.kind}: {f.message}" for f in check_policies(book)]
    if TABLES.is_dir() and folder == using.policy_folder:
        findings += without_tables(at.policies, TABLES)
    _print(findings)
    print(f"{len(at.policies)} policies checked, {len(findings)} to mend.", file=sys.stderr)
    return 1 if findings else 0


def _explain(arguments: argparse.Namespace) -> int:
    using = settings.load()
    bootstrap.prepare(using)
    explained = explain_decision(
        arguments.account,
        CancellationReason(arguments.reason) if arguments.reason else None,
        rules=_choosing(bootstrap.rules(using), arguments.choose),
        now=SystemClock().now(),
        about=arguments.about,
        asked_for_more=arguments.more,
        earlier=bootstrap.earlier_attempts(using, arguments.account),
        spent=bootstrap.spent(using),
        level=arguments.level,
    )
    if arguments.json:
        print(json.dumps(explained, indent=2))
    else:
        for decision in explained:
            _print(explained_lines(decision, in_full=arguments.full))
    return 0


def _choosing(rules: bootstrap.RulesInForce, choose: str | None) -> bootstrap.RulesInForce:
    if choose is None:
        return rules
    if Choosing(choose) is Choosing.VALUE and rules.terms.worth is None:
        raise InvalidInput("company.yml says no `worth` to choose by. Add it.")
    return replace(rules, terms=replace(rules.terms, choose=Choosing(choose)))


def _profile(arguments: argparse.Namespace) -> int:
    day = arguments.date or SystemClock().now().date()
    profiles = load_profiles(settings.load().policy_folder / "profiles")
    shown = (
        (profiles.of(arguments.jurisdiction, day),)
        if arguments.jurisdiction
        else profiles.in_force(day)
    )
    if arguments.json:
        print(json.dumps([_document(profile) for profile in shown], indent=2))
    else:
        _print(profile_lines(shown, day))
    return 0


def _schema(arguments: argparse.Namespace) -> int:
    print(json.dumps(policy_schema(settings.load().policy_folder / "company.yml"), indent=2))
    return 0


def _document(profile: Any) -> dict[str, Any]:
    return {
        "profile": profile.key,
        "title": profile.title,
        "offers_before_completion": profile.offers_before_completion,
        "withdrawal_days": profile.withdrawal_days,
        "in_force_from": profile.in_force_from.isoformat(),
        "citation": profile.citation,
    }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"{text} is no day. Write it as 2027-04-01.") from None


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)
