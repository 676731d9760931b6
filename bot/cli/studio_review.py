"""Try a message, review a conversation and write it as a dialogue, measure what is covered."""

from __future__ import annotations

import argparse
import getpass
import json
import sys

from bot import settings
from bot.annotation.appending import STORY, Writing
from bot.annotation.rehearsed import Step
from bot.bootstrap_review import review_room
from bot.cli.studio_review_words import (
    coverage_lines,
    draft_lines,
    explained_lines,
    listed_lines,
    played_lines,
    review_lines,
)
from bot.use_cases.explain_understanding import explain_understanding
from bot.use_cases.measure_coverage import measure_coverage
from bot.use_cases.rehearse_conversation import rehearse_conversation
from bot.use_cases.review_conversation import Review, list_conversations, review_conversation
from bot.use_cases.review_room import ReviewRoom
from bot.use_cases.understand import understand
from bot.use_cases.write_dialogue import (
    Draft,
    draft_story,
    draft_test,
    undo_dialogue,
    write_dialogue,
)


def run(arguments: argparse.Namespace) -> int:
    return _COMMANDS[arguments.what](arguments, review_room(settings.load()))


def _try(arguments: argparse.Namespace, room: ReviewRoom) -> int:
    explained = explain_understanding(
        arguments.text,
        engine=room.engine(),
        examples=room.data.examples(),
        today=room.clock.now().date(),
    )
    if arguments.account:
        print("The rehearsal desk starts; this takes some ten seconds.", file=sys.stderr)
        try:
            played = room.stage.play(arguments.account, (Step(customer=arguments.text),))
        finally:
            room.stage.close()
        explained["answer"] = [
            {"says": list(one.says), "messages": [vars(shown) for shown in one.messages]}
            for one in played.answers
        ]
    lines = [json.dumps(explained, ensure_ascii=False)]
    print("\n".join(lines if arguments.json else explained_lines(explained)))
    return 0


def _review(arguments: argparse.Namespace, room: ReviewRoom) -> int:
    if arguments.conversation is None:
        found = list_conversations(
            arguments.words, only_missed=arguments.missed, by=None, room=room
        )
        print("\n".join(listed_lines(found)) or "Nobody has said anything yet.")
        return 0
    review = review_conversation(arguments.conversation, by=None, room=room)
    if arguments.kind is None:
        print("\n".join(review_lines(review)))
        return 0
    draft = _draft(review, arguments, room)
    print("\n".join(draft_lines(draft)))
    if draft.problems:
        return 1
    if arguments.dry_run:
        return 0
    writing = write_dialogue(
        draft,
        _author(arguments).partition("<")[0].strip(),
        files=room.files,
        journal=room.journal,
        now=room.clock.now(),
        conversation=review.id,
    )
    return _told(writing, arguments, room)


def _draft(review: Review, arguments: argparse.Namespace, room: ReviewRoom) -> Draft:
    title = arguments.title or f"a chat of {review.opened_at:%d %B %Y}"
    if arguments.kind == STORY:
        return draft_story(
            title, review.intents, arguments.file, files=room.files, made=room.parts.made()
        )
    try:
        played = rehearse_conversation(
            review, arguments.account, accounts=room.account_numbers, stage=room.stage
        )
    finally:
        room.stage.close()
    print("\n".join(played_lines(played)), file=sys.stderr)
    return draft_test(
        title,
        played,
        arguments.file,
        files=room.files,
        examples=room.data.examples(),
        tested=room.parts.tested(),
    )


def _undo(arguments: argparse.Namespace, room: ReviewRoom) -> int:
    by = _author(arguments).partition("<")[0].strip()
    writing = undo_dialogue(
        arguments.number, by, files=room.files, journal=room.journal, now=room.clock.now()
    )
    return _told(writing, arguments, room)


def _told(writing: Writing, arguments: argparse.Namespace, room: ReviewRoom) -> int:
    done = "Taken out of" if writing.undoes is not None else "Written to"
    print(f"{done} {writing.what.file} as dialogue {writing.number}.", file=sys.stderr)
    if arguments.commit:
        made = room.files.commit(writing, _author(arguments))
        print(f"Committed as {made}.", file=sys.stderr)
    return 0


def _coverage(arguments: argparse.Namespace, room: ReviewRoom) -> int:
    engine, today = room.engine(), room.clock.now().date()
    measured = measure_coverage(
        days=arguments.days,
        now=room.clock.now(),
        views=room.views,
        parts=room.parts,
        understand=lambda text: understand(text, engine=engine, today=today).intent,
    )
    print("\n".join(coverage_lines(measured)))
    return 0


def _author(arguments: argparse.Namespace) -> str:
    return " ".join((arguments.by or getpass.getuser()).split())


_COMMANDS = {"try": _try, "review": _review, "undo-dialogue": _undo, "coverage": _coverage}
