"""Which policies lack a table of cases that grants and refuses, for the revision in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from bot.retention.policy import RetentionPolicy


def without_tables(policies: Iterable[RetentionPolicy], folder: Path) -> Iterator[str]:
    """Yield what is missing, a sentence a policy; `folder` holds one table a policy."""
    for policy in policies:
        path = folder / f"{policy.name}.yml"
        if not path.exists():
            yield f"{policy.name}.yml: no cases: write {path.name} in {folder.name}/."
            continue
        table = yaml.safe_load(path.read_text(encoding="utf-8"))
        if table.get("policy") != policy.cited:
            yield (
                f"{policy.name}.yml: old cases: {path.name} speaks of {table.get('policy')}. "
                f"Go through it and cite {policy.cited}."
            )
        cases = table.get("cases", ())
        if len({"offer" in case for case in cases}) < 2:
            yield f"{policy.name}.yml: one-sided cases: one must grant and one refuse."
