"""The trainers' studio at the door: its pages, what they carry, and whom they let in."""

from __future__ import annotations

import re

from bot.people.role import Role
from tests.gateway.stack import Stack
from tests.gateway.staff_browser import signed_in


def test_37_the_studio_runs_only_scripts_of_ours_and_is_kept_by_nobody(stack: Stack) -> None:
    tess, _ = signed_in(stack, Role.TRAINER)
    page = tess.get("/studio")
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    policy = page.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'; trusted-types default" in policy
    assert page.text.count("<script") == 1
    assert '<script type="module" src="/assets/studio.js"></script>' in page.text
    assert " style=" not in page.text
    assert not re.search(r"\son\w+=", page.text)
    # The other rooms' scripts may not turn text into markup as the studio's may.
    assert "default" not in tess.get("/account").headers["content-security-policy"].split("src")[-1]


def test_the_studio_leads_to_the_pages_there_are(stack: Stack) -> None:
    tess, _ = signed_in(stack, Role.TRAINER)
    page = tess.get("/studio")
    assert '<a href="/studio" aria-current="page">Inbox</a>' in page.text
    for href in [part.split('"')[0] for part in page.text.split('<a href="')[1:]]:
        assert href.startswith("#") or tess.get(href).status_code == 200, href


def test_a_piece_of_a_page_comes_without_its_frame(stack: Stack) -> None:
    tess, _ = signed_in(stack, Role.TRAINER)
    piece = tess.get("/studio", **{"hx-request": "true"})
    assert "<html" not in piece.text
    assert "There is nothing to decide" in piece.text
