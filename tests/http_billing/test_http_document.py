"""Schemathesis finds nothing in which the reference server and the OpenAPI document differ."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import ROOT
from tests.http_billing.served import TOKEN

pytestmark = [pytest.mark.stack, pytest.mark.slow]

MOST_SECONDS = 15


def test_the_reference_server_answers_as_the_document_says(server, tmp_path):
    """Examples, boundaries and made-up requests, right and wrong ones, for fifteen seconds."""
    here = Path(__file__).parent
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        *("--config-file", str(here / "schemathesis.toml"), "run"),
        str(ROOT / "bot" / "docs" / "billing-http.openapi.yml"),
        *("--url", server.url, "--header", f"Authorization: Bearer {TOKEN}"),
        *("--phases", "examples,coverage,fuzzing", "--max-time", str(MOST_SECONDS)),
        *("--suppress-health-check", "all"),
    ]
    said = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )
    assert said.returncode == 0, said.stdout[-5000:] + said.stderr[-1000:]
    assert "5 selected / 5 total" in said.stdout
    assert server.carried_out() > 0, "the premise: it got as far as the books"
