"""The built pages, a gateway to serve them, and a browser to look at them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from bot.integrations.front_end import PAGES, build_front_end
from tests.journeys.widget_driver import WidgetDriver
from tests.pages.fake_gateway import FakeGateway
from tests.pages.states import offering

DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 860}}
Open = Callable[..., WidgetDriver]


@pytest.fixture(scope="session")
def dist() -> Path:
    build_front_end()
    return PAGES / "dist"


@pytest.fixture
def gateway(dist: Path) -> Iterator[FakeGateway]:
    gateway = FakeGateway(dist)
    gateway.start()
    yield gateway
    gateway.stop()


@pytest.fixture
def visit(browser: Browser, gateway: FakeGateway) -> Iterator[Open]:
    """Return a function that makes a customer with a browser of their own."""
    contexts = []

    def visit(**options: Any) -> WidgetDriver:
        context = browser.new_context(**{**DESKTOP, "locale": "en-US", **options})
        contexts.append(context)
        return WidgetDriver(context.new_page(), gateway.address)

    yield visit
    for context in contexts:
        context.close()


@pytest.fixture
def driver(visit: Open) -> WidgetDriver:
    return visit()


@pytest.fixture
def at_offer(driver: WidgetDriver, gateway: FakeGateway) -> WidgetDriver:
    gateway.script = offering
    driver.open_shop("A-1001")
    driver.say("it is too expensive")
    return driver
