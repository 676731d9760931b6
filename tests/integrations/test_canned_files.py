"""Canned replies are read strictly, and none that presses gets in."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.conversations.canned import CannedReply
from bot.errors import FileInvalid
from bot.integrations.canned_files import load_canned_replies
from bot.settings import ROOT

GOOD = "- id: hello\n  keys: hi\n  title: Hello\n  text: Hello {customer_name}\n"


def read(folder: Path, text: str) -> tuple[CannedReply, ...]:
    path = folder / "canned.yml"
    path.write_text(text)
    return load_canned_replies(path)


def test_the_replies_of_the_product_are_read() -> None:
    replies = load_canned_replies(ROOT / "data/desk/canned-replies.yml")
    assert len(replies) == len({reply.keys for reply in replies}) >= 8


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (("Hello {customer_name}", "Hurry, last chance!"), "presses the customer"),
        (("title: Hello", "title: Last chance"), "presses the customer"),
        (("{customer_name}", "{shoe_size}"), "there is no fact {shoe_size}"),
        (("keys: hi", "key: hi"), "Did you mean `keys`"),
        (("  keys: hi\n", ""), "`keys` is missing"),
        ((GOOD, GOOD + GOOD), "stands here twice"),
        ((GOOD, "hello"), "a list is needed"),
    ],
    ids=["urgency", "title", "unknown-fact", "misspelt", "missing", "twice", "no-list"],
)
def test_what_is_not_understood_or_presses_is_refused(
    tmp_path: Path, changed: tuple[str, str], told: str
) -> None:
    assert read(tmp_path, GOOD)
    with pytest.raises(FileInvalid, match=r"canned\.yml:") as refused:
        read(tmp_path, GOOD.replace(*changed))
    assert told in str(refused.value)


def test_25_a_fact_is_never_filled_in_turn() -> None:
    reply = CannedReply("x", "X", "x", "Hello {customer_name} of {company}")
    facts = {"customer_name": "{company} {agent_name}", "company": "Larder"}
    assert reply.filled(facts) == "Hello {company} {agent_name} of Larder"
    assert reply.filled({"company": "Larder"}) is None
