"""The ways a delivered order can go back, as the customer sees and names them."""

from __future__ import annotations

import re

from bot.retention import buttons
from bot.retention.account import Order
from bot.retention.dialogue import Awaiting, Scene
from bot.retention.offer import Choice, Offer
from bot.retention.say import PRESS_CANCEL, PRESS_PERSON, Button, Option

_EXCHANGE = re.compile(r"\b(exchang\w*|swap\w*|replac\w*|another one)\b", re.IGNORECASE)
_CREDIT = re.compile(r"\b(store ?credit|credit|voucher)\b", re.IGNORECASE)
_REFUND = re.compile(r"\b(refund\w*|money back)\b", re.IGNORECASE)
_CONTROLS = (PRESS_CANCEL, PRESS_PERSON, "return_order", "cancel_order", "request_cancellation")


def choice_of(offer: Offer, order: Order) -> Choice:
    value = order.price.minor + offer.value_minor
    return Choice(offer.kind.value, f"utter_button_{offer.kind.value}", offer.kind.value, value)


def choice_options(choices: tuple[Choice, ...]) -> tuple[Option, ...]:
    words = {"exchange": ("swap", "replace", "exchange"), "store_credit": ("credit", "voucher")}
    offered = tuple(Option(c.id, c.title, words.get(c.kind, ())) for c in choices)
    return (*offered, Option("refund", "utter_button_return_for_refund", ("refund", "money back")))


def choice_button(choice: Choice) -> Button:
    return buttons.choose(choice.id, choice.title)


def wished_way(text: str) -> str | None:
    for kind, pattern in (("exchange", _EXCHANGE), ("store_credit", _CREDIT), ("refund", _REFUND)):
        if pattern.search(text):
            return kind
    return None


def wished_item(scene: Scene, order: Order) -> str:
    """Return another item of the shop when one was named, else the same again."""
    return named_item(scene) or order.item


def named_item(scene: Scene) -> str | None:
    """Return the item of the shop that the words name; the longest name of several."""
    text = scene.heard.text.lower()
    items = sorted(scene.situation.terms.exchange_items, key=len, reverse=True)
    return next((item for item in items if item.lower() in text), None)


def names_another_item(scene: Scene) -> bool:
    """Say whether the words name what to exchange for, while the exchange waits for consent."""
    plea, heard = scene.dialogue.plea, scene.heard
    if scene.dialogue.awaiting is not Awaiting.CONSENT or heard.intent in _CONTROLS:
        return False
    if plea is None or plea.kind != "order_exchange":
        return False
    return named_item(scene) not in (None, plea.detail["item"])
