"""Every pinned dependency has a licence we can keep: told by its own metadata, and none is AGPL.

Security case 44. What is known of a dependency's weaknesses needs the network and is looked up when
dependencies are changed.
"""

from __future__ import annotations

import json
import re
from importlib import metadata

import pytest

from bot.settings import ROOT

PINNED = sorted(
    {
        name
        for file in ("requirements.txt", "requirements-dev.txt")
        for name in re.findall(r"^([\w.-]+)==", (ROOT / file).read_text(encoding="utf-8"), re.M)
    }
)
KEPT = re.compile(r"\b(MIT|MIT-0|Apache|BSD|ISC|PSF|Python Software Foundation|MPL|Mozilla)\b")
# Linked to as it comes, which is what its exceptions are for.
LESSER_GPL = {"psycopg2-binary"}
# The GPL-3 ends at the boundary of a process: the tests start it and speak HTTP with it.
STARTED_BY_TESTS_ALONE = "requirements-localstripe.txt"


def licence_of(name: str) -> str:
    told = metadata.metadata(name)
    kinds = told.get_all("Classifier") or []
    named = [kind.rpartition("::")[2] for kind in kinds if kind.startswith("License ::")]
    text = told.get("License-Expression") or told.get("License") or ""
    return " | ".join([text.strip().partition("\n")[0], *named])


def test_44_there_are_dependencies_to_look_at() -> None:
    assert len(PINNED) > 100


@pytest.mark.parametrize("name", PINNED)
def test_44_a_pinned_dependency_has_a_licence_we_can_keep(name: str) -> None:
    try:
        licence = licence_of(name)
    except metadata.PackageNotFoundError:
        pytest.fail(f"{name} is pinned and not installed; run `make setup-dev`")
    assert KEPT.search(licence) or name in LESSER_GPL, f"{name}: {licence}"
    lesser = licence.replace("LGPL", "").replace("Lesser General Public License", "")
    assert not re.search(r"AGPL|Affero|GPL|General Public", lesser.replace("()", "")), licence


def test_44_what_the_pages_are_built_of_has_a_licence_we_can_keep() -> None:
    lock = json.loads((ROOT / "bot/pages/package-lock.json").read_text(encoding="utf-8"))
    told = {path: one.get("license", "") for path, one in lock["packages"].items() if path}
    assert len(told) > 10
    kept = re.compile(r"^(MIT|Apache-2\.0|0BSD|BSD-[23]-Clause|ISC|OFL-1\.1|MPL-2\.0)$")
    assert {path: licence for path, licence in told.items() if not kept.match(licence)} == {}


def test_44_what_is_under_the_gpl_is_no_part_of_the_product() -> None:
    apart = (ROOT / STARTED_BY_TESTS_ALONE).read_text(encoding="utf-8")
    assert re.search(r"^localstripe==", apart, re.M)
    assert "localstripe" not in PINNED
    importing = re.compile(r"^\s*(?:import|from) localstripe\b", re.M)
    product = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "actions").rglob("*.py")]
    sources = [path for path in product if "node_modules" not in path.parts]
    assert len(sources) > 100
    assert [path for path in sources if importing.search(path.read_text(encoding="utf-8"))] == []
