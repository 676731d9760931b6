"""One conversation from a seed: the account, the customer, the talk, and the books afterwards."""

from __future__ import annotations

import random
from datetime import timedelta

from bot.simulator.accounts import draw_account
from bot.simulator.customer import Customer
from bot.simulator.desk import DeskMaker, SimulatedDesk
from bot.simulator.line import Line
from bot.simulator.personas import PERSONAS
from bot.simulator.reading import CANCEL_ID, Reading
from bot.simulator.transcript import Conversation, Did, Exchange, Means
from bot.use_cases.check_records import check_records
from bot.use_cases.show_account import account_view
from bot.use_cases.waiting_cancellations import settle_cancellations

MOST_MOVES = 14
# Shares of the conversations in which billing does not take commands, or loses one answer.
_DOWN, _BREAKS_OFF = 0.04, 0.03
_NOT_SIGNED_IN = 0.07
_SOON, _MONTHS_LATER, _A_YEAR_LATER = timedelta(minutes=10), timedelta(days=45), timedelta(days=400)


def simulate(seed: int, maker: DeskMaker) -> Conversation:
    """Return the whole conversation of this seed: the same one whenever it is asked for."""
    chance = random.Random(f"customer {seed}")
    persona = PERSONAS[seed % len(PERSONAS)]
    drawn = draw_account(chance, persona.kinds)
    names = random.Random(f"names {seed}")
    with maker.desk_for(drawn.books, now=drawn.now, chance=names) as desk:
        account = drawn.books.account.number
        before = account_view(desk.billing.real.history(account, now=drawn.now))
        conversation = Conversation(seed, persona.name, before)
        _let_billing_fail(desk, chance)
        conversation.billing_was_down = desk.billing.is_down or desk.billing.breaks_off
        conversation.signed_in = chance.random() >= _NOT_SIGNED_IN
        code = lambda: desk.newest_mail()["code"]  # noqa: E731
        _talk(conversation, Line(desk, account, chance), Customer(persona, before, chance, code))
        _look_afterwards(conversation, desk, account)
    return conversation


def _let_billing_fail(desk: SimulatedDesk, chance: random.Random) -> None:
    drawn = chance.random()
    desk.billing.is_down = drawn < _DOWN
    desk.billing.breaks_off = _DOWN <= drawn < _DOWN + _BREAKS_OFF


def _talk(conversation: Conversation, line: Line, customer: Customer) -> None:
    exchanges = conversation.exchanges
    exchanges.append(line.open(signed_in=conversation.signed_in))
    while len(exchanges) <= MOST_MOVES:
        did = customer.next_move(_newest(exchanges), exchanges[-1].holder)
        if did is None:
            break
        exchanges.append(_done(did, line))
    else:
        # Whoever still wants out after all that has seen the control often enough.
        if customer.wants_out and not customer.has_left:
            exchanges.append(line.do(_the_control(exchanges[-1])))
    exchanges.append(line.close())


def _newest(exchanges: list[Exchange]) -> Reading:
    """Return what stands on the screen: the newest messages there are."""
    return Reading(next((e.seen for e in reversed(exchanges) if e.seen), ()))


def _done(did: Did, line: Line) -> Exchange:
    return line.fall_silent(did) if Means.SILENT in did.means else line.do(did)


def _the_control(last: Exchange) -> Did:
    shown = Reading(last.seen).cancel_button
    title = shown[1] if shown else "Cancel now"
    return Did(frozenset({Means.INSIST}), button=CANCEL_ID, title=title)


def _look_afterwards(conversation: Conversation, desk: SimulatedDesk, account: str) -> None:
    real, clock = desk.billing.real, desk.clock
    conversation.attempts = desk.switchboard.views.attempts(account, since_reset=False)
    desk.billing.is_down = desk.billing.breaks_off = False
    clock.forward(_SOON)
    settle_cancellations(unit_of_work=desk.desk.unit_of_work, billing=desk.billing, clock=clock)
    conversation.settled = account_view(real.history(account, now=clock.now()))
    yearly = any(s["interval"] == "year" for s in conversation.before["subscriptions"])
    clock.forward(_A_YEAR_LATER if yearly else _MONTHS_LATER)
    conversation.later = account_view(real.history(account, now=clock.now()))
    held = [link.payload or {} for link in desk.records.links() if link.kind == "held_back"]
    conversation.held_back = tuple(rule for payload in held for rule in payload["rules"])
    conversation.chain_broken = check_records(records=desk.records).broken
