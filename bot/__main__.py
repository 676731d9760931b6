"""The command line: `python -m bot COMMAND`.

To add a command, add its name and one sentence to `COMMANDS` and write `bot/cli/<name>.py` with

    def add_arguments(parser: argparse.ArgumentParser) -> None: ...
    def run(arguments: argparse.Namespace) -> int: ...     # the exit code

Only the asked command's module is imported, so that no command waits for another's imports.
A `HelpdeskError` that leaves `run` is printed as one sentence, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

from bot.errors import HelpdeskError
from bot.logs import configure_logs

COMMANDS = {
    "run": "set up the data, start assistant, actions and gateway, and watch over them",
    "status": "say which parts are running and how they are",
    "train": "train a model, if there is none for the current data",
    "chat": "talk to the running desk in this terminal",
    "account": "show an account as the billing system has it",
    "attempts": "show an account's save attempts with their decisions",
    "queue": "show who waits for a person",
    "tickets": "show the tickets left for agents",
    "check-ins": "raise the check-ins that are due",
    "parse": "show what the current model understands, one text a line",
    "demo": "put the demo accounts back to how they began",
    "token": "print the identity a website would sign for an account (development only)",
    "data": "check the training data and the retention policies",
    "studio": "teach the assistant: add examples, try, review, measure, compare, publish",
    "encoder": "tune the sentence encoder on the training examples",
    "policy": "check the policies, explain a decision, show the rules of a day",
    "exit": "prove that the exit rules hold in every reachable state of the dialogue",
    "simulate": "let simulated customers talk to the assistant, and judge it by the exit rules",
    "receipt": "check a receipt file offline",
    "records": "check the chain of records, show an account's, erase a person",
    "people": "look after the staff: add, list, invite, roles, change, disable, enable",
    "audit": "show what staff did and saw, and check that nobody changed it",
    "settings": "list every setting",
    "gateway": "start the gateway alone",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    asked = _parser().parse_args(argv)
    # Standard output is for what was asked for; events of a single command matter when it fails.
    configure_logs("WARNING")
    module = importlib.import_module(f"bot.cli.{asked.command.replace('-', '_')}")
    parser = argparse.ArgumentParser(
        prog=f"python -m bot {asked.command}", description=module.__doc__
    )
    module.add_arguments(parser)
    try:
        code: int = module.run(parser.parse_args(asked.arguments))
        sys.stdout.flush()
    except HelpdeskError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader (`| head`) has what it wanted; keep the interpreter from complaining at exit.
        sys.stderr.close()
        return 0
    return code


def _parser() -> argparse.ArgumentParser:
    width = max(map(len, COMMANDS))
    listing = "\n".join(f"  {name:<{width}}  {sentence}" for name, sentence in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description="Save Desk, a helpdesk assistant for save-the-sale conversations.",
        epilog=f"commands:\n{listing}\n\n`python -m bot COMMAND --help` says more.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND", help="see below")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
