"""What is built: small, without anything a strict site would forbid, and only when needed."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import string
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pytest

from bot.errors import SetupError
from bot.integrations import front_end
from bot.integrations.front_end import PAGES, build_front_end, is_built, source_hash

HTML = ("index.html", "desk.html", "insights.html")
KILOBYTE = 1024


def gzipped(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9, mtime=0))


def test_the_loader_takes_at_most_3_kilobytes(dist: Path) -> None:
    assert gzipped(dist / "widget.js") <= 3 * KILOBYTE


def test_the_whole_widget_takes_at_most_40_kilobytes(dist: Path) -> None:
    parts = [dist / "widget.js", dist / "assets" / "save-desk.js"]
    assert sum(gzipped(part) for part in parts) <= 40 * KILOBYTE


def test_nothing_built_makes_code_out_of_text(dist: Path) -> None:
    scripts = list(dist.rglob("*.js"))
    assert len(scripts) >= 3
    for script in scripts:
        text = script.read_text(encoding="utf-8")
        assert not re.search(r"\beval\(|new Function|document\.write|setTimeout\(['\"]", text)


def test_the_loader_brings_the_very_widget_it_was_built_with(dist: Path) -> None:
    version = (dist / "version.txt").read_text(encoding="utf-8").strip()
    assert f"save-desk.js?v={version}" in (dist / "widget.js").read_text(encoding="utf-8")


class Inline(HTMLParser):
    """Collects what a strict Content-Security-Policy forbids, and what the page asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.forbidden: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.forbidden += [name for name in given if name.startswith("on") or name == "style"]
        if tag == "style" or (tag == "script" and not given.get("src")):
            self.forbidden.append(tag)
        self.addresses += [value for name in ("src", "href") if (value := given.get(name))]


def test_the_check_for_inline_code_sees_it() -> None:
    seen = Inline()
    seen.feed("<p style='x' onclick='y'></p><style></style><script>z</script>")
    assert sorted(seen.forbidden) == ["onclick", "script", "style", "style"]


@pytest.mark.parametrize("name", HTML)
def test_a_page_has_nothing_inline_and_asks_for_what_is_there(dist: Path, name: str) -> None:
    seen = Inline()
    seen.feed((dist / name).read_text(encoding="utf-8"))
    assert seen.forbidden == []
    files = [address for address in seen.addresses if "." in address]
    assert files
    assert all((dist / address.lstrip("/")).is_file() for address in files)
    pages = {address for address in seen.addresses if address not in files} - {"/"}
    # The desk draws its own way out, once it knows who sits there.
    rooms = set() if name == "desk.html" else {"/desk", "/studio", "/insights"}
    assert {a for a in pages if not a.startswith("#")} == rooms


def test_styles_ask_for_nothing_from_elsewhere(dist: Path) -> None:
    for style in (dist / "assets").glob("*.css"):
        for address in re.findall(r"url\(([^)]+)\)", style.read_text(encoding="utf-8")):
            assert (dist / "assets" / address.strip("\"'")).is_file(), address


def test_the_lock_file_pins_every_package_and_names_no_host() -> None:
    text = (PAGES / "package-lock.json").read_text(encoding="utf-8")
    assert "://" not in text
    packages = {name: about for name, about in json.loads(text)["packages"].items() if name}
    assert packages
    assert all(about.get("integrity", "").startswith("sha512-") for about in packages.values())
    wanted = json.loads((PAGES / "package.json").read_text(encoding="utf-8"))
    versions = {**wanted["dependencies"], **wanted["devDependencies"]}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions.values())


def test_every_word_of_the_widget_is_used_somewhere() -> None:
    """That every used word exists is checked by the compiler: the keys are a type."""
    words = json.loads((PAGES / "words" / "en.json").read_text(encoding="utf-8"))
    code = "\n".join(p.read_text(encoding="utf-8") for p in (PAGES / "widget").glob("*.ts"))
    whole = set(re.findall(r"\"([a-z_.]+)\"", code))
    counted = set(re.findall(r"\bcount\(\"([a-z_.]+)\"", code))
    beginnings = set(re.findall(r"`([a-z_]+)\.\$\{", code))

    def is_used(word: str) -> bool:
        stem = word.rpartition(".")[0]
        return word in whole or stem in counted or stem in beginnings

    assert [word for word in words if not is_used(word)] == ["language", "direction"]


def test_every_catalogue_has_the_same_words_and_the_same_gaps_to_fill() -> None:
    def gaps(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    files = sorted((PAGES / "words").glob("*.json"))
    english = json.loads((PAGES / "words" / "en.json").read_text(encoding="utf-8"))
    for file in files:
        words = json.loads(file.read_text(encoding="utf-8"))
        assert words["language"] == file.stem
        assert words["direction"] in {"ltr", "rtl"}
        assert set(words) >= set(english)
        assert all(gaps(words[key]) == gaps(english[key]) for key in english)


def test_a_built_front_end_is_not_built_again(dist: Path) -> None:
    before = (dist / "widget.js").stat().st_mtime_ns
    assert build_front_end() is False
    assert (dist / "widget.js").stat().st_mtime_ns == before


def test_any_change_to_a_source_asks_for_a_new_build(dist: Path, tmp_path: Path) -> None:
    copy = tmp_path / "pages"
    shutil.copytree(PAGES, copy, ignore=shutil.ignore_patterns("node_modules"))
    assert is_built(copy)
    before = source_hash(copy)
    (copy / "words" / "en.json").write_text("{}", encoding="utf-8")
    assert source_hash(copy) != before
    assert not is_built(copy)


def test_a_source_that_does_not_build_says_where_and_leaves_the_old_pages(
    dist: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "pages"
    shutil.copytree(PAGES, copy, symlinks=True)
    (copy / "chat" / "back_off.ts").write_text("export function (", encoding="utf-8")
    with pytest.raises(SetupError, match=r"(?s)could not be built.*back_off\.ts"):
        build_front_end(copy)
    assert (copy / "dist" / "widget.js").read_bytes() == (dist / "widget.js").read_bytes()
    assert not list(copy.glob(".dist-*"))


def test_missing_node_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "pages"
    shutil.copytree(PAGES, copy, ignore=shutil.ignore_patterns("node_modules", "dist"))
    monkeypatch.setattr(front_end, "find_spec", lambda name: None)
    with pytest.raises(SetupError, match="Node is missing"):
        build_front_end(copy)


def a_receipt(**changed: object) -> str:
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    template = (PAGES / "receipt" / "receipt.html").read_text(encoding="utf-8")
    given = {
        "receipt": {"title": "Your cancellation", "lines": [("Ends on", "5 December 2026")]},
        "customer": "Maya",
        "company": "Larder",
    }
    return environment.from_string(template).render({**given, **changed})


def test_a_receipt_says_what_and_for_whom() -> None:
    page = a_receipt()
    assert "<h1>Your cancellation</h1>" in page
    assert "<dt>Ends on</dt><dd>5 December 2026</dd>" in page
    assert "For Maya" in page
    assert "For " not in a_receipt(customer=None)


def test_a_receipt_shows_markup_as_text_and_holds_nothing_inline() -> None:
    evil = "<script>alert(1)</script>"
    page = a_receipt(receipt={"title": evil, "lines": [(evil, evil)]}, customer=evil, company=evil)
    seen = Inline()
    seen.feed(page)
    assert seen.forbidden == []
    assert page.count("&lt;script&gt;") == 7
