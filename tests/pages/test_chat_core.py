"""The chat core's own tests, written in TypeScript, run by Node; and the types of both."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from bot.integrations.front_end import PAGES, install_packages, node_root

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def node() -> str:
    install_packages()
    return str(node_root() / "bin" / "node")


def test_the_chat_core_keeps_its_promises(node: str) -> None:
    files = sorted(str(path) for path in HERE.glob("*.test.ts"))
    done = subprocess.run(
        [node, "--test", "--test-reporter=spec", *files],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    passed = re.search(r"pass (\d+)", done.stdout)
    assert passed is not None
    assert int(passed[1]) >= 60, "fewer tests ran than there are"


@pytest.mark.parametrize("project", [PAGES, HERE], ids=["pages", "tests"])
def test_every_type_holds(node: str, project: Path) -> None:
    compiler = str(PAGES / "node_modules" / "typescript" / "bin" / "tsc")
    done = subprocess.run(
        [node, compiler, "--noEmit", "-p", str(project / "tsconfig.json")],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_the_chat_core_knows_no_page_and_no_widget() -> None:
    """The agents' desk uses it too: everything of a browser is given to it as a `World`."""
    files = sorted((PAGES / "chat").glob("*.ts"))
    assert len(files) >= 15
    for file in files:
        code = re.sub(r"/\*.*?\*/|//[^\n]*", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        imported = re.findall(r"from \"([^\"]+)\"", code)
        assert [name for name in imported if not re.fullmatch(r"\./\w+\.ts", name)] == [], file
        of_a_page = r"\b(document|window|navigator|localStorage|customElements|HTMLElement|Words)\b"
        assert re.findall(of_a_page, code) == [], file
