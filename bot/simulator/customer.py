"""A simulated customer: reads the newest messages, and decides what to do next."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.simulator import reading as read
from bot.simulator.meanings import MEANS_OF, pressed
from bot.simulator.personas import ACCEPTS, RESISTS, Persona
from bot.simulator.reading import Reading
from bot.simulator.transcript import LEAVING, Did, Means
from bot.simulator.words import say, sentences

_BESIDE = ("question_terms", "question_billing", "question_plans", "question_refund", "beside")
_SECOND_TIME = 0.06
# How many messages somebody writes who waits for a person.
_PATIENCE = 3


@dataclass
class Customer:
    """Somebody with an account; `code` tells them the newest code that was mailed to them.

    They know of themselves what a customer knows: their address, what they bought, what they have
    said. What the desk thinks of them they only see by its messages.
    """

    persona: Persona
    account: dict[str, Any]
    chance: random.Random
    code: Callable[[], str]
    wants_out: bool = False
    has_left: bool = False
    walked_away: bool = False
    resists: bool = field(init=False)
    _is_open: bool = field(default=False, init=False)
    _agreed: bool = field(default=False, init=False)
    _waited: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.resists = self.chance.random() < RESISTS

    def next_move(self, seen: Reading, holder: str) -> Did | None:
        """Return what the customer does now; None: they close the chat."""
        if not self._is_open:
            self._is_open = True
            return self._remember(self._typed(self._opening()))
        if self._is_leaving_the_chat(seen):
            return self._gone()
        for answer in self._answers(seen, holder):
            if answer is not None:
                return self._remember(answer)
        return None

    # --- What to do about what stands there, most pressing first -------------------------------

    def _answers(self, seen: Reading, holder: str) -> Iterator[Did | None]:
        yield self._who_i_am(seen)
        if self.has_left and not seen.says_left:
            return
        if seen.says_left:
            first, self.has_left = not self.has_left, True
            yield self._after_leaving(seen) if first else None
            return
        if holder != "assistant":
            yield self._while_waiting(seen)
            return
        if self._agreed and seen.says_done:
            yield self._after_agreeing(seen)
            return
        yield self._whether_to_end(seen)
        yield self._terms(seen)
        yield self._beside_the_matter()
        yield self._offer(seen)
        yield self._which(seen)
        yield self._solved(seen)
        yield self._why(seen)
        yield self._how_long(seen)
        yield self._sympathy(seen)
        yield self._not_understood(seen)
        if seen.cannot_be_ended:
            return
        yield self._otherwise(seen)

    def _who_i_am(self, seen: Reading) -> Did | None:
        if seen.asks_code and not seen.asks_email:
            return self._typed("code_only", code=self.code())
        if seen.asks_email or seen.asks_contact:
            return self._typed("email_only", email=self.account["customer"]["email"])
        return None

    def _after_leaving(self, seen: Reading) -> Did | None:
        if self._maybe(self.persona.changes_mind) and not seen.says_queued:
            return self._typed("undo")
        return self._typed(self.chance.choice(("thanks", "bye"))) if self._maybe(0.2) else None

    def _after_agreeing(self, seen: Reading) -> Did | None:
        """They have what they said yes to, and are content: most go, some want out after all."""
        self._agreed = self.wants_out = False
        if self._maybe(self.persona.turns_back):
            return self._out(seen)
        return self._typed(self.chance.choice(("thanks", "bye"))) if self._maybe(0.3) else None

    def _while_waiting(self, seen: Reading) -> Did | None:
        self._waited += 1
        if self._waited > _PATIENCE:
            return None
        if self.wants_out and not self.has_left and self._maybe(0.5):
            return self._out(seen)
        way = seen.button("Leave a message", "Carry on here")
        if way and self._maybe(0.4):
            return self._press(way)
        return self._typed("in_the_queue") if self._maybe(0.4) else None

    def _whether_to_end(self, seen: Reading) -> Did | None:
        if not seen.asks_whether_to_end:
            return None
        if not self.wants_out or self._maybe(self.persona.changes_mind / 2):
            return self._press(seen.button(*read.KEEPING)) or self._typed("keep")
        if self._maybe(0.5):
            return self._press(seen.button(read.CONFIRM))
        return self._typed("yes_please") if self._maybe(0.6) else self._press(seen.cancel_button)

    def _terms(self, seen: Reading) -> Did | None:
        if not seen.restates_terms:
            return None
        if self._maybe(self.persona.turns_back):
            return self._press(seen.cancel_button) if self._maybe(0.5) else self._typed("no_stop")
        self._agreed = True
        confirm = self._press(seen.button(read.CONFIRM))
        return confirm if self._maybe(0.7) else self._typed("yes_please")

    def _beside_the_matter(self) -> Did | None:
        if self._maybe(self.persona.wants_a_person / 2):
            return self._typed("person")
        if self._maybe(self.persona.digresses):
            return self._typed(self.chance.choice(_BESIDE))
        return None

    def _offer(self, seen: Reading) -> Did | None:
        if seen.offer_kind is None:
            return None
        if self._accepts(seen.offer_kind):
            take = seen.button(read.ACCEPT, "Exchange it", "Take store credit")
            return self._press(take) if self._presses() or not take else self._typed("accept")
        if self._maybe(self.persona.asks_for_more):
            other = seen.button(read.MORE)
            return self._press(other) if other and self._presses() else self._typed("more")
        if self._maybe(self.persona.changes_mind / 3):
            return self._press(seen.button(*read.KEEPING)) or self._typed("keep")
        if self._presses():
            return self._press(seen.cancel_button)
        return self._typed(
            self.chance.choice(("decline", "decline_and_leave", "decline_and_leave"))
        )

    def _which(self, seen: Reading) -> Did | None:
        if not seen.asks_which:
            return None
        if self._presses() or self.persona.name != "two subscriptions":
            return self._press(self.chance.choice(seen.choices))
        return self._typed(self.chance.choice(("both", "the_first", "the_second")))

    def _solved(self, seen: Reading) -> Did | None:
        if not seen.asks_whether_solved:
            return None
        content = not self.wants_out or self._maybe(0.3)
        return self._press(seen.button("Yes, that solves it")) if content else self._out(seen)

    def _why(self, seen: Reading) -> Did | None:
        if not seen.asks_why:
            return None
        if not self.wants_out:
            return self._typed("not_leaving")
        if self._maybe(self.persona.insists):
            return self._out(seen)
        if not self._maybe(self.persona.tells):
            no_reason = self._press(seen.button(read.NO_REASON))
            return no_reason if self._presses() else self._typed("no_reason")
        reason = self.chance.choice(self.persona.reasons)
        titles = [title for title, named in read.REASON_TITLES.items() if named == reason]
        if titles and self._presses():
            return self._press(seen.button(*titles))
        key = f"reason_{reason}" if f"reason_{reason}" in sentences() else "no_reason"
        return self._typed("hardship" if reason == "hardship" else key)

    def _how_long(self, seen: Reading) -> Did | None:
        if not seen.asks_how_long:
            return None
        months = seen.button("1 month", "2 months", "3 months")
        return self._press(months) or self._typed("pause")

    def _sympathy(self, seen: Reading) -> Did | None:
        if not seen.has_sympathy:
            return None
        if self._maybe(self.persona.wants_a_person):
            person = seen.button("Talk to a person")
            return self._press(person) if self._presses() else self._typed("person")
        return self._out(seen) if self.wants_out or self._maybe(0.6) else None

    def _not_understood(self, seen: Reading) -> Did | None:
        if not seen.not_understood:
            return None
        return self._out(seen) if self.wants_out else self._typed(self._wish())

    def _otherwise(self, seen: Reading) -> Did | None:
        """Something was answered or noted, and nothing is asked."""
        if self.wants_out:
            return self._out(seen)
        if self._maybe(0.5):
            return self._typed(self._wish())
        keep = seen.button(*read.KEEPING)
        return self._press(keep) if keep and self._maybe(0.5) else None

    # --- What they are like ---------------------------------------------------------------------

    def _opening(self) -> str:
        if not self._has_subscriptions:
            return self._wish()
        return self.chance.choice(self.persona.opens)

    def _wish(self) -> str:
        """Return how they would say that they want out of what they have."""
        if self._has_subscriptions:
            return "again" if self.wants_out else "wish"
        delivered = any(order["delivered_on"] for order in self.account["orders"])
        return "return_order" if delivered else "cancel_order"

    @property
    def _has_subscriptions(self) -> bool:
        return bool(self.account["subscriptions"])

    def _out(self, seen: Reading) -> Did:
        pressed_it = self._press(seen.cancel_button)
        if pressed_it and self._presses():
            return pressed_it
        key = "insist" if self._maybe(self.persona.insists) else self._wish()
        return self._typed(key if self._has_subscriptions else self._wish())

    def _accepts(self, kind: str) -> bool:
        likely = ACCEPTS.get(kind, 0.1) * self.persona.persuadable
        return not self.resists and self._maybe(likely / (1 - RESISTS))

    def _is_leaving_the_chat(self, seen: Reading) -> bool:
        """Some go on with something else, as calibrated; nobody does in the middle of an exit."""
        if seen.says_left or seen.asks_whether_to_end or self.walked_away:
            return self.walked_away
        return self._maybe(self.persona.walks_away)

    def _gone(self) -> Did | None:
        """They are gone: the chat stays open on some screen, or it is closed."""
        first, self.walked_away = not self.walked_away, True
        if first and self._maybe(self.persona.falls_silent):
            self.walked_away = self._maybe(0.7)
            return Did(frozenset({Means.SILENT}))
        return None

    # --- Doing it -------------------------------------------------------------------------------

    def _typed(self, key: str, **figures: str) -> Did:
        item = next((order["item"] for order in self.account["orders"]), "order")
        figures = {"item": item, **figures}
        text = say(key, self.chance, typos=self.persona.typos, **figures)
        return Did(MEANS_OF[key], text=text, times=self._times())

    def _press(self, button: tuple[str, str] | None) -> Did | None:
        if button is None:
            return None
        ident, title = button
        return Did(pressed(ident, title), button=ident, title=title, times=self._times())

    def _presses(self) -> bool:
        return self._maybe(self.persona.presses)

    def _times(self) -> int:
        """Return how often it is sent: a double click, or once more after the line broke."""
        return 2 if self._maybe(_SECOND_TIME) else 1

    def _maybe(self, likely: float) -> bool:
        return self.chance.random() < likely

    def _remember(self, did: Did) -> Did:
        if did.means & LEAVING:
            self.wants_out, self._agreed = True, False
        if did.means & {Means.KEEP, Means.UNDO}:
            self.wants_out = self.has_left = False
        return did
