"""The quick replies the desk offers; their titles stand in domain.yml under utter_button_…."""

from __future__ import annotations

from bot.retention.account import OPEN_TO_RETURN, Order, Subscription
from bot.retention.cancellation import CancellationReason
from bot.retention.say import PRESS_CANCEL, PRESS_PERSON, Button

CANCEL = Button("utter_button_cancel", PRESS_CANCEL)
CANCEL_ORDER = Button("utter_button_cancel_order", PRESS_CANCEL)
RETURN_FOR_REFUND = Button("utter_button_return_for_refund", PRESS_CANCEL)
PERSON = Button("utter_button_person", PRESS_PERSON)
CONFIRM = Button("utter_button_confirm", "affirm")
SOMETHING_ELSE = Button("utter_button_something_else", "ask_other_options")
KEEP = Button("utter_button_keep", "keep_subscription")
KEEP_ORDER = Button("utter_button_keep_order", "keep_subscription")
UNDO = Button("utter_button_undo", "undo_cancellation")
NO_REASON = Button("utter_button_no_reason", "deny")
SOLVED = Button("utter_button_solved", "keep_subscription")
ERASE_DATA = Button("utter_button_erase_data", "request_data_erasure")

# The reasons asked for by button: those most often given. Any other can be typed.
_ASKED_REASONS = (
    CancellationReason.TOO_EXPENSIVE,
    CancellationReason.UNUSED,
    CancellationReason.TEMPORARY_BREAK,
    CancellationReason.DELIVERY_PROBLEM,
    CancellationReason.LOW_QUALITY,
    CancellationReason.SWITCHED_SERVICE,
)

REASONS = tuple(
    Button(
        f"utter_button_reason_{reason.value}",
        "give_reason",
        (("cancellation_reason", reason.value),),
    )
    for reason in _ASKED_REASONS
)

# What stands under the question why: answering is optional, and the exit is always there.
WHY = (*REASONS, NO_REASON, CANCEL, PERSON)


def accept(offer_id: str) -> Button:
    """Accepting is bound to the offer it stood under, so that an old button takes nothing new."""
    return Button("utter_button_accept", "accept_offer", (("offer", offer_id),))


def choose(option: str, title: str) -> Button:
    return Button(title, "choose_option", (("option", option),))


def pause_for(months: int) -> Button:
    return Button(f"utter_button_pause_{months}", "request_pause", (("duration", f"P{months}M"),))


def keep(subject: Subscription | Order) -> Button:
    return KEEP if isinstance(subject, Subscription) else KEEP_ORDER


def exit_control(subject: Subscription | Order) -> Button:
    """Return the exit as it reads for this subject."""
    if isinstance(subject, Subscription):
        return CANCEL
    return RETURN_FOR_REFUND if subject.status in OPEN_TO_RETURN else CANCEL_ORDER
