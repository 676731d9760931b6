"""A studio with small training files of its own, and customers who were heard by a script."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any

from tests.gateway.stack import Customer, Stack
from tests.gateway.staff_browser import StaffBrowser

LEAVING = """\
# by hand
nlu:
- intent: request_cancellation
  examples: |
    - cancel my subscription please
    - i want to end this now
"""
SERVICES = """\
nlu:
- intent: request_pause
  examples: |
    - can i take a break for a month
- intent: skip_delivery
  examples: |
    - leave out the next box

- intent: out_of_scope
  examples: |
    - what is the capital of france
"""
FILES = {"leaving.yml": LEAVING, "services.yml": SERVICES}

# What the scripted assistant makes of each message: guesses with their confidence.
HEARD: dict[str, tuple[tuple[str, float], ...]] = {
    "my cupboard is full, hold it for now": (
        ("nlu_fallback", 0.3), ("request_cancellation", 0.22), ("request_pause", 0.2),
    ),
    "my cupboard is so full, hold it for now": (
        ("nlu_fallback", 0.3), ("request_cancellation", 0.22), ("request_pause", 0.2),
    ),
    "please pause my boxes": (("request_pause", 0.97),),
    "mail me at maya@home.example about a rest": (
        ("request_pause", 0.45), ("request_cancellation", 0.4),
    ),
    "skip the next one and pause after that": (("skip_delivery", 0.5), ("request_pause", 0.2)),
    "thanks": (("thank", 0.99),),
}  # fmt: skip


def understands(asked: dict[str, Any]) -> dict[str, Any]:
    """Return what the script heard in a message."""
    guesses = HEARD.get(asked["text"], (("thank", 0.99),))
    return {
        "intent": guesses[0][0],
        "confidence": guesses[0][1],
        "ranking": [{"intent": intent, "confidence": sure} for intent, sure in guesses],
        "entities": [],
        "reasons": [],
        "nearness": 0.5,
        "language": "en",
        "model": "m1",
    }


def with_training_files(stack: Stack) -> None:
    """Give the stack's studio its files, and its assistant the script."""
    (stack.folder / "nlu").mkdir(exist_ok=True)
    for name, text in FILES.items():
        (stack.folder / "nlu" / name).write_text(text)
    stack.assistant.understands = understands


def files_of(stack: Stack) -> dict[str, str]:
    return {path.name: path.read_text() for path in (stack.folder / "nlu").glob("*.yml")}


def heard(customer: Customer, *texts: str) -> None:
    """Let a customer say things, each answered before the next."""
    for text in texts:
        customer.say(text)
        customer.until_idle()


@dataclass
class InboxPage:
    """A trainer's inbox as it is at this moment."""

    trainer: StaffBrowser
    answer: Any

    @classmethod
    def of(cls, trainer: StaffBrowser, at: str = "") -> InboxPage:
        return cls(trainer, trainer.get(f"/studio?at={at}" if at else "/studio"))

    @property
    def text(self) -> str:
        """The page's words, without markup."""
        return html.unescape(re.sub(r"<[^>]*>", " ", self.answer.text))

    @property
    def said(self) -> str:
        found = re.search(r'id="said"[^>]*>“(.*?)”</h2>', self.answer.text)
        return html.unescape(found[1]) if found else ""

    @property
    def key(self) -> str:
        """The item's name; after a decision, that of the one that can be taken back."""
        found = re.findall(r'name="key" value="([^"]*)"', self.answer.text)
        return found[-1] if found else ""

    @property
    def told(self) -> str:
        found = re.search(r'role="status">(.*?)</p>', self.answer.text)
        return html.unescape(found[1]) if found else ""

    @property
    def alike(self) -> dict[str, str]:
        return dict(re.findall(r'name="(with\.\d+)" value="([^"]*)"', self.answer.text))

    def send(self, do: str, **fields: str) -> InboxPage:
        """Press one of the form's buttons, with the fields as given."""
        sent = {"key": self.key, "do": do, "text": self.said, **fields}
        return InboxPage(self.trainer, self.trainer.send("/studio/inbox", **sent))

    def undo(self, key: str) -> InboxPage:
        """Press undo, with what its form holds."""
        form = self.answer.text.partition("/studio/inbox/undo")[2].partition("</form>")[0]
        sent = {"commit": "yes"} if 'name="commit"' in form else {}
        return InboxPage(self.trainer, self.trainer.send("/studio/inbox/undo", key=key, **sent))
