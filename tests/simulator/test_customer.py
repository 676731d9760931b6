"""A simulated customer is content with what they said yes to, unless they are of those who turn."""

from __future__ import annotations

import random
from dataclasses import replace

from bot.simulator.customer import Customer
from bot.simulator.personas import PERSONAS, Persona
from bot.simulator.reading import Reading
from bot.simulator.transcript import LEAVING, Did, Means
from tests.simulator.conversations import CANCEL, account, offer, said

TERMS = said("To be exact: $29.00 a month. Shall I do it?", ("y", "Confirm"), CANCEL)
DONE = said("Done. Solo changes to Light. You can cancel at any time.", CANCEL)
HUNTER = replace(
    next(one for one in PERSONAS if one.name == "bargain hunter"), walks_away=0.0, persuadable=2.0
)
SEEDS = range(200)


def after_a_yes(persona: Persona, seed: int) -> tuple[Customer, Did | None] | None:
    """Return somebody whose offer was booked and their next move; None: they did not take it."""
    customer = Customer(persona, account(), random.Random(seed), code=str)
    customer.resists = False
    moves = [customer.next_move(Reading((seen,)), "assistant") for seen in (DONE, offer(), TERMS)]
    if moves[2] is None or Means.YES not in moves[2].means or Means.ACCEPT not in moves[1].means:
        return None
    return customer, customer.next_move(Reading((DONE,)), "assistant")


def test_who_has_what_they_said_yes_to_does_not_ask_for_the_exit():
    content = replace(HUNTER, turns_back=0.0)
    found = [one for one in (after_a_yes(content, seed) for seed in SEEDS) if one]
    assert len(found) > 20
    for customer, did in found:
        assert not customer.wants_out
        assert did is None or not did.means & LEAVING


def test_some_turn_from_what_they_accepted_after_it_was_done():
    turning = replace(HUNTER, turns_back=0.5)
    found = [one[1] for one in (after_a_yes(turning, seed) for seed in SEEDS) if one]
    leave = [did for did in found if did and did.means & LEAVING]
    assert 0 < len(leave) < len(found)


def test_who_never_wished_to_leave_says_so_when_asked_why():
    why = said("Why would you like to leave? You don't have to say.", CANCEL)
    asking = replace(HUNTER, opens=("discount",), wants_a_person=0.0, digresses=0.0)
    for seed in SEEDS:
        customer = Customer(asking, account(), random.Random(seed), code=str)
        customer.next_move(Reading(()), "assistant")
        did = customer.next_move(Reading((why,)), "assistant")
        assert did is not None
        assert did.means == {Means.KEEP}
