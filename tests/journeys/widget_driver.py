"""What a customer does on the demo shop page, as words for browser tests."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = Path(__file__).parent / "screenshots"
AXE = ROOT / "bot" / "pages" / "node_modules" / "axe-core" / "axe.min.js"
# Settled means: nothing on its way, the line is up, and it stays so for this long.
QUIET_MS = 400
WAIT_MS = 20_000
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass(frozen=True)
class Shown:
    """One message as it stands on the page."""

    sender: str
    by: str
    text: str
    offer: str | None
    buttons: tuple[str, ...]
    receipt: str | None


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser of this machine.

    Raises:
        RuntimeError: Chromium is not installed.
    """
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        raise RuntimeError("Chromium is not installed. Install it, for example: chromium.")
    expect.set_options(timeout=WAIT_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


class WidgetDriver:
    """Drives the widget on the demo shop at `base`, in `page`; collects what went wrong there."""

    def __init__(self, page: Page, base: str) -> None:
        self.page = page
        self.base = base
        self.faults: list[str] = []
        page.set_default_timeout(WAIT_MS)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._hear)

    def open_shop(self, as_account: str | None = None, *, panel: bool = True) -> None:
        """Come to the shop as `as_account` (None: a visitor), with help opened if `panel`."""
        self.page.goto(f"{self.base}/")
        select = self.page.locator("#customer")
        if as_account is not None:
            option = f"#customer option[value='{as_account}']"
            self.page.locator(option).wait_for(state="attached")
            select.select_option(as_account)
            self.page.get_by_text(f"({as_account})").first.wait_for(state="attached")
            self.page.wait_for_function(
                "() => document.querySelector('#who').textContent.startsWith('Signed in')"
            )
        self.page.locator("save-desk button").first.wait_for()
        if panel:
            self.open_help()

    def open_help(self) -> None:
        self.page.locator("save-desk .launcher").click()
        self.wait_idle()

    def close_help(self) -> None:
        self.page.locator("save-desk #close").click()

    def say(self, text: str, *, wait: bool = True) -> None:
        """Type `text`, press Enter and, unless told otherwise, wait for the answer."""
        box = self.page.locator("save-desk textarea")
        box.fill(text)
        box.press("Enter")
        if wait:
            self.wait_idle()

    def press(self, title: str, *, wait: bool = True) -> None:
        """Press the newest quick reply with this title, else the control that has it."""
        replies = self.page.locator("save-desk .replies").get_by_role(
            "button", name=title, exact=True
        )
        controls = self.page.locator("save-desk .controls").get_by_role(
            "button", name=title, exact=True
        )
        replies.or_(controls).first.wait_for()
        (replies.last if replies.count() else controls).click()
        if wait:
            self.wait_idle()

    def wait_idle(self) -> None:
        """Wait until nothing is on its way in either direction, and stays so for a moment."""
        self.page.wait_for_function(_SETTLED, arg=QUIET_MS, timeout=WAIT_MS)

    def wait_for_text(self, text: str) -> None:
        self.log.get_by_text(text).last.wait_for()

    def wait_for_fault(self, words: str) -> None:
        """Wait until something with these words went wrong on the page."""
        give_up_at = time.monotonic() + WAIT_MS / 1000
        while not any(words in fault for fault in self.faults):
            assert time.monotonic() < give_up_at, f"nothing told of {words!r}: {self.faults}"
            self.page.wait_for_timeout(50)

    @property
    def desk(self) -> Locator:
        return self.page.locator("save-desk")

    @property
    def log(self) -> Locator:
        return self.page.locator("save-desk .log")

    @property
    def holder(self) -> Locator:
        """The line that says who answers; it changes a moment after what they say appears."""
        return self.page.locator("save-desk .header__holder")

    def messages(self) -> list[Shown]:
        """What stands in the conversation, oldest first, unsent ones included."""
        found: list[dict[str, Any]] = self.page.evaluate(_MESSAGES)
        return [Shown(**{**one, "buttons": tuple(one["buttons"])}) for one in found]

    def last(self) -> Shown:
        return self.messages()[-1]

    def screenshot(self, name: str) -> Path:
        SCREENSHOTS.mkdir(exist_ok=True)
        path = SCREENSHOTS / f"{name}.png"
        # Fonts that arrive late would move everything.
        self.page.evaluate("() => document.fonts.ready.then(() => true)")
        self.page.screenshot(path=str(path))
        return path

    def axe(self, part: str = "html") -> list[str]:
        """What axe finds wrong in a part of the page as it is now, shadow roots included."""
        # Trusted Types forbid adding a script to the page, not evaluating one from outside.
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        options = {"runOnly": {"type": "tag", "values": AXE_TAGS}}
        result = self.page.evaluate("([part, options]) => axe.run(part, options)", [part, options])
        return [
            f"{fault['id']}: {fault['help']} at {[node['target'] for node in fault['nodes']]}"
            for fault in result["violations"]
        ]

    def _hear(self, message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(message.text)


_SETTLED = """(quiet) => {
  const desk = document.querySelector("save-desk");
  const now = performance.now();
  if (!desk?.hasAttribute("data-settled")) { window.__settledSince = undefined; return false; }
  window.__settledSince ??= now;
  if (now - window.__settledSince < quiet) return false;
  window.__settledSince = undefined;
  return true;
}"""

_MESSAGES = """() => {
  const root = document.querySelector("save-desk").shadowRoot;
  return [...root.querySelectorAll(".message")].map((message) => {
    const text = (selector) => message.querySelector(selector)?.innerText.trim() ?? null;
    return {
      sender: [...message.classList].find((name) => name.startsWith("message--")).slice(9),
      by: text(".message__by span"),
      text: text(".message__body") ?? "",
      offer: text(".offer"),
      buttons: [...message.querySelectorAll(".reply")].map((button) => button.innerText.trim()),
      receipt: message.querySelector(".receipt")?.href ?? null,
    };
  });
}"""
