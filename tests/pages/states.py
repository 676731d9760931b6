"""Screens and answers that several tests bring the widget to."""

from __future__ import annotations

from typing import Any

from tests.pages.fake_gateway import Answer, Talk

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True,
}  # fmt: skip
OFFER = {
    "id": "o-1", "kind": "discount", "policy": "price_relief@1", "title": "20 % off for 3 months",
    "terms": "Then $89.00 a month again. You can cancel at any time, here.",
    "price_minor": 8900, "price_per": "month",
    "price_after_minor": 7120, "price_after_per": "month", "price_later_minor": 8900,
    "starts_on": "2026-12-05", "until": "2027-03-05", "expires_at": None,
    "choices": [], "currency": "USD",
}  # fmt: skip
ANSWERS = ["Accept", "Cancel now", "Something else", "Talk to a person"]
TERMS = "To be exact: you get 20 % off for 3 payments. Shall I do it?"
WAYS = ["Leave a message", "Call me back", "Carry on here", "Cancel now"]
SURVEY = ["Very good", "Good", "Not so good", "Bad"]


def buttons(titles: list[str]) -> list[dict[str, str]]:
    return [{"id": f"b-{title}", "title": title} for title in titles]


def offering(talk: Talk, said: Answer) -> list[Answer]:
    return [{"text": "Here is what I can do.", "offer": OFFER, "buttons": buttons(ANSWERS)}]


def consenting(talk: Talk, said: Answer) -> list[Answer]:
    return [{"text": TERMS, "buttons": buttons(["Confirm", "Cancel now", "Talk to a person"])}]


def thanking(talk: Talk, said: Answer) -> list[Answer]:
    return [{"text": "It is done.", "receipt": {"url": "/receipts/abc"}}]
