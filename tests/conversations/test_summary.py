"""A person who takes over learns everything from the summary."""

from __future__ import annotations

from typing import Any

import pytest

from bot.conversations.summary import summarise


def a_summary(**but: Any) -> dict[str, Any]:
    said: dict[str, Any] = {
        "escalation": "requested",
        "account": "A-1001",
        "customer_name": "Maya",
        "customer_email": "maya@example.org",
        "identified_by": "website",
        "about": "S-1",
        "about_title": "Family plan",
        "wants": "cancel",
        "reason": "too_expensive",
        "reasons": ["too_expensive", "unused"],
        "words": ["it costs too much", "  "],
        "offers": [
            {"kind": "downgrade", "title": "Duo", "answer": "declined", "more": 1},
            {"kind": "discount", "title": "20 % off", "answer": "accepted"},
            {"kind": "pause", "title": "Pause", "answer": "none"},
        ],
        "done": ["refund requested"],
        "still_open": ["cancellation"],
        "transcript": [
            {"seq": n, "from": "customer", "text": str(n), "at": "t"} for n in range(1, 31)
        ],
        "because": "It comes first.",
        "value_minor": 124_600,
        "currency": "USD",
    }
    return summarise(**{**said, **but})


def test_a_summary_says_who_what_why_and_what_is_next() -> None:
    summary = a_summary()
    tail = summary.pop("transcript")
    assert [message["seq"] for message in tail] == list(range(19, 31))
    assert summary == {
        "escalation": "requested",
        "who": {
            "account": "A-1001",
            "name": "Maya",
            "email": "maya@example.org",
            "identified_by": "website",
        },
        "value": {"minor": 124_600, "currency": "USD"},
        "about": {"id": "S-1", "title": "Family plan"},
        "wants": "cancel",
        "reason": "too_expensive",
        "reasons": ["too_expensive", "unused"],
        "words": ["it costs too much"],
        "offers": {
            "offered": [
                {"kind": "downgrade", "title": "Duo", "answer": "declined"},
                {"kind": "discount", "title": "20 % off", "answer": "accepted"},
                {"kind": "pause", "title": "Pause", "answer": "none"},
            ],
            "accepted": ["20 % off"],
            "declined": ["Duo"],
            "because": "It comes first.",
        },
        "done": ["refund requested"],
        "still_open": ["cancellation"],
    }


def test_a_summary_of_an_unknown_visitor_has_every_key_too() -> None:
    nothing = a_summary(
        account=None,
        customer_name=None,
        customer_email=None,
        identified_by=None,
        about=None,
        about_title=None,
        reason=None,
        reasons=(),
        words=(),
        offers=(),
        done=(),
        still_open=(),
        transcript=(),
    )
    assert nothing.keys() == a_summary().keys()


@pytest.mark.parametrize(
    "but",
    [{"escalation": "bored"}, {"offers": [{"kind": "pause", "title": "P", "answer": "maybe"}]}],
)
def test_unknown_words_are_refused(but: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="unknown"):
        a_summary(**but)
