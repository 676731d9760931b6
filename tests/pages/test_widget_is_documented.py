"""What a website may set on the widget is what its page for integrators says, no more, no less."""

from __future__ import annotations

import json
import re

import pytest

from bot.integrations.front_end import PAGES
from bot.settings import ROOT
from tests.pages.test_built_pages import gzipped

DOCUMENT = (ROOT / "bot" / "docs" / "widget.md").read_text(encoding="utf-8")
WIDGET = PAGES / "widget"


def chapter(title: str) -> str:
    found = re.search(rf"^## {title}$(.*?)(?=^## |\Z)", DOCUMENT, re.MULTILINE | re.DOTALL)
    assert found, f"there is no chapter {title}"
    return found[1]


def first_column(title: str) -> set[str]:
    rows = re.findall(r"^\| (`.+?`) \|", chapter(title), re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


def test_every_property_that_a_website_may_set_is_told() -> None:
    styles = "\n".join(p.read_text(encoding="utf-8") for p in (WIDGET / "styles").glob("*.css"))
    assert first_column("Colours and shape") == set(re.findall(r"var\((--desk-[a-z-]+)", styles))


def test_every_attribute_is_told_and_the_script_tag_takes_them_all() -> None:
    element = (WIDGET / "element.ts").read_text(encoding="utf-8")
    declared = re.search(r"static override properties = \{(.*?)\n  \};", element, re.DOTALL)
    assert declared
    attributes = {
        re.sub(r".*attribute: \"([a-z-]+)\".*", r"\1", options)
        if 'attribute: "' in options
        else name
        for name, options in re.findall(r"(\w+): \{([^}]*)\}", declared[1])
        if "state: true" not in options and "attribute: false" not in options
    }
    assert first_column("Attributes") == attributes
    loader = (WIDGET / "loader.ts").read_text(encoding="utf-8")
    taken = re.search(r"ATTRIBUTES = (\[.*?\])", loader)
    assert taken
    assert set(json.loads(taken[1])) == attributes - {"open"}


def test_every_language_is_told() -> None:
    languages = {file.stem for file in (PAGES / "words").glob("*.json")}
    assert languages >= {"en", "de", "es"}
    assert languages == set(re.findall(r"\(`([a-z]{2})`\)", chapter("Languages")))


def test_the_sizes_told_are_the_sizes_built(dist: object) -> None:
    told = re.search(r"is below (\d+) KB; .*? about (\d+) KB", DOCUMENT, re.DOTALL)
    assert told
    assert gzipped(PAGES / "dist" / "widget.js") < int(told[1]) * 1024
    widget = gzipped(PAGES / "dist" / "assets" / "save-desk.js") / 1024
    assert widget == pytest.approx(int(told[2]), abs=1)
