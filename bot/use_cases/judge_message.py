"""Decide what messages mean: write the examples this gives, and note who decided what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import structlog

from bot.annotation.annotated import Annotated
from bot.annotation.edits import Edit
from bot.annotation.journal import Entry, inverse, undone
from bot.annotation.judgement import OUT_OF_SCOPE, Judgement, Verdict, decided
from bot.annotation.placing import file_for
from bot.conversations.understood import Understood
from bot.errors import EditRefused, HelpdeskError, NotFound
from bot.understanding.examples import Example, read_example
from bot.use_cases.annotate import NewLine, Wish, annotate
from bot.use_cases.check_annotation import Checked, check_annotation
from bot.use_cases.studio_desk import StudioDesk
from bot.use_cases.undo_annotation import entry_to_undo, undo_annotation

log = structlog.get_logger()

# A message's place: its conversation, and the number of the turn there.
Place = tuple[str, int]


@dataclass(frozen=True)
class Trainer:
    id: str
    name: str


@dataclass(frozen=True)
class Proposal:
    """What would be written, with what speaks against each sentence, and the change as a diff.

    `known` are sentences that stand under their intent already, and need not be written.
    """

    lines: tuple[NewLine, ...]
    checked: tuple[Checked, ...]
    known: tuple[Example, ...]
    diff: str

    @property
    def is_clean(self) -> bool:
        return not any(checked.problems for checked in self.checked)


@dataclass(frozen=True)
class Ruling:
    """What a trainer decides of the messages at these places, the first of which is shown."""

    places: tuple[Place, ...]
    verdict: Verdict
    sentences: tuple[Annotated, ...] = ()
    lines: tuple[NewLine, ...] = ()


@dataclass(frozen=True)
class Judged:
    """What came of a ruling: the journal's entry, if one was written.

    `before` is who had decided first, if somebody had: then nothing is written.
    """

    judgement: Judgement
    entry: Entry | None = None
    before: Judgement | None = None


def propose(
    sentences: Sequence[Annotated],
    files: Mapping[str, str],
    *,
    instead_of: int | None = None,
    desk: StudioDesk,
) -> Proposal:
    """Return what writing the sentences would do; nothing is written.

    `files` names, by intent, the file somebody chose; else it is where most of the intent stand.
    `instead_of` is the number of an earlier change that goes first.

    Raises:
        ExampleRefused: there is no such intent.
        EditRefused: the chosen file has no such intent, or cannot be changed by the studio.
    """
    gone = _back(instead_of, desk)
    old = {(edit.intent, read_example(edit.before or "", intent="").text) for edit in gone}
    examples = [one for one in desk.data.examples() if (one.intent, one.text) not in old]
    known, lines = [], []
    for sentence in sentences:
        twin = next((one for one in examples if _is_same(one, sentence)), None)
        if twin is not None:
            known.append(twin)
            continue
        chosen = files.get(sentence.intent) or file_for(sentence.intent, examples)
        lines.append(NewLine(sentence, chosen))
    held_out = desk.held_out()
    return Proposal(
        lines=tuple(lines),
        checked=tuple(
            check_annotation(line.sentence, line.file, examples=examples, held_out=held_out)
            for line in lines
        ),
        known=tuple(known),
        diff=desk.data.preview([*gone, *(line.edit for line in lines)]) if lines else "",
    )


def verdict_on(understood: Understood, sentences: Sequence[Annotated]) -> Verdict:
    """Return what a trainer's reading says of the assistant's."""
    if len(sentences) > 1:
        return Verdict.SPLIT
    reading = sentences[0]
    same_reasons = {span.value for span in reading.spans} == set(understood.reasons)
    if reading.intent == understood.intent and (same_reasons or not reading.spans):
        return Verdict.CONFIRMED
    return Verdict.OUT_OF_SCOPE if reading.intent == OUT_OF_SCOPE else Verdict.CORRECTED


def judge(ruling: Ruling, by: Trainer, *, desk: StudioDesk) -> Judged:
    """Keep the decision; who is the first to decide has its lines written too.

    The decision is kept before the lines are written: of two trainers who decide in the same
    moment only one may write. Where the lines are refused, the decision is taken back.

    Raises:
        NotFound: the conversation was erased meanwhile.
        EditRefused, ExampleRefused: the lines cannot be written; nothing is kept.
    """
    judgement = _judgement(ruling, by, desk)
    own = _own(ruling.places[0], by, desk)
    if own is not None and own.change is not None:
        _undo(own.change, by, desk)
    before = _kept(ruling.places, judgement, desk)
    entry = _written(ruling, judgement, by, desk) if before is None else None
    log.info("message_judged", verdict=ruling.verdict.value, messages=len(ruling.places))
    return Judged(judgement, entry, before)


def take_back(place: Place, by: Trainer, *, desk: StudioDesk) -> Entry | None:
    """Take back the trainer's decision on a message and those like it, and what was written.

    Raises:
        NotFound: the trainer decided nothing there.
        EditRefused: somebody has changed the line since; everything stays as it is.
    """
    own = _own(place, by, desk)
    if own is None:
        raise NotFound("There is no decision of yours to take back here.")
    entry = _undo(own.change, by, desk) if own.change is not None else None
    _forget(own, desk)
    return entry


def _is_same(example: Example, sentence: Annotated) -> bool:
    same = example.text.casefold() == sentence.text.casefold()
    return same and (example.intent, example.reasons) == (
        sentence.intent,
        tuple(dict.fromkeys(span.value for span in sentence.spans)),
    )


def _judgement(ruling: Ruling, by: Trainer, desk: StudioDesk) -> Judgement:
    conversation, turn = ruling.places[0]
    return Judgement(
        conversation,
        turn,
        by.id,
        by.name,
        ruling.verdict,
        desk.clock.now(),
        intents=tuple(sentence.intent for sentence in ruling.sentences),
        reasons=tuple(dict.fromkeys(span.value for one in ruling.sentences for span in one.spans)),
    )


def _own(place: Place, by: Trainer, desk: StudioDesk) -> Judgement | None:
    with desk.unit_of_work() as uow:
        return next((one for one in uow.judgements.of(*place) if one.trainer == by.id), None)


def _kept(places: Sequence[Place], judgement: Judgement, desk: StudioDesk) -> Judgement | None:
    """Keep the decision; return whose was the first, if it was another trainer's."""
    with desk.unit_of_work() as uow:
        for place in places:
            known = uow.judgements.of(*place)
            mine = replace(judgement, conversation=place[0], turn=place[1])
            if mine.is_decided:
                mine = replace(mine, place=_place(known, mine.trainer))
            if not uow.judgements.put(mine):
                raise EditRefused("Somebody decided in this very moment. Look at it again.")
        first = decided(uow.judgements.of(*places[0]))[:1]
        uow.commit()
    return next((one for one in first if one.trainer != judgement.trainer), None)


