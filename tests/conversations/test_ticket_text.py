"""A ticket in words holds the whole story, and nothing that must not leave the desk."""

from __future__ import annotations

from bot.conversations.masking import MASK, masked
from bot.conversations.summary import summarise
from bot.conversations.ticket_text import subject_line, ticket_text

SUMMARY = summarise(
    escalation="over_authority",
    account="A-1001",
    customer_name="Maya",
    customer_email="maya@home.example",
    identified_by="website",
    about="S-1001",
    about_title="Family plan",
    wants="cancel",
    reason="too_expensive",
    reasons=["too_expensive"],
    words=["it costs too much", "my card 4242 4242 4242 4242"],
    offers=[{"kind": "downgrade", "title": "Smaller plan", "answer": "declined"}],
    done=[],
    still_open=["S-1001"],
    transcript=[{"seq": 1, "from": "customer", "text": "Help, my password is hunter2", "at": "…"}],
)


def test_everything_a_person_needs_is_in_it():
    when = "Monday 30 November, 09:00 to 11:00 (New York time)"
    call = {"phone": "+12125550123", "window": when}
    text = ticket_text("T-1", "maya@home.example", SUMMARY, call=call)
    for needed in (
        "T-1", "over authority", "Maya", "A-1001", "website", "maya@home.example", "+12125550123",
        "Family plan", "cancel", "too expensive", "it costs too much", "Smaller plan (declined)",
        "S-1001", "customer: Help", when,
    ):  # fmt: skip
        assert needed in text


def test_31_cards_and_passwords_stay_here():
    text = ticket_text("T-1", "maya@home.example", SUMMARY)
    assert "4242" not in text
    assert "hunter2" not in text
    assert text.count(MASK) == 2


def test_31_only_what_is_a_card_or_an_account_is_masked():
    assert masked("order 4242 4242 4242 4243") == "order 4242 4242 4242 4243"  # fails Luhn's check
    assert masked("DE89 3704 0044 0532 0130 00 is mine") == f"{MASK} is mine"
    assert masked("call +1 212 555 0123 about O-5002") == "call +1 212 555 0123 about O-5002"


def test_28_the_subject_holds_nothing_a_customer_typed():
    assert subject_line("T-1", SUMMARY) == "[T-1] over authority: A-1001"
