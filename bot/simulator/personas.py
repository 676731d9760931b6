"""The nine customers who are simulated, and how likely each is to do what.

Where a figure has a public source it is named here; every other one is an assumption, and written
as such in `bot/docs/simulator.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# Of the sessions in Churnkey's own worked example 90 of 390 were left without a decision: 23 %.
# Spread over the three messages at which a customer decides whether to go on, that is a chance
# of 1 - (1 - 0.23) ** (1 / 3) at each of them.
WALKS_AWAY = 0.083
# Of 2,790 real sales chats a quarter of those who did not buy resisted from the start; language
# models that play customers halve that. Nobody here is played by one, and the share is set.
RESISTS = 0.25
# How often one kind of offer is accepted by those whom it fits. Pause: 40 to 60 % by two vendors.
# Discount: 53 % "persuaded" by one vendor, whose base is unclear, so less. The rest: assumptions
# between these and the 8 to 12 % of flows with one offer for everybody.
ACCEPTS: Mapping[str, float] = {
    "pause": 0.45,
    "discount": 0.40,
    "downgrade": 0.30,
    "extend_trial": 0.35,
    "credit": 0.30,
    "store_credit": 0.25,
    "exchange": 0.20,
    "skip": 0.25,
    "change_frequency": 0.25,
    "expert_session": 0.10,
}


@dataclass(frozen=True)
class Persona:
    """Somebody who comes to the desk.

    `opens` are keys of the sentences they may begin with; `reasons` what they say the cause is.
    `persuadable` scales `ACCEPTS`. All other numbers are chances from 0 to 1: `presses` a button
    where one fits (else they type), `insists` once they were answered, `asks_for_more` after an
    offer, `walks_away` at each message, `turns_back` from what was accepted (as it is restated, and
    again once it is done), `changes_mind` at the end, `wants_a_person`, `digresses` into a
    question, `tells` the reason when asked.
    """

    name: str
    opens: tuple[str, ...]
    reasons: tuple[str, ...] = ("too_expensive", "unused", "temporary_break", "switched_service")
    persuadable: float = 0.5
    presses: float = 0.5
    insists: float = 0.2
    asks_for_more: float = 0.1
    walks_away: float = WALKS_AWAY
    turns_back: float = 0.06
    changes_mind: float = 0.04
    wants_a_person: float = 0.04
    digresses: float = 0.08
    tells: float = 0.6
    typos: float = 0.12
    falls_silent: float = 0.1
    kinds: tuple[str, ...] = field(default=())


WISHES = (
    "wish",
    "wish_too_expensive",
    "wish_unused",
    "wish_temporary_break",
    "wish_switched_service",
    "wish_low_quality",
    "wish_delivery_problem",
    "wish_life_event",
)

PERSONAS: tuple[Persona, ...] = (
    Persona(
        "firm leaver",
        ("insist", "at_once", *WISHES),
        persuadable=0.0,
        insists=0.7,
        walks_away=0.02,
        changes_mind=0.0,
        tells=0.3,
    ),
    Persona(
        "bargain hunter",
        ("bargain_open", "discount", "wish_too_expensive"),
        reasons=("too_expensive",),
        persuadable=1.3,
        asks_for_more=0.5,
        insists=0.05,
    ),
    Persona(
        "wrong reason",
        ("wish", "wish_unused", "wish_too_expensive"),
        reasons=("unused", "temporary_break", "low_quality", "other"),
        persuadable=0.5,
        tells=0.9,
    ),
    Persona(
        "in hardship",
        ("hardship_wish", "hardship", "wish"),
        reasons=("hardship",),
        persuadable=0.0,
        insists=0.15,
        wants_a_person=0.3,
        tells=0.8,
    ),
    Persona(
        "liar about a promise",
        ("claim", "claim_wish", "bargain_open"),
        reasons=("too_expensive",),
        persuadable=0.8,
        asks_for_more=0.4,
        wants_a_person=0.15,
        insists=0.1,
    ),
    Persona(
        "changes mind",
        (*WISHES, "pause", "pause_open"),
        persuadable=0.8,
        turns_back=0.4,
        changes_mind=0.6,
        digresses=0.2,
    ),
    Persona(
        "silent",
        ("wish", "wish_unused", "unclear", "complain"),
        persuadable=0.3,
        walks_away=0.3,
        falls_silent=0.9,
        tells=0.2,
    ),
    Persona(
        "two subscriptions",
        ("wish", "wish_both", "wish_the_second", "wish_too_expensive", "pause", "insist"),
        persuadable=0.5,
        kinds=("two",),
    ),
    Persona(
        "angry",
        ("angry_wish", "legal", "complain_late", "wish_delivery_problem", "angry"),
        reasons=("delivery_problem", "low_quality"),
        persuadable=0.1,
        insists=0.5,
        wants_a_person=0.1,
        typos=0.3,
        tells=0.4,
    ),
)
