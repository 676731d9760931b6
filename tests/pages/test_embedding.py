"""One script tag on somebody else's website, with the real gateway behind it."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.gateway.fake_assistant import FakeAssistant
from tests.gateway.stack import Stack, served
from tests.journeys.widget_driver import WidgetDriver

pytestmark = pytest.mark.browser


@contextmanager
def website(folder: Path) -> Iterator[http.server.ThreadingHTTPServer]:
    """Serve `folder` under a policy that allows scripts and calls of the gateway, nothing else."""

    class Strict(http.server.SimpleHTTPRequestHandler):
        def end_headers(self) -> None:
            policy = (folder / "policy.txt").read_text(encoding="utf-8")
            self.send_header("Content-Security-Policy", policy)
            super().end_headers()

        def log_message(self, *_: Any) -> None:
            """Stay quiet."""

    handler = functools.partial(Strict, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def assistant() -> Iterator[FakeAssistant]:
    fake = FakeAssistant()
    yield fake
    fake.stop()


def embed(folder: Path, gateway: str, *, element: str) -> None:
    live = gateway.replace("http", "ws")
    (folder / "policy.txt").write_text(
        f"default-src 'none'; script-src {gateway}; connect-src {gateway} {live}; "
        "require-trusted-types-for 'script'; trusted-types lit-html",
        encoding="utf-8",
    )
    (folder / "index.html").write_text(
        "<!doctype html><html lang='en'><title>A website</title><main><h1>A website</h1></main>"
        f"<script src='{gateway}/widget.js' data-company='Acme' defer></script>{element}",
        encoding="utf-8",
    )


@pytest.mark.parametrize("element", ["", "<save-desk company='Acme'></save-desk>"])
def test_a_website_with_a_strict_policy_embeds_the_widget_with_one_script_tag(
    dist: Path, browser: Browser, assistant: FakeAssistant, tmp_path: Path, element: str
) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "desk").mkdir()
    stack = Stack(tmp_path / "desk", assistant)
    context = browser.new_context()
    with website(tmp_path / "site") as site:
        address = f"http://127.0.0.1:{site.server_address[1]}"
        stack.set(allowed_origins=address)
        with served(stack) as gateway:
            embed(tmp_path / "site", gateway, element=element)
            driver = WidgetDriver(context.new_page(), address)
            driver.page.goto(f"{address}/")
            driver.open_help()
            driver.say("hello from elsewhere")
            assert "hello from elsewhere" in driver.last().text
            assert driver.page.get_by_role("heading", name="Acme help").is_visible()
            assert driver.page.locator("save-desk").count() == 1
            assert driver.axe() == []
            assert driver.faults == []
            context.close()
    stack.dispose()
