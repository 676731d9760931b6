"""Check the training data and the retention policies; names file and line of what to mend."""

from __future__ import annotations

import argparse
import sys

from bot import settings
from bot.integrations.policy_files import load_policies, load_profiles, load_terms
from bot.integrations.training_files import read_held_out, read_training_files
from bot.use_cases.check_training_data import check_training_data

EXAMPLES = settings.ROOT / "data" / "nlu"
HELD_OUT = settings.ROOT / "tests" / "understanding" / "held_out.jsonl"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["check"], help="check: say what would confuse the desk")


def run(arguments: argparse.Namespace) -> int:
    using = settings.load()
    examples = read_training_files(EXAMPLES)
    findings = check_training_data(examples, held_out=_held_out())
    for finding in findings:
        print(finding)
    policies = load_policies(using.policy_folder / "policies")
    load_profiles(using.policy_folder / "profiles")
    load_terms(using.policy_folder / "company.yml")
    print(
        f"{len(examples)} examples and {len(policies)} retention policies checked, "
        f"{len(findings)} to mend.",
        file=sys.stderr,
    )
    return 1 if findings else 0


def _held_out() -> dict[str, str]:
    """Return the texts that must stay unseen; an installation without tests has none."""
    if not HELD_OUT.exists():
        return {}
    place = HELD_OUT.relative_to(settings.ROOT)
    return {text: f"{place}:{line}" for line, text in read_held_out(HELD_OUT)}
