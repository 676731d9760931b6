"""Take what the customer typed or pressed: durable and in order before anybody answers."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.conversations.button import CANCEL, CONTROLS, OfferedButton
from bot.conversations.conversation import Conversation
from bot.conversations.message import Message, Sender, checked_client_id, clean_text, message_id
from bot.conversations.turn import Lane, Turn
from bot.errors import ButtonExpired, ButtonUnknown, InvalidInput, MessageIdReused, TooManyMessages
from bot.retention.say import Say
from bot.use_cases.add_to_ticket import add_to_ticket
from bot.use_cases.answers import CONTROL_TITLES, INTENT_OF_CONTROL
from bot.use_cases.ports import DeskUnitOfWork
from bot.use_cases.switchboard import Switchboard

log = structlog.get_logger()

_MINUTE = timedelta(minutes=1)
# What the buttons of a survey mean; answering it asks nobody for anything.
RATE_SERVICE = "rate_service"
_CONTROLS_FACTOR = 5


@dataclass(frozen=True)
class Posted:
    """`lane` is where the answer is worked out: call `run_turn` for it. `is_repeat`: nothing new
    was stored, this is the first result again."""

    message: Message
    last_seq: int
    lane: Lane
    is_repeat: bool = False


@dataclass(frozen=True)
class _Sent:
    """What came in, checked; exactly one of `text` and `button_id` is there."""

    conversation: str
    client_message_id: str
    text: str | None
    button_id: str | None

    @property
    def lane(self) -> Lane:
        return Lane.CONTROL if self.button_id in CONTROLS else Lane.TALK

    def is_same_as(self, message: Message) -> bool:
        if self.button_id is not None:
            return self.button_id == message.button_id
        return message.button_id is None and self.text == message.text


def post_message(
    conversation: str,
    *,
    client_message_id: str,
    text: str | None = None,
    button_id: str | None = None,
    switchboard: Switchboard,
) -> Posted:
    """Store one message of the customer; give exactly one of `text` and `button_id`.

    The button ids `cancel` and `person` are the controls: they work in every state.

    Raises:
        ConversationNotFound, MessageEmpty, MessageTooLong, InvalidInput: nothing was stored.
        MessageIdReused: this client message id came before with another body.
        ButtonUnknown: never offered here.
        ButtonExpired: its offer, consent or confirmation is over.
        TooManyMessages: more than the limit in a minute; five times as many for the controls.
    """
    if (text is None) == (button_id is None):
        raise InvalidInput("Send either a text or a button_id.")
    sent = _Sent(
        conversation,
        checked_client_id(client_message_id),
        None if text is None else clean_text(text),
        button_id,
    )
    with switchboard.unit_of_work() as uow:
        posted = _post(sent, uow, switchboard)
        uow.commit()
    switchboard.wake(conversation)
    log.info(
        "message_posted",
        message_id=posted.message.id,
        lane=posted.lane.value,
        is_repeat=posted.is_repeat,
    )
    return posted


def _post(sent: _Sent, uow: DeskUnitOfWork, switchboard: Switchboard) -> Posted:
    now = switchboard.clock.now()
    conversation = uow.conversations.locked(sent.conversation)
    first = uow.conversations.message_sent_as(sent.conversation, sent.client_message_id)
    if first is not None and not sent.is_same_as(first):
        raise MessageIdReused
    button = _button(sent, uow, switchboard) if first is None else None
    if button is not None:
        first = _double_click(button, uow)
    if first is not None:
        return Posted(first, conversation.last_seq, sent.lane, is_repeat=True)
    _check_rate(sent, uow, now, limit=switchboard.limits.messages_per_minute)
    if button is not None and button.is_binding:
        button.check_valid(
            stage=uow.dialogues.get(sent.conversation)[0].get("awaiting"),
            newest_offer=uow.conversations.newest_offer(sent.conversation),
            reads_the_same=uow.conversations.reads_the_same(button),
            now=now,
        )
    if button is not None and button.intent == RATE_SERVICE:
        return _store_rating(sent, conversation, button, uow=uow, switchboard=switchboard)
    return _store(sent, conversation, button, uow=uow, now=now)


def _store_rating(
    sent: _Sent,
    conversation: Conversation,
    button: OfferedButton,
    *,
    uow: DeskUnitOfWork,
    switchboard: Switchboard,
) -> Posted:
    """Record the answer to a survey, once, and say thanks; a closed conversation stays closed."""
    now = switchboard.clock.now()
    if not uow.surveys.answer(conversation.id, int(dict(button.entities)["rating"]), now=now):
        raise ButtonExpired
    conversation = conversation.next_message()
    message = _pressed(sent, conversation, button.title, now)
    uow.conversations.add_message(message)
    uow.conversations.press(button, seq=message.seq)
    thanks = switchboard.wording.render(Say("utter_survey_thanks"))
    conversation = conversation.next_message()
    uow.conversations.add_message(
        Message(conversation.id, conversation.last_seq, Sender.SYSTEM, thanks.text, now)
    )
    uow.conversations.save(conversation, now=now)
    return Posted(message, conversation.last_seq, sent.lane)


def _pressed(sent: _Sent, conversation: Conversation, text: str, now: datetime) -> Message:
    return Message(
        conversation=conversation.id,
        seq=conversation.last_seq,
        sender=Sender.CUSTOMER,
        text=text,
        at=now,
        client_message_id=sent.client_message_id,
        button_id=sent.button_id,
    )


def _button(sent: _Sent, uow: DeskUnitOfWork, switchboard: Switchboard) -> OfferedButton | None:
    if sent.button_id is None:
        return None
    if sent.button_id in CONTROLS:
        # A control is there whether or not a message offered it, and can be pressed again.
        title = uow.conversations.control_title(sent.conversation, sent.button_id)
        return OfferedButton(
            conversation=sent.conversation,
            id=sent.button_id,
            seq=0,
            title=title or switchboard.wording.title(CONTROL_TITLES[sent.button_id]),
            intent=INTENT_OF_CONTROL[sent.button_id],
        )
    button = uow.conversations.button(sent.conversation, sent.button_id)
    if button is None:
        raise ButtonUnknown
    return button


def _double_click(button: OfferedButton, uow: DeskUnitOfWork) -> Message | None:
    """Return the message of the first press, if this is only another click on the same button.

    Raises:
        ButtonExpired: it was pressed before, and the customer has gone on since.
    """
    if button.id in CONTROLS:
        unanswered = uow.turns.oldest_waiting(button.conversation, Lane.CONTROL)
        if unanswered is None or unanswered.intent != button.intent or unanswered.seq is None:
            return None
        return uow.conversations.message_at(button.conversation, unanswered.seq)
    if button.pressed_seq is None:
        return None
    pressed = uow.conversations.message_at(button.conversation, button.pressed_seq)
    later = uow.conversations.messages(button.conversation, after=button.pressed_seq)
    if any(message.sender is Sender.CUSTOMER for message in later):
        raise ButtonExpired
    return pressed


def _check_rate(sent: _Sent, uow: DeskUnitOfWork, now: datetime, *, limit: int) -> None:
    """Refuse what comes too fast; the controls only at a pace that no hand can press."""
    if sent.lane is Lane.CONTROL:
        limit *= _CONTROLS_FACTOR
    earlier = uow.conversations.sent_since(sent.conversation, now - _MINUTE)
    if len(earlier) >= limit:
        wait = earlier[-limit] + _MINUTE - now
        raise TooManyMessages(max(1, math.ceil(wait.total_seconds())))


def _store(
    sent: _Sent,
    conversation: Conversation,
    button: OfferedButton | None,
    *,
    uow: DeskUnitOfWork,
    now: datetime,
) -> Posted:
    conversation = conversation.next_message().next_turn()
    cause = message_id(conversation.id, conversation.last_seq)
    conversation = conversation.heard(cause=cause, now=now)
    if sent.lane is Lane.CONTROL:
        # What the assistant still works on was asked before this press and must not come after.
        conversation = replace(conversation, hold=conversation.hold.touched(cause=cause))
    text = button.title if button is not None else sent.text or ""
    message = _pressed(sent, conversation, text, now)
    uow.conversations.add_message(message)
    uow.conversations.save(conversation, now=now)
    add_to_ticket(conversation, message, uow=uow, now=now)
    uow.turns.add(
        Turn(
            conversation=conversation.id,
            number=conversation.last_turn,
            message_id=message.id,
            lane=sent.lane,
            asked_at=now,
            text=message.text,
            seq=message.seq,
            intent=button.intent if button is not None else None,
            entities=button.entities if button is not None else (),
        )
    )
    if button is not None and sent.lane is Lane.TALK:
        uow.conversations.press(button, seq=message.seq)
    if sent.button_id == CANCEL:
        uow.turns.supersede(conversation.id, before=conversation.last_turn, now=now)
    return Posted(message, conversation.last_seq, sent.lane)
