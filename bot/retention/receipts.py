"""Receipts: what is kept of something done, as label keys and figures in reading order."""

from __future__ import annotations

from bot.retention.account import ConcessionKind, Order
from bot.retention.calendar import write_instant
from bot.retention.dialogue import Receipt, Scene
from bot.retention.offer import Offer

Lines = tuple[tuple[str, str], ...]

_EXIT = ("contract", "requested", "effective", "last_charge", "refund", "open")
# Lines, each with the figure it shows; the end of a span may be open.
_SPAN = (("starts", "starts_on"), ("until", "until"))
_OFFER = (
    ("price_before", "price"),
    ("price_after", "price_after"),
    *_SPAN,
    ("next_charge_on", "next_charge_on"),
)
_SERVICES = {
    "pause": (*_SPAN, ("next_charge_on", "next_charge_on")),
    "skip": (("skipped", "on"),),
    "plan": (
        ("new_plan", "plan"),
        ("price_before", "price"),
        ("price_after", "price_after"),
        ("starts", "starts_on"),
    ),
    "frequency": (("rhythm", "every_weeks"),),
}
_ORDERS = {
    "order_canceled": (("refund", "refund"),),
    "order_refund": (("refund_due", "refund"),),
    "order_exchange": (("new_item", "new_item"),),
    "order_store_credit": (("credit", "credit"),),
}

# Every kind of receipt and every label there is; whoever words receipts must know them all.
KINDS = frozenset(
    {"cancellation", "queued", *_ORDERS}
    | {f"offer_{kind.value}" for kind in ConcessionKind}
    | {f"service_{kind}" for kind in _SERVICES}
)
LABELS = frozenset(
    {*_EXIT, "agreed"}
    | {label for label, _ in _OFFER}
    | {label for lines in (*_SERVICES.values(), *_ORDERS.values()) for label, _ in lines}
)


def exit_receipt(scene: Scene, figures: dict[str, str], *, number: int) -> Receipt:
    """Return the receipt of the `number`th contract that was left in this move (R14)."""
    lines = tuple((key, figures[key]) for key in _EXIT if figures[key])
    return Receipt(f"r-{scene.situation.new_id}-{number}", "cancellation", lines)


def queued_receipt(scene: Scene, figures: dict[str, str]) -> Receipt:
    lines = (("contract", figures["contract"]), ("requested", figures["requested_at"]))
    return _receipt(scene, "queued", lines)


def offer_receipt(scene: Scene, offer: Offer, figures: dict[str, str]) -> Receipt:
    lines = (*_agreed(scene, figures), *_lines(_OFFER, figures))
    return _receipt(scene, f"offer_{offer.kind.value}", lines)


def service_receipt(scene: Scene, kind: str, figures: dict[str, str]) -> Receipt:
    lines = (*_agreed(scene, figures), *_lines(_SERVICES[kind], figures))
    return _receipt(scene, f"service_{kind}", lines)


def order_receipt(scene: Scene, order: Order, kind: str, figures: dict[str, str]) -> Receipt:
    asked = (("contract", f"{order.item} ({order.id})"), ("requested", figures["requested"]))
    return _receipt(scene, kind, (*asked, *_lines(_ORDERS[kind], figures)))


def _agreed(scene: Scene, figures: dict[str, str]) -> Lines:
    return (("contract", figures["subject"]), ("agreed", write_instant(scene.situation.now)))


def _lines(shown: Lines, figures: dict[str, str]) -> Lines:
    return tuple((key, figures[figure]) for key, figure in shown if figures[figure] != "-")


def _receipt(scene: Scene, kind: str, lines: Lines) -> Receipt:
    return Receipt(f"r-{scene.situation.new_id}", kind, lines)
