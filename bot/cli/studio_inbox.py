"""The trainers' inbox in a terminal: what teaches most, and an answer to it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace

from bot.annotation.annotated import Annotated, annotated
from bot.annotation.judgement import Verdict
from bot.cli.studio_words import checked_lines, place_line
from bot.errors import ExampleRefused
from bot.use_cases.inbox import Item, context_of, read_inbox
from bot.use_cases.judge_message import (
    Judged,
    Ruling,
    Trainer,
    judge,
    propose,
    verdict_on,
)
from bot.use_cases.studio_desk import StudioDesk

# How the ids of trainers at a terminal begin, and how long an id may be.
_HERE, _LONGEST = "terminal:", 64


def run_inbox(arguments: argparse.Namespace, name: str, author: str, using: StudioDesk) -> int:
    """List the inbox of the trainer of this name, or answer one message of it."""
    trainer = Trainer(f"{_HERE}{name}"[:_LONGEST], name)
    inbox = read_inbox(trainer.id, desk=using)
    if arguments.message is None:
        items = inbox.items[: arguments.first or None]
        print("\n".join(line for item in items for line in _item_lines(item)))
        print(f"{len(inbox.items)} to decide, {len(items)} shown.", file=sys.stderr)
        return 0
    item = inbox.item(arguments.message)
    if item is None:
        raise ExampleRefused(f"{arguments.message} is not in your inbox. List it anew.")
    return _answer(item, trainer, author, arguments, using)


def _answer(
    item: Item, by: Trainer, author: str, arguments: argparse.Namespace, using: StudioDesk
) -> int:
    places = tuple((one.heard.conversation, one.heard.turn) for one in item.messages)
    if arguments.skip:
        judge(Ruling(places, Verdict.SKIPPED), by, desk=using)
        return 0
    if not (arguments.confirm or arguments.intent):
        return _shown(item, using)
    sentences = tuple(_sentences(item, arguments))
    ruling = Ruling(places, verdict_on(item.first.heard.understood, sentences), sentences)
    if arguments.note or not item.first.is_for(by.id):
        return _told(judge(ruling, by, desk=using))
    return _written(ruling, by, author, arguments, using)


def _shown(item: Item, using: StudioDesk) -> int:
    print("\n".join(_item_lines(item)))
    for line in context_of(item, desk=using):
        here = ">" if line.seq == item.first.heard.seq else " "
        print(f"{here} {line.sender.value}: {line.text}")
    return 0


def _written(
    ruling: Ruling, by: Trainer, author: str, arguments: argparse.Namespace, using: StudioDesk
) -> int:
    files = {one.intent: arguments.file for one in ruling.sentences if arguments.file}
    proposal = propose(ruling.sentences, files, desk=using)
    for checked in proposal.checked:
        print("\n".join(checked_lines(checked)), file=sys.stderr)
    if not proposal.is_clean:
        return 1
    print(proposal.diff)
    if arguments.dry_run:
        return 0
    judged = judge(replace(ruling, lines=proposal.lines), by, desk=using)
    if judged.entry is not None and arguments.commit:
        title = f"Add an example of {' and of '.join(judged.judgement.intents)}"
        print(f"Committed as {using.git.commit(judged.entry, title, author)}.", file=sys.stderr)
    return _told(judged)


def _sentences(item: Item, arguments: argparse.Namespace) -> Iterator[Annotated]:
    understood = item.first.heard.understood
    intents = [understood.intent] if arguments.confirm else arguments.intent
    texts = arguments.text or [item.first.heard.to_learn]
    if len(texts) != len(intents):
        raise ExampleRefused("Give one --text for each --intent: each wish has its own words.")
    for place, (text, intent) in enumerate(zip(texts, intents, strict=True)):
        yield annotated(text, intent, arguments.reason if place == 0 else ())


def _told(judged: Judged) -> int:
    if judged.before is not None:
        first = judged.before
        print(
            f"{first.trainer_name} was first and said {' and '.join(first.intents)}. "
            "Yours is kept beside it; nothing was written.",
            file=sys.stderr,
        )
    elif judged.entry is not None:
        print(place_line(judged.entry), file=sys.stderr)
    else:
        print("Noted; nothing was written.", file=sys.stderr)
    return 0


def _item_lines(item: Item) -> Iterator[str]:
    heard = item.first.heard
    yield f'{item.key}  {heard.understood.intent}  "{heard.text}"'
    for sign in item.signs:
        yield f"    {sign.words}"
    for other in item.messages[1:]:
        yield f'    alike: "{other.heard.text}"'
