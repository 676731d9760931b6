"""Reads the jurisdiction profiles: one file a set of rules, which may hold for several keys."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.errors import FileInvalid
from bot.integrations.yaml_files import Part, files_in, read_yaml
from bot.retention.jurisdiction import Profile, Profiles

UNKNOWN = "unknown"

_REQUIRED = (
    "profile",
    "title",
    "offers_before_completion",
    "in_force_from",
    "citation",
    "because",
)
_KEYS = (*_REQUIRED, "holds_also_for", "withdrawal_days", "day_ends_hours_later")
_KEY = re.compile(rf"[A-Z]{{2}}(-[A-Z0-9]{{1,3}})?|{UNKNOWN}")


def load_profiles(folder: Path) -> Profiles:
    """Read every profile of the folder.

    A file is called after its profile, in small letters: `us-co.yml`; what adds to it later
    stands beside it with its day, `us-co.2027-04-01.yml`.

    Raises:
        FileInvalid: a file is not fully understood, two files hold for the same key from the same
            day, or no profile holds for an unknown jurisdiction.
    """
    stated_in: dict[tuple[str, date], str] = {}
    known: list[Profile] = []
    for path, name in files_in(folder):
        file = read_yaml(path, name=name)
        for profile in _profiles(file, stem=path.name.split(".")[0]):
            rules = (profile.key, profile.in_force_from)
            if rules in stated_in:
                raise file.refuse(
                    f"{profile.key} has rules from that day in {stated_in[rules]} already.",
                    "Keep one of the two.",
                )
            stated_in[rules] = name
            known.append(profile)
    if UNKNOWN not in {profile.key for profile in known}:
        raise FileInvalid(
            folder.name, f"no profile is called `{UNKNOWN}`.", f"Add {UNKNOWN}.yml (R19)."
        )
    return Profiles(tuple(known))


def _profiles(file: Part, *, stem: str) -> tuple[Profile, ...]:
    parts = file.mapping(_KEYS, required=_REQUIRED)
    key = _key(parts["profile"])
    if key.lower() != stem:
        raise parts["profile"].refuse(
            f"`{key}` is not what the file is called.", f"Call it `{key.lower()}.yml`."
        )
    parts["because"].text()  # written for people; only that it is there counts here
    days, later = parts.get("withdrawal_days"), parts.get("day_ends_hours_later")
    others = parts["holds_also_for"].items() if "holds_also_for" in parts else ()
    profile = Profile(
        key=key,
        title=parts["title"].text(),
        offers_before_completion=parts["offers_before_completion"].whole_number(at_most=2),
        citation=parts["citation"].text(),
        in_force_from=parts["in_force_from"].day(),
        withdrawal_days=days.whole_number(at_most=60) if days else 0,
        day_ends_hours_later=later.whole_number(at_most=12) if later else 0,
    )
    return (profile, *(replace(profile, key=_key(other)) for other in others))


def _key(part: Part) -> str:
    key = part.text()
    if not _KEY.fullmatch(key):
        raise part.refuse(f"`{key}` is no jurisdiction.", "Write it as US-CO, or DE.")
    return key
