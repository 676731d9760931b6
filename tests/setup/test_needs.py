"""A machine without a browser: said and skipped at home, a failure in CI."""

from __future__ import annotations

import pytest

from tests import needs


@pytest.mark.parametrize(
    ("environment", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)]
)
def test_what_is_missing_fails_only_in_ci(monkeypatch, environment, outcome):
    monkeypatch.setenv("CI", environment)
    with pytest.raises(outcome, match="no Chromium on this machine"):
        needs.missing(needs.NO_BROWSER)
