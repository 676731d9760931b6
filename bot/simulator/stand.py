"""What the customer has said so far in one save attempt, remembered by the judge itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.simulator.books import left
from bot.simulator.reading import Reading
from bot.simulator.transcript import LEAVING, Exchange, Means
from bot.simulator.verdict import Case

_STAYS = frozenset({Means.KEEP, Means.UNDO})


@dataclass(frozen=True)
class Stand:
    """Where a conversation stands before an exchange.

    `wished`: a wish to leave was stated; `plainly`: and not only as "cheaper, or I leave", after
    which the first plain wish is the first one; `said_no`: refused, insisted, or said again (R3);
    `hardship` and `asked_for_more` count from when they were said to the end of the attempt.
    `about` is what they chose when they were asked which one is meant, `words` what they said when
    they wished to leave.
    """

    wished: bool = False
    plainly: bool = False
    said_no: bool = False
    hardship: bool = False
    asked_for_more: bool = False
    asked_why: bool = False
    about: str | None = None
    words: str = ""


@dataclass(frozen=True)
class Placed:
    """An exchange in its place: what was shown before it, where it stands, what it insists on.

    `is_another`: by what they choose here, the wish before it was about another one than the wishes
    before that.
    """

    at: int
    exchange: Exchange
    before: Exchange
    stand: Stand
    insists: bool
    said_no: bool
    left: tuple[str, ...]
    is_another: bool = False

    @property
    def was_shown(self) -> Reading:
        return Reading(self.before.seen)

    @property
    def is_shown(self) -> Reading:
        return Reading(self.exchange.seen)

    @property
    def means(self) -> frozenset[Means]:
        return self.exchange.did.means


def placed(case: Case) -> Iterator[Placed]:
    """Yield every exchange after the opening, in its place."""
    conversation, stand = case.conversation, Stand()
    before, *exchanges = conversation.exchanges
    for at, exchange in enumerate(exchanges, 1):
        chosen = _chosen(exchange, before)
        is_another = _is_another(chosen, stand, before)
        if is_another:  # nothing has been said of that one yet
            stand = Stand(wished=True, plainly=True, hardship=stand.hardship)
        stand = replace(stand, about=chosen or stand.about)
        insists = _insists(exchange, before, stand, strict=case.profile.is_strict)
        gone = left(conversation.books_before(at), exchange.account)
        said_no = _says_no(exchange, before, stand, insists=insists)
        one = Placed(at, exchange, before, stand, insists, said_no, gone, is_another)
        yield one
        stand = _after(one)
        # Nothing is said to silence: what was on the screen is still there.
        still_there = Means.SILENT in exchange.did.means and not exchange.seen
        before = replace(exchange, seen=before.seen) if still_there else exchange


def _chosen(exchange: Exchange, before: Exchange) -> str | None:
    """Return which of those they were asked about they say is meant."""
    shown = Reading(before.seen)
    if Means.CHOOSE not in exchange.did.means or not shown.asks_which:
        return None
    return exchange.did.title or _named(exchange.did.text, shown)


def _is_another(chosen: str | None, stand: Stand, before: Exchange) -> bool:
    """Whether it is another one than the wishes before were about."""
    about = stand.about or _named(stand.words, Reading(before.seen))
    return None not in (about, chosen) and about != chosen


def _named(text: str, shown: Reading) -> str | None:
    """Return the choice whose name in brackets, "Solo (mother)", stands in what was typed."""
    said = text.lower()
    for _id, title in shown.choices:
        _plan, _, name = title.rstrip(")").partition(" (")
        if name and name in said:
            return title
    return None


def _insists(exchange: Exchange, before: Exchange, stand: Stand, *, strict: bool) -> bool:
    """Say whether this demands the exit: the control, words without question, saying it again, a
    no to an offer after a wish to leave; and every wish where nothing may be offered."""
    means, shown = exchange.did.means, Reading(before.seen)
    if means & {Means.INSIST, Means.AT_ONCE} or {Means.LEGAL, Means.WISH} <= means:
        return True
    if Means.WISH in means and Means.DISCOUNT not in means:
        answers_why = shown.asks_why and Means.REASON in means
        in_a_queue = before.holder != "assistant"
        return strict or in_a_queue or (stand.plainly and not answers_why)
    return Means.DECLINE in means and stand.wished and shown.offer_kind is not None


def _says_no(exchange: Exchange, before: Exchange, stand: Stand, *, insists: bool) -> bool:
    means, shown = exchange.did.means, Reading(before.seen)
    if Means.NO_REASON in means and shown.asks_why:
        return True
    if Means.DECLINE in means and shown.offer_kind is not None:
        return True
    first_wish = Means.WISH in means and not stand.plainly
    return insists and not first_wish


def _after(one: Placed) -> Stand:
    means, stand = one.means, one.stand
    if means & _STAYS or one.left:
        return Stand(hardship=stand.hardship, about=stand.about)
    wishes = bool(means & LEAVING)
    return replace(
        stand,
        words=f"{stand.words}\n{one.exchange.did.text}" if wishes else stand.words,
        wished=stand.wished or wishes,
        plainly=stand.plainly or (wishes and Means.DISCOUNT not in means),
        said_no=stand.said_no or one.said_no,
        hardship=stand.hardship or Means.HARDSHIP in means,
        asked_for_more=stand.asked_for_more or bool(means & {Means.MORE, Means.DISCOUNT}),
        asked_why=stand.asked_why or one.is_shown.asks_why,
    )
