"""What an agent does on the desk's page, as words for browser tests."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, Response, expect

from bot.use_cases.load_demo_staff import DEMO_PASSWORD
from tests.journeys.widget_driver import WAIT_MS, WidgetDriver


class AgentDriver(WidgetDriver):
    """Drives the agents' page at `base`; collects what goes wrong there as its parent does."""

    def __init__(self, page: Page, base: str) -> None:
        super().__init__(page, base)
        expect.set_options(timeout=WAIT_MS)

    def sign_in(self, email: str, password: str = DEMO_PASSWORD) -> None:
        """Come in at the door, and be at the desk."""
        self.page.goto(f"{self.base}/sign-in?next=/desk")
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_text("Live", exact=True)).to_be_visible()
        self.be("here")

    def be(self, status: str) -> None:
        """Say that one is here, away or off, and wait until the desk knows."""

        def told(answer: Response) -> bool:
            said = answer.request.post_data or ""
            return answer.url.endswith("/api/desk/beat") and f'"status":"{status}"' in said

        with self.page.expect_response(told):
            self.page.locator("#status").select_option(status)

    def row(self, name: str) -> Locator:
        return self.page.locator(".row", has_text=name)

    def take(self, name: str) -> None:
        """Open the conversation of the customer of this name, and take it."""
        self.row(name).click()
        self.page.locator("[data-act=claim]").click()
        expect(self.page.get_by_text("You are talking to this customer.")).to_be_visible()

    def answer(self, text: str) -> None:
        self.page.get_by_label("Reply to the customer").fill(text)
        self.page.keyboard.press("Enter")

    def heard(self, text: str) -> Locator:
        """A message of the conversation that holds these words."""
        return self.page.locator(".said", has_text=text)

    def act(self, name: str) -> None:
        self.page.locator(f"[data-act={name}]").click()

    def confirm(self, button: str) -> None:
        """Press a button of the question that stands open."""
        self.page.get_by_role("dialog").get_by_role("button", name=button).click()

    def close(self) -> None:
        """Close the open conversation; what came in that very moment is read first, as told."""
        closed = self.page.get_by_text("Closed.", exact=True).first
        unread = self.page.get_by_text("Read it before you close.")
        for _ in range(8):
            self.act("close")
            self.confirm("Close")
            closed.or_(unread).first.wait_for()
            if closed.is_visible():
                return
            self.page.get_by_role("button", name="Got it").click()
            # The assistant still listens whether they want to leave; that takes a moment.
            self.page.wait_for_timeout(1_500)
        raise AssertionError("the conversation could not be closed")

    def shot(self, name: str) -> Path:
        return self.screenshot(name)
