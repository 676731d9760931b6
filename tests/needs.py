"""What a test needs of the machine: without it the test fails in CI and is skipped elsewhere."""

from __future__ import annotations

import os
import shutil

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NO_BROWSER = (
    "There is no Chromium on this machine. Install one (Debian: apt-get install chromium), or run "
    "DESK_INSTALL_BROWSER=1 make test as root."
)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") and not any(map(shutil.which, BROWSERS)):
        missing(NO_BROWSER)


def missing(what: str) -> None:
    """Skip this test because the machine lacks something; in CI that is a failure instead."""
    if os.environ.get("CI") == "true":
        pytest.fail(what, pytrace=False)
    pytest.skip(what)
