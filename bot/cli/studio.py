"""Add to the training data line by line, and publish what was learned from it."""

from __future__ import annotations

import argparse
import getpass
import importlib
import sys
from collections.abc import Sequence

from bot import settings
from bot.annotation.annotated import Annotated, annotated
from bot.annotation.edits import Edit
from bot.annotation.journal import Entry, standing, undone
from bot.annotation.placing import file_for
from bot.bootstrap_studio import studio
from bot.cli import studio_commands, studio_inbox
from bot.cli.studio_words import change_line, checked_lines, place_line
from bot.errors import ExampleRefused
from bot.understanding.examples import Example
from bot.use_cases.annotate import NewLine, Wish, annotate
from bot.use_cases.check_annotation import check_annotation
from bot.use_cases.move_example import find_example, move_example, moving
from bot.use_cases.studio_desk import StudioDesk
from bot.use_cases.undo_annotation import entry_to_undo, undo_annotation

add_arguments = studio_commands.add_arguments


def run(arguments: argparse.Namespace) -> int:
    if arguments.what in studio_commands.DONE_BY:
        # Only what is asked for: to check a sentence needs neither a model nor a desk.
        module = importlib.import_module(f"bot.cli.{studio_commands.DONE_BY[arguments.what]}")
        return int(module.run(arguments))
    using = studio(settings.load(), arguments.data)
    return _COMMANDS[arguments.what](arguments, using)


def _annotate(arguments: argparse.Namespace, using: StudioDesk) -> int:
    examples = using.data.examples()
    sentence = annotated(arguments.text, arguments.intent, arguments.reason)
    file = arguments.file or file_for(sentence.intent, examples)
    if _speaks_against(sentence, file, examples, using):
        return 1
    wish = Wish((NewLine(sentence, file),), _by(arguments), arguments.conversation)
    if _only_shown(wish.edits, arguments, using):
        return 0
    entry = annotate(wish, data=using.data, journal=using.journal, now=using.clock.now())
    return _told(entry, f"Add an example of {sentence.intent}", arguments, using)


def _check(arguments: argparse.Namespace, using: StudioDesk) -> int:
    if arguments.text is None and arguments.intent is None:
        return _check_what_was_written(using)
    if arguments.text is None or arguments.intent is None:
        raise ExampleRefused("Give both --text and --intent, or neither.")
    examples = using.data.examples()
    sentence = annotated(arguments.text, arguments.intent, arguments.reason)
    return _speaks_against(
        sentence, arguments.file or file_for(sentence.intent, examples), examples, using
    )


def _check_what_was_written(using: StudioDesk) -> int:
    """Say which lines are no longer where the studio wrote them: an old save can undo them."""
    wanted = standing(using.journal.entries())
    gone = [(edit, entry) for edit, entry in wanted if not using.data.holds(edit)]
    for edit, entry in gone:
        print(f'{edit.file}: change {entry.number} by {entry.by} is gone: "{edit.after}"')
    print(f"{len(wanted)} lines of the studio checked, {len(gone)} gone.", file=sys.stderr)
    return 1 if gone else 0


def _change(arguments: argparse.Namespace, using: StudioDesk) -> int:
    examples = using.data.examples()
    old = find_example(arguments.text, arguments.old_intent, examples)
    before = using.data.raw(old)
    reworded = arguments.new_text or arguments.reason
    text = (arguments.new_text or old.text) if reworded else before
    sentence = annotated(text, arguments.intent or old.intent, arguments.reason)
    same = sentence.intent == old.intent
    file = arguments.file or (old.file if same else file_for(sentence.intent, examples))
    if _speaks_against(sentence, file, [other for other in examples if other != old], using):
        return 1
    edits = moving(old, before, sentence, file)
    title = f"Reword an example of {old.intent}"
    if not same:
        title = f"Move an example from {old.intent} to {sentence.intent}"
    return _moved(edits, title, arguments, using)


def _remove(arguments: argparse.Namespace, using: StudioDesk) -> int:
    old = find_example(arguments.text, arguments.old_intent, using.data.examples())
    edits = moving(old, using.data.raw(old), None, old.file)
    return _moved(edits, f"Take out an example of {old.intent}", arguments, using)


def _moved(
    edits: tuple[Edit, ...], title: str, arguments: argparse.Namespace, using: StudioDesk
) -> int:
    if _only_shown(edits, arguments, using):
        return 0
    entry = move_example(
        edits, _by(arguments), data=using.data, journal=using.journal, now=using.clock.now()
    )
    return _told(entry, title, arguments, using)


def _undo(arguments: argparse.Namespace, using: StudioDesk) -> int:
    wanted = entry_to_undo(arguments.number, journal=using.journal)
    inverse = tuple(edit.inverse for edit in reversed(wanted.edits))
    if _only_shown(inverse, arguments, using):
        return 0
    entry = undo_annotation(
        wanted, _by(arguments), data=using.data, journal=using.journal, now=using.clock.now()
    )
    return _told(entry, f"Take back change {wanted.number}", arguments, using)


def _history(arguments: argparse.Namespace, using: StudioDesk) -> int:
    entries = using.journal.entries()
    gone = undone(entries)
    shown = entries[-arguments.last :] if arguments.last else entries
    print("\n".join(change_line(entry, gone) for entry in shown) or "Nothing is written yet.")
    return 0


def _speaks_against(
    sentence: Annotated, file: str, examples: Sequence[Example], using: StudioDesk
) -> bool:
    checked = check_annotation(sentence, file, examples=examples, held_out=using.held_out())
    print("\n".join(checked_lines(checked)), file=sys.stderr)
    return bool(checked.problems)


def _only_shown(edits: Sequence[Edit], arguments: argparse.Namespace, using: StudioDesk) -> bool:
    """Show the change; whether that is all that was asked for."""
    print(using.data.preview(edits))
    return bool(arguments.dry_run)


def _told(entry: Entry, title: str, arguments: argparse.Namespace, using: StudioDesk) -> int:
    print(place_line(entry), file=sys.stderr)
    if arguments.commit:
        print(
            f"Committed as {using.git.commit(entry, title, _author(arguments))}.", file=sys.stderr
        )
    return 0


def _by(arguments: argparse.Namespace) -> str:
    """Return the name for the journal, which keeps no addresses."""
    return _author(arguments).partition("<")[0].strip()


def _author(arguments: argparse.Namespace) -> str:
    return " ".join((arguments.by or getpass.getuser()).split())


def _inbox(arguments: argparse.Namespace, using: StudioDesk) -> int:
    return studio_inbox.run_inbox(arguments, _by(arguments), _author(arguments), using)


_COMMANDS = {
    "inbox": _inbox,
    "annotate": _annotate,
    "check": _check,
    "change": _change,
    "remove": _remove,
    "undo": _undo,
    "history": _history,
}