def _place(known: Sequence[Judgement], trainer: str) -> int:
    """Return the trainer's place among those who decided: their earlier one, or the next."""
    own = next((one.place for one in known if one.trainer == trainer), None)
    return own or max((one.place or 0 for one in known), default=0) + 1


def _written(ruling: Ruling, judgement: Judgement, by: Trainer, desk: StudioDesk) -> Entry | None:
    if not ruling.lines:
        return None
    wish = Wish(ruling.lines, by.name, judgement.conversation)
    try:
        entry = annotate(wish, data=desk.data, journal=desk.journal, now=judgement.at)
    except HelpdeskError:
        _forget(judgement, desk)
        raise
    with desk.unit_of_work() as uow:
        for one in uow.judgements.made_together(by.id, judgement.at):
            uow.judgements.put(replace(one, change=entry.number))
        uow.commit()
    return entry


def _back(change: int | None, desk: StudioDesk) -> tuple[Edit, ...]:
    """Return the edits that take a change back; none where somebody has done so already."""
    if change is None or change in undone(desk.journal.entries()):
        return ()
    return inverse(entry_to_undo(change, journal=desk.journal))


def _undo(change: int, by: Trainer, desk: StudioDesk) -> Entry | None:
    """Take a change back; None where somebody has done so already."""
    if change in undone(desk.journal.entries()):
        return None
    entry = entry_to_undo(change, journal=desk.journal)
    now = desk.clock.now()
    return undo_annotation(entry, by.name, data=desk.data, journal=desk.journal, now=now)


def _forget(judgement: Judgement, desk: StudioDesk) -> None:
    """Forget a decision on a message and all those that were decided with it."""
    with desk.unit_of_work() as uow:
        for one in uow.judgements.made_together(judgement.trainer, judgement.at):
            uow.judgements.take_back(one.conversation, one.turn, one.trainer)
        uow.commit()
