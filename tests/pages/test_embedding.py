"""One script tag on somebody else's website, with the real gateway behind it."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Callable, Iterator
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


@pytest.fixture
def stack(tmp_path: Path, assistant: FakeAssistant) -> Iterator[Stack]:
    (tmp_path / "desk").mkdir()
    stack = Stack(tmp_path / "desk", assistant)
    yield stack
    stack.dispose()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[[str], WidgetDriver]]:
    """Return a function that comes to a website as somebody with a browser of their own."""
    contexts = []

    def visit(address: str) -> WidgetDriver:
        contexts.append(browser.new_context(locale="en-US"))
        driver = WidgetDriver(contexts[-1].new_page(), address)
        driver.page.goto(f"{address}/")
        return driver

    yield visit
    for context in contexts:
        context.close()


@contextmanager
def embedded(stack: Stack, folder: Path, *, body: str = "", types: str = "") -> Iterator[str]:
    """Serve a website with the widget of a real gateway; `types` is its trusted-types directive."""
    folder.mkdir()
    with website(folder) as site:
        address = f"http://127.0.0.1:{site.server_address[1]}"
        stack.set(allowed_origins=address)
        with served(stack) as gateway:
            live = gateway.replace("http", "ws")
            (folder / "policy.txt").write_text(
                f"default-src 'none'; script-src {gateway}; connect-src {gateway} {live}; "
                f"require-trusted-types-for 'script'; {types}",
                encoding="utf-8",
            )
            (folder / "index.html").write_text(
                "<!doctype html><html lang='en'><title>A website</title>"
                "<main><h1>A website</h1></main>"
                f"<script src='{gateway}/widget.js' data-company='Acme' defer></script>{body}",
                encoding="utf-8",
            )
            yield address


@pytest.mark.parametrize(
    ("body", "types"),
    [
        ("", "trusted-types lit-html"),
        ("<save-desk company='Acme'></save-desk>", "trusted-types lit-html"),
        ("", ""),
    ],
    ids=["one script tag", "an element of its own", "trusted types of any name"],
)
def test_a_website_with_a_strict_policy_embeds_the_widget(
    dist: Path,
    stack: Stack,
    tmp_path: Path,
    visit: Callable[[str], WidgetDriver],
    body: str,
    types: str,
) -> None:
    with embedded(stack, tmp_path / "site", body=body, types=types) as address:
        driver = visit(address)
        driver.open_help()
        driver.say("hello from elsewhere")
        assert "hello from elsewhere" in driver.last().text
        assert driver.page.get_by_role("heading", name="Acme help").is_visible()
        assert driver.page.locator("save-desk").count() == 1
        driver.desk.locator("#save").click()
        with driver.page.expect_download() as download:
            driver.desk.locator("#save-page").click()
        assert "hello from elsewhere" in download.value.path().read_text(encoding="utf-8")
        assert driver.axe() == []
        assert driver.faults == []
        driver.page.context.close()


def test_a_website_whose_policy_forbids_the_widget_is_told_what_it_must_allow(
    dist: Path, stack: Stack, tmp_path: Path, visit: Callable[[str], WidgetDriver]
) -> None:
    with embedded(stack, tmp_path / "site", types="trusted-types other") as address:
        driver = visit(address)
        driver.wait_for_fault("must allow")
        assert any("must allow" in fault and "lit-html" in fault for fault in driver.faults)
        driver.page.context.close()


def test_a_visitor_who_signs_in_keeps_their_conversation_and_nobody_else_sees_it(
    dist: Path, stack: Stack, tmp_path: Path, visit: Callable[[str], WidgetDriver]
) -> None:
    def texts(driver: WidgetDriver) -> list[str]:
        driver.wait_idle()
        return [message.text for message in driver.messages()]

    def sign_in(driver: WidgetDriver, account: str) -> None:
        identify = "(identity) => window.saveDesk.identify(identity)"
        driver.page.evaluate(identify, stack.identity(account))

    with embedded(stack, tmp_path / "site") as address:
        visitor = visit(address)
        visitor.open_help()
        visitor.say("said before anybody knew me")
        before = texts(visitor)
        sign_in(visitor, "A-1001")
        assert texts(visitor) == before
        visitor.say("and now I am known")

        for account in (None, "A-1002"):
            other = visit(address)
            other.page.locator("save-desk .launcher").wait_for()
            if account is not None:
                sign_in(other, account)
            other.open_help()
            assert "said before anybody knew me" not in texts(other)
            other.page.context.close()

        visitor.page.evaluate("() => window.saveDesk.identify(null)")
        assert "said before anybody knew me" not in texts(visitor)
        visitor.page.context.close()
