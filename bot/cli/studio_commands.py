"""The commands of the studio and their arguments; what they do takes longer to import."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TypeAlias

from bot.annotation.appending import STORY, TEST
from bot.settings import ROOT

DEFAULT_LINES, DEFAULT_ITEMS, DAYS = 20, 10, 56
TRAINING_DATA = ROOT / "data" / "nlu"
# Which module does what this one has no name for here.
DONE_BY = {
    **dict.fromkeys(("train", "compare", "publish", "rollback", "versions"), "studio_publishing"),
    **dict.fromkeys(("try", "review", "undo-dialogue", "coverage"), "studio_review"),
}

_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    inbox = commands.add_parser("inbox", help="list what teaches most, and answer it")
    _inbox(inbox)
    add = commands.add_parser("annotate", help="add a sentence to its intent's examples")
    _sentence(add, needed=True)
    add.add_argument("--conversation", help="the id of the conversation it was said in")
    check = commands.add_parser("check", help="say what speaks against a sentence, write nothing")
    _sentence(check, needed=False)
    change = commands.add_parser("change", help="reword an example, or move it to another intent")
    change.add_argument("--text", required=True, help="what it says now")
    change.add_argument("--from", dest="old_intent", help="its intent, if it stands under several")
    change.add_argument("--new-text", help="what it shall say; the same if left out")
    change.add_argument("--intent", help="where it belongs; the same intent if left out")
    change.add_argument("--reason", action="append", default=[], help="as in `annotate`")
    change.add_argument("--file", help="the file to write it into")
    remove = commands.add_parser("remove", help="take an example out")
    remove.add_argument("--text", required=True, help="what it says")
    remove.add_argument("--from", dest="old_intent", help="its intent, if it stands under several")
    undo = commands.add_parser("undo", help="take a change back, the newest if none is named")
    undo.add_argument("number", nargs="?", type=int, help="the number the history shows")
    history = commands.add_parser("history", help="who changed what, newest last")
    history.add_argument("--last", type=int, default=DEFAULT_LINES, help="how many, 0 for all")
    _publishing(commands)
    _reviewing(commands)
    for one in (inbox, add, check, change, remove, undo, history):
        one.add_argument(
            "--data", type=Path, default=TRAINING_DATA, help="the folder of training files"
        )
    for one in (inbox, add, change, remove, undo):
        one.add_argument("--by", default=None, help="your name; your user name if left out")
        one.add_argument("--commit", action="store_true", help="commit this line, and only this")
        one.add_argument("--dry-run", action="store_true", help="show the change, write nothing")


def _sentence(parser: argparse.ArgumentParser, *, needed: bool) -> None:
    parser.add_argument("--text", required=needed, help="what the customer says")
    parser.add_argument("--intent", required=needed, help="what they want")
    parser.add_argument(
        "--reason",
        action="append",
        default=[],
        help="REASON=WORDS, the words that name it; the whole text without =WORDS",
    )
    parser.add_argument("--file", help="the file to write it into; else where most of them stand")


def _inbox(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("message", nargs="?", help="the name the list shows; without it, the list")
    parser.add_argument("--first", type=int, default=DEFAULT_ITEMS, help="how many to list")
    parser.add_argument("--confirm", action="store_true", help="it was understood rightly")
    parser.add_argument(
        "--intent", action="append", default=[], help="what they want; twice for two wishes"
    )
    parser.add_argument(
        "--text", action="append", default=[], help="other words to learn; one for each wish"
    )
    parser.add_argument("--reason", action="append", default=[], help="as in `annotate`")
    parser.add_argument("--file", help="the file to write it into")
    parser.add_argument("--note", action="store_true", help="note the decision, write nothing")
    parser.add_argument("--skip", action="store_true", help="not for me")


def _publishing(commands: _Commands) -> None:
    train = commands.add_parser("train", help="train a candidate from the data as it stands")
    compare = commands.add_parser("compare", help="hold the candidate against the live version")
    publish = commands.add_parser("publish", help="put the candidate live, if nothing forbids it")
    back = commands.add_parser("rollback", help="return to an earlier version")
    back.add_argument(
        "version", nargs="?", type=int, help="the one before the live one if left out"
    )
    versions = commands.add_parser("versions", help="what was live from when, newest last")
    versions.add_argument("--last", type=int, default=DEFAULT_LINES, help="how many, 0 for all")
    for one in (train, compare, publish, back):
        one.add_argument("--by", default=None, help="your name; your user name if left out")
    publish.add_argument("--despite", default="", help="a lead's reason to publish what is yellow")
    back.add_argument("--reason", default="", help="why; kept in the history")
    for one in (compare, versions):
        one.add_argument("--json", action="store_true", help="print JSON")


def _reviewing(commands: _Commands) -> None:
    tried = commands.add_parser("try", help="say what a message means, why, and what is answered")
    tried.add_argument("--text", required=True, help="what the customer says")
    tried.add_argument("--account", help="a demo account: say what it would be answered as well")
    tried.add_argument("--json", action="store_true", help="everything, as JSON")
    review = commands.add_parser("review", help="show a conversation, or write it as a dialogue")
    review.add_argument("conversation", nargs="?", help="its id; without one they are listed")
    review.add_argument("--words", default="", help="list those in which these words were said")
    review.add_argument("--missed", action="store_true", help="list those not understood")
    review.add_argument("--as", dest="kind", choices=[TEST, STORY], help="write it as one of these")
    review.add_argument("--title", help="what the dialogue is about")
    review.add_argument("--account", help="the demo account to play it with")
    review.add_argument("--file", help="the file to write it into; else where such ones stand")
    undo = commands.add_parser("undo-dialogue", help="take a written dialogue out again")
    undo.add_argument("number", nargs="?", type=int, help="the newest if none is named")
    for one in (review, undo):
        one.add_argument("--by", default=None, help="your name; your user name if left out")
        one.add_argument("--commit", action="store_true", help="commit these lines, and only these")
    review.add_argument("--dry-run", action="store_true", help="show the change, write nothing")
    coverage = commands.add_parser("coverage", help="what chats use, what tests hold, what drifts")
    coverage.add_argument("--days", type=int, default=DAYS, help=f"how far back ({DAYS})")
