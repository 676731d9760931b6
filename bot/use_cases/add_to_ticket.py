"""Add what a customer writes while a ticket holds the conversation, wherever the ticket went."""

from __future__ import annotations

from datetime import datetime

from bot.conversations.conversation import Conversation
from bot.conversations.holder import Holder
from bot.conversations.masking import masked
from bot.conversations.message import Message
from bot.use_cases.ports import DeskUnitOfWork
from bot.use_cases.ticket_ports import ADD, TicketText


def add_to_ticket(
    conversation: Conversation, message: Message, *, uow: DeskUnitOfWork, now: datetime
) -> None:
    """Have typed words follow the ticket; inside the transaction that stores the message."""
    if conversation.hold.holder is not Holder.TICKET or message.button_id is not None:
        return
    ticket = uow.tickets.open_in(conversation.id)
    if ticket is not None:
        told = TicketText(f"{ticket}/{message.seq}", masked(message.text))
        uow.tickets.send_out(ticket, conversation.id, ADD, told, now=now)
