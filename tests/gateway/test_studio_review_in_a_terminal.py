"""Reviewing in a terminal: conversations are listed, read without what is personal, and refused."""

from __future__ import annotations

import pytest

from bot.__main__ import main
from bot.storage.audit_repository import SqlAuditBook
from tests.gateway.stack import a_customer, in_process

SAID = "too expensive, cancel it; write to maya.k@web.org"


@pytest.fixture
def chat(stack, monkeypatch):
    monkeypatch.setenv("DESK_STATE_FOLDER", str(stack.folder))
    with in_process(stack) as web:
        customer = a_customer(web, stack)
        customer.say(SAID)
        customer.until_idle()
    return customer.conversation


def test_a_conversation_is_found_read_and_not_made_into_what_it_is_not(chat, stack, capsys):
    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(("studio", "review", *arguments))
        said = capsys.readouterr()
        return code, said.out, said.err

    code, listed, _ = run("--words", "expensive")
    assert code == 0
    assert listed.startswith(chat)
    assert run("--missed")[1].strip() == "Nobody has said anything yet."
    code, shown, _ = run(chat)
    assert code == 0
    assert "customer: too expensive, cancel it; write to […]" in shown
    assert "understood as x (100%)" in shown
    assert "web.org" not in listed + shown
    code, _, refused = run(chat, "--as", "story", "--title", "x", "--dry-run")
    assert (code, "A story needs two messages" in refused) == (1, True)
    assert run("c-nobody")[0] == 1
    kinds = [link.kind for link in SqlAuditBook(stack.engine).links()]
    assert kinds.count("studio_conversation_viewed") == 2
