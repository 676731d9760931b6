"""Check training data, wording and retention policies; names file and line of what to mend."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

from bot import settings
from bot.integrations.desk_hours_file import load_desk_hours
from bot.integrations.kept_examples import kept_examples
from bot.integrations.policy_files import load_policies, load_profiles, load_terms
from bot.integrations.training_files import (
    held_out_texts,
    read_confirmed,
    read_training_files,
)
from bot.retention.pressure import pressing
from bot.supervisor.gate_checks import DOUBTED, NOTED
from bot.use_cases.check_training_data import check_training_data, weighed

EXAMPLES = settings.ROOT / "data" / "nlu"
CONFIRMED = settings.ROOT / "data" / "confirmed_labels.txt"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["check"], help="check: say what would confuse the desk")
    parser.add_argument(
        "--live",
        type=Path,
        metavar="MODEL",
        help="check a change of what this model learned: doubted labels are told, not mended",
    )


def run(arguments: argparse.Namespace) -> int:
    using = settings.load()
    examples = read_training_files(EXAMPLES)
    findings = check_training_data(
        examples, held_out=held_out_texts(settings.ROOT), confirmed=confirmed_labels()
    )
    if arguments.live:
        weights = weighed(findings, examples, set(kept_examples(arguments.live)))
        findings = weights.wrong
        for sign, told in ((DOUBTED, weights.doubted), (NOTED, weights.noted)):
            for doubt in told:
                print(f"{sign}: {doubt}")
    pressed = list(pressing_responses(settings.DOMAIN_FILE))
    for finding in (*findings, *pressed):
        print(finding)
    policies = load_policies(using.policy_folder / "policies")
    load_profiles(using.policy_folder / "profiles")
    load_terms(using.policy_folder / "company.yml")
    load_desk_hours(using.policy_folder)
    print(
        f"{len(examples)} examples and {len(policies)} retention policies checked, "
        f"{len(findings) + len(pressed)} to mend.",
        file=sys.stderr,
    )
    return 1 if findings or pressed else 0


def pressing_responses(domain: Path) -> Iterator[str]:
    """Yield a line for every response that presses: no customer may ever read it (R12)."""
    text = domain.read_text(encoding="utf-8")
    lines = text.splitlines()
    for name, variations in yaml.safe_load(text)["responses"].items():
        for said in (variation["text"] for variation in variations):
            for found in pressing(said):
                line = lines.index(f"  {name}:") + 1
                yield f'{domain.name}:{line}: {found.kind}: {name} presses: "{found.words}".'


def confirmed_labels() -> dict[tuple[str, str], str]:
    """Return the labels that somebody looked at and stands by, with where they are written."""
    read = read_confirmed(CONFIRMED) if CONFIRMED.exists() else []
    return {(intent, text): f"{CONFIRMED.name}:{line}" for line, intent, text in read}
