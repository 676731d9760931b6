"""The layout's promises: who imports whom, flat actions, small files, one sentence at the top."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import ROOT
from tests.architecture.end_of_file import is_ended
from tests.architecture.sources import files, name

CORE = (
    "retention",
    "conversations",
    "people",
    "understanding",
    "annotation",
    "publishing",
    "insights",
)
MOST_CODE_LINES = 250
# Tables of cases are long and need no scrolling back and forth.
MOST_TEST_CODE_LINES = 600
PRODUCT = [*files("bot", ".py"), *files("actions", ".py"), *files("bench", ".py")]
MODULES = [path for path in PRODUCT if path.name != "__init__.py"]


def test_everyone_imports_only_whom_they_may():
    linter = Path(sys.executable).with_name("lint-imports")
    said = subprocess.run(
        [str(linter), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stdout[-3000:]


@pytest.mark.parametrize("package", [p for p in CORE if (ROOT / "bot" / p).exists()])
def test_every_core_package_is_held_by_the_contracts(package):
    configured = (ROOT / "pyproject.toml").read_text()
    # layers, core does no I/O, nothing imports what Rasa loads
    assert configured.count(f"bot.{package}") >= 3


def test_actions_are_flat():
    assert [path for path in (ROOT / "actions").iterdir() if path.is_dir()] in (
        [],
        [ROOT / "actions" / "__pycache__"],
    )


def test_every_init_file_is_empty():
    inits = [path for path in PRODUCT if path.name == "__init__.py"]
    assert inits
    assert [name(path) for path in inits if path.read_text().strip()] == []


def test_every_package_has_an_init_file():
    packages = {path.parent for path in MODULES if "migrations" not in path.parts}
    assert [name(folder) for folder in packages if not (folder / "__init__.py").exists()] == []


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_opens_with_one_sentence(path):
    docstring = ast.get_docstring(ast.parse(path.read_text())) or ""
    first = docstring.split("\n\n")[0].strip()
    assert first.endswith((".", ":"))
    assert first[0].isupper() or first[0] in "`\"'"


def code_lines(source: str) -> int:
    """Count the lines that hold code: explaining more never makes a file too long."""
    told = {
        line
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    lines = enumerate(source.splitlines(), start=1)
    return sum(
        1
        for number, line in lines
        if line.strip() and not line.strip().startswith("#") and number not in told
    )


@pytest.mark.parametrize("path", [*PRODUCT, ROOT / "set_up.py"], ids=name)
def test_a_file_fits_in_the_head(path):
    if "versions" in path.parts:
        return  # a migration is a list of columns, written once
    assert code_lines(path.read_text()) <= MOST_CODE_LINES


@pytest.mark.parametrize("path", files("tests", ".py"), ids=name)
def test_a_test_file_is_not_a_book(path):
    assert code_lines(path.read_text()) <= MOST_TEST_CODE_LINES


def test_only_lines_with_code_count():
    assert code_lines('"""One.\n\nTwo.\n"""\n\nx = 1  # why\n# a comment\ny = """three\n"""\n') == 3


def test_files_end_with_one_line_break():
    ours = [*files("", ".py", ".md", ".yml", ".toml", ".ts", ".css"), ROOT / "Makefile"]
    assert [name(path) for path in ours if not is_ended(path.read_bytes())] == []
