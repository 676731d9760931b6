"""Review a conversation: what was said, understood and decided, turn by turn."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.annotation.rehearsed import Step
from bot.conversations.message import Message, Sender
from bot.conversations.personal import generalised, impersonal
from bot.conversations.understood import Heard, Part, Understood
from bot.people.audit import AuditEntry
from bot.retention.verdict_words import why
from bot.use_cases.note_audit import note_audit
from bot.use_cases.review_ports import Decided, Listed, Talk
from bot.use_cases.review_room import ReviewRoom

MOST_LISTED = 50
MOST_CHARACTERS = 100
# Who proves an address in a chat is known from the start where it is played again.
_IDENTIFYING = frozenset({"provide_email", "provide_code"})


@dataclass(frozen=True)
class Piece:
    """Some of a message's words; `kind` and `value` where they name something."""

    text: str
    kind: str | None = None
    value: str | None = None


@dataclass(frozen=True)
class Line:
    """A message as a trainer may read it, without what is personal.

    `understood` and `decided` are there for what the customer did: typed words were understood,
    and every turn was answered by responses.
    """

    seq: int
    sender: str
    pieces: tuple[Piece, ...]
    at: datetime
    buttons: tuple[str, ...] = ()
    offer: str | None = None
    understood: Understood | None = None
    decided: Decided | None = None

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Review:
    """`steps` are the customer's side, generalised; `intents` what it meant to the assistant."""

    id: str
    account: str | None
    holder: str
    opened_at: datetime
    lines: tuple[Line, ...]
    attempts: tuple[Mapping[str, Any], ...]
    steps: tuple[Step, ...]
    intents: tuple[str, ...]


def list_conversations(
    words: str = "",
    *,
    only_missed: bool = False,
    before: datetime | None = None,
    by: str | None,
    room: ReviewRoom,
) -> tuple[Listed, ...]:
    """Return at most 50 conversations in which these words were said, newest first.

    `by` is who looks, by their id in the audit; None on the command line.
    """
    wanted = words.strip()[:MOST_CHARACTERS]
    found = room.views.talks(words=wanted, only_missed=only_missed, before=before, most=MOST_LISTED)
    # What was searched for is a customer's words as often as not, and is not noted.
    _note("studio_conversations_listed", None, by, room, found=len(found))
    return found


def review_conversation(conversation: str, *, by: str | None, room: ReviewRoom) -> Review:
    """Return the conversation; that it was looked at is noted in the audit.

    Raises:
        ConversationNotFound: there is none with this id.
    """
    talk, heard = room.views.talk(conversation), room.views.heard_in(conversation)
    _note("studio_conversation_viewed", conversation, by, room)
    said = {one.seq: one for one in heard}
    decided = {one.seq: one for one in talk.decided if one.seq is not None}
    return Review(
        id=talk.id,
        account=talk.account,
        holder=talk.holder,
        opened_at=talk.opened_at,
        lines=tuple(_line(m, said.get(m.seq), decided.get(m.seq), talk) for m in talk.messages),
        attempts=tuple(_attempt(attempt, talk.names) for attempt in talk.attempts),
        steps=steps_of(talk, said, decided),
        intents=_intents(talk, heard),
    )


def steps_of(
    talk: Talk, said: Mapping[int, Heard], decided: Mapping[int, Decided]
) -> tuple[Step, ...]:
    """Return what the customer did up to where a person took over, in somebody else's name."""
    steps = []
    for message in talk.messages:
        if message.sender is Sender.AGENT:
            break
        if message.sender is not Sender.CUSTOMER or _identifies(said.get(message.seq)):
            continue
        if message.button_id:
            steps.append(Step(press=message.text))
        else:
            steps.append(Step(customer=generalised(message.text, talk.names)))
    return tuple(steps)


def _identifies(heard: Heard | None) -> bool:
    return heard is not None and heard.understood.intent in _IDENTIFYING


def _intents(talk: Talk, heard: Collection[Heard]) -> tuple[str, ...]:
    """Return what the assistant took each message for; the controls do not pass through it."""
    meant = {one.turn: one.understood.intent for one in heard}
    meant |= {
        one.turn: one.intent
        for one in talk.decided
        if one.intent and one.seq is not None and not one.is_control
    }
    return tuple(meant[turn] for turn in sorted(meant))


def _line(message: Message, heard: Heard | None, decided: Decided | None, talk: Talk) -> Line:
    text = heard.text if heard else impersonal(message.text, talk.names)
    return Line(
        seq=message.seq,
        sender=message.sender.value,
        pieces=tuple(pieces_of(text, heard.understood.parts if heard else ())),
        at=message.at,
        buttons=tuple(button.title for button in message.buttons),
        offer=str(message.offer["kind"]) if message.offer else None,
        understood=heard.understood if heard else None,
        decided=decided,
    )


def pieces_of(text: str, parts: Iterable[Part]) -> Iterator[Piece]:
    """Yield the text in pieces: the parts that name something, and what lies between them.

    Where two parts overlap, the one that begins first is shown.
    """
    done = 0
    for part in sorted(parts, key=lambda part: (part.start, -part.end)):
        # What was heard in the whole message marks nothing in it.
        if part.start < done or (part.start, part.end) == (0, len(text)):
            continue
        yield Piece(text[done : part.start])
        yield Piece(text[part.start : part.end], part.kind, part.value)
        done = part.end
    yield Piece(text[done:])


def _attempt(attempt: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """Return the attempt with its verdicts in words, and without the customer's."""
    verdicts = [{**verdict, "why": why(verdict)} for verdict in attempt["verdicts"]]
    return {**attempt, "comment": impersonal(attempt["comment"], names), "verdicts": verdicts}


def _note(
    kind: str, conversation: str | None, by: str | None, room: ReviewRoom, **details: Any
) -> None:
    entry = AuditEntry(kind, by, conversation, details)
    note_audit(entry, unit_of_work=room.unit_of_work, clock=room.clock)
