"""A headless browser for each module that drives one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.widget_driver import chromium


# Not for the whole run: while Playwright is up, its event loop runs in this thread, and nobody can
# start another one there, neither Rasa nor a second Playwright.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser
