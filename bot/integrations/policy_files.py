"""Reads the retention policies; the profiles and the company's figures are read beside it."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from pathlib import Path

from bot.integrations.company_file import load_plans, load_terms
from bot.integrations.condition_parts import read_conditions
from bot.integrations.profile_files import load_profiles
from bot.integrations.yaml_files import Part, files_in, read_yaml
from bot.retention.account import ConcessionKind
from bot.retention.cancellation import CancellationReason
from bot.retention.facts import REMEDY
from bot.retention.policy import ANY_REASON, OfferTerms, RetentionPolicy

__all__ = ["load_policies", "load_profiles", "load_terms"]

KEYS = ("policy", "revision", "describes", "reasons", "when", "offer", "rank")
# What a policy may leave out.
OPTIONAL = ("from", "until", "monthly_budget_minor")
_REASONS = tuple(reason.value for reason in CancellationReason)
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")

# What each kind of offer must state, with the largest number allowed.
OFFERS: dict[ConcessionKind, dict[str, int]] = {
    ConcessionKind.PAUSE: {"months": 12},
    ConcessionKind.SKIP: {},
    ConcessionKind.CHANGE_FREQUENCY: {"every_weeks": 8},
    ConcessionKind.DOWNGRADE: {},
    ConcessionKind.EXCHANGE: {},
    ConcessionKind.STORE_CREDIT: {"percent": 100},
    ConcessionKind.CREDIT: {"amount_minor": 1_000_000},
    ConcessionKind.DISCOUNT: {"percent": 100, "cycles": 12},
    ConcessionKind.EXTEND_TRIAL: {"days": 60},
    ConcessionKind.WAIVE_FEE: {"amount_minor": 1_000_000},
    ConcessionKind.REFUND: {"percent": 100},
    ConcessionKind.EXPERT_SESSION: {"minutes": 120},
}
NEXT_SMALLER = "next_smaller"


def load_policies(
    folder: Path, *, plans: Collection[str] | None = None
) -> tuple[RetentionPolicy, ...]:
    """Read every policy of the folder, in ladder order: by rank, equal ranks by name.

    `plans` are the plan codes a policy may name; without it, those of the `company.yml` beside
    the folder.

    Raises:
        FileInvalid: a file is not fully understood, or two files state the same policy.
    """
    known_plans = load_plans(folder.parent / "company.yml") if plans is None else tuple(plans)
    stated_in: dict[str, str] = {}
    policies: list[RetentionPolicy] = []
    for path, name in files_in(folder):
        file = read_yaml(path, name=name)
        policy = _policy(file, stem=path.stem, plans=known_plans)
        if policy.name in stated_in:
            raise file.refuse(
                f"the policy `{policy.name}` stands in {stated_in[policy.name]} already.",
                "Keep the newest revision and delete the other file.",
            )
        stated_in[policy.name] = name
        policies.append(policy)
    return tuple(sorted(policies, key=lambda policy: (policy.rank, policy.name)))


def _policy(file: Part, *, stem: str, plans: tuple[str, ...]) -> RetentionPolicy:
    parts = file.mapping((*KEYS, *OPTIONAL), required=KEYS)
    speaks_from, speaks_until = _days(parts)
    budget = parts.get("monthly_budget_minor")
    parts["describes"].text()  # written for people; only that it is there counts here
    return RetentionPolicy(
        name=_name(parts["policy"], stem),
        revision=parts["revision"].whole_number(at_least=1),
        reasons=_reasons(parts["reasons"]),
        conditions=read_conditions(parts["when"], plans=plans),
        offer=_offer(parts["offer"], plans),
        rank=parts["rank"].whole_number(),
        speaks_from=speaks_from,
        speaks_until=speaks_until,
        monthly_budget_minor=budget.whole_number(at_least=1) if budget else None,
    )


def _days(parts: dict[str, Part]) -> tuple[date | None, date | None]:
    """Read from when and until when a policy speaks: the first day, and the first day no more."""
    speaks_from, speaks_until = (
        parts[key].day() if key in parts else None for key in ("from", "until")
    )
    if speaks_from is not None and speaks_until is not None and speaks_until <= speaks_from:
        raise parts["until"].refuse(
            f"it is not after `from` ({speaks_from}), so that no day is left.",
            "Write the first day on which the policy no longer speaks.",
        )
    return speaks_from, speaks_until


def _name(part: Part, stem: str) -> str:
    name = part.text()
    if not _NAME.fullmatch(name):
        raise part.refuse(f"`{name}` is no name.", "Write it in small_letters.")
    if name != stem:
        raise part.refuse(f"`{name}` is not what the file is called.", f"Call it `{name}.yml`.")
    if name.startswith(REMEDY):
        # Concessions of a remedy stand outside the cool-down; a policy must not slip in there.
        raise part.refuse(f"names with `{REMEDY}` are the remedy's own.", "Choose another.")
    return name


def _reasons(part: Part) -> tuple[str, ...]:
    reasons = part.words((*_REASONS, ANY_REASON), "reason")
    if ANY_REASON in reasons and len(reasons) > 1:
        raise part.refuse("`any` covers the other reasons.", "Write [any], or name the reasons.")
    return reasons


def _offer(part: Part, plans: tuple[str, ...]) -> OfferTerms:
    numbers = {key for terms in OFFERS.values() for key in terms}
    everything = ("kind", "to", *sorted(numbers))
    kind_part = part.mapping(everything, required=("kind",))["kind"]
    kind = ConcessionKind(kind_part.word([kind.value for kind in OFFERS], "kind of offer"))
    largest = OFFERS[kind]
    wanted = ("kind", *largest, *(("to",) if kind is ConcessionKind.DOWNGRADE else ()))
    parts = part.mapping(wanted, required=wanted, what=f"key for the kind {kind.value}:")
    figures = {key: parts[key].whole_number(at_least=1, at_most=largest[key]) for key in largest}
    to = parts["to"].word((*plans, NEXT_SMALLER), "plan") if "to" in parts else None
    return OfferTerms(kind, to=to, **figures)
