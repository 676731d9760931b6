"""Reads the training data in `data/nlu/*.yml` and the texts it must not hold, with their lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import yaml

from bot.annotation.edits import Block
from bot.errors import FileInvalid
from bot.integrations.yaml_files import LOADER
from bot.understanding.examples import Example, read_example


def read_training_files(folder: Path) -> list[Example]:
    """Return every example of the folder's YAML files, in the order of files and lines.

    Raises:
        FileInvalid: a file is not YAML, or its `nlu` part has not the form Rasa reads.
    """
    return [
        example
        for path in sorted(folder.rglob("*.yml"))
        for example in read_training_text(path.read_text(encoding="utf-8"), name=path.name)
    ]


def read_training_text(text: str, *, name: str) -> list[Example]:
    """Return the examples of one file's text; `name` stands in reports."""
    return list(_examples_in(text, name))


# The studio reads all files before and after every change, and most of them have not changed.
@lru_cache(maxsize=32)
def _examples_in(text: str, name: str) -> tuple[Example, ...]:
    try:
        root = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        raise _no_yaml(name, error) from None
    if not isinstance(root, yaml.MappingNode):
        return ()
    blocks = _field(root, "nlu")
    if blocks is None:
        return ()
    if not isinstance(blocks, yaml.SequenceNode):
        raise _invalid(name, blocks, "`nlu` must be a list of intents.")
    return tuple(example for block in blocks.value for example in _examples_of(block, name))


def read_blocks(text: str, *, name: str) -> list[Block]:
    """Return where each intent's examples stand in a file's text, in the order of the file.

    Raises:
        FileInvalid: the text is not YAML, or its `nlu` part has not the form Rasa reads.
    """
    try:
        root = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        raise _no_yaml(name, error) from None
    except yaml.YAMLError:
        raise FileInvalid(name, "this is not YAML.", "It holds unreadable characters.") from None
    items = _field(root, "nlu") if isinstance(root, yaml.MappingNode) else None
    found: list[Block] = []
    for item in items.value if isinstance(items, yaml.SequenceNode) else []:
        read = list(_examples_of(item, name))
        intent, examples = _field(item, "intent"), _field(item, "examples")
        if intent is None or examples is None:
            continue
        column = next(key.start_mark.column for key, value in item.value if value is examples)
        found.append(
            Block(
                intent.value,
                line=examples.start_mark.line + 1,
                indent=column,
                examples=tuple(example.line for example in read),
                literal=isinstance(examples, yaml.ScalarNode) and examples.style == "|",
            )
        )
    return found


def held_out_texts(root: Path) -> dict[str, str]:
    """Return the texts under `root` that must stay unseen, with where each stands ("file:line").

    An installation without tests has none.
    """
    tests = root / "tests"
    read = [
        *((path, read_held_out(path)) for path in sorted(tests.glob("understanding/*.jsonl"))),
        *((path, read_dialogues(path)) for path in sorted(tests.glob("dialogues/*/*.yml"))),
    ]
    return {
        text: f"{path.relative_to(root)}:{line}" for path, texts in read for line, text in texts
    }


def read_held_out(path: Path) -> list[tuple[int, str]]:
    """Return the line numbers and texts of a held-out file (one JSON object with `text` a line).

    Raises:
        FileInvalid: a line is not such an object.
    """
    texts: list[tuple[int, str]] = []
    for line, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            texts.append((line, str(json.loads(raw)["text"])))
        except (ValueError, KeyError, TypeError):
            raise FileInvalid(
                f"{path.name}:{line}", "this is no JSON object with a `text`.", "Mend the line."
            ) from None
    return texts


def read_dialogues(path: Path) -> list[tuple[int, str]]:
    """Return the line numbers and texts of what customers type in a file of written dialogues.

    Raises:
        FileInvalid: the file is not YAML.
    """
    try:
        documents = list(yaml.compose_all(path.read_text(encoding="utf-8"), Loader=LOADER))
    except yaml.MarkedYAMLError as error:
        raise _no_yaml(path.name, error) from None
    steps = [_field(root, "steps") for root in documents if isinstance(root, yaml.MappingNode)]
    return [
        (said.start_mark.line + 1, str(said.value))
        for step in steps
        if isinstance(step, yaml.SequenceNode)
        for item in step.value
        if isinstance(item, yaml.MappingNode)
        and isinstance(said := _field(item, "customer"), yaml.ScalarNode)
    ]


def read_confirmed(path: Path) -> list[tuple[int, str, str]]:
    """Return the line numbers, intents and texts of confirmed labels ("intent: text" a line).

    Empty lines and comments are left out.

    Raises:
        FileInvalid: a line has no intent.
    """
    confirmed: list[tuple[int, str, str]] = []
    for line, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        intent, colon, text = raw.partition(": ")
        if raw.strip() and not raw.startswith("#"):
            if not colon or not text.strip():
                raise FileInvalid(
                    f"{path.name}:{line}", "this line confirms nothing.", 'Write "intent: text".'
                )
            confirmed.append((line, intent.strip(), text.strip()))
    return confirmed


def _examples_of(block: yaml.Node, name: str) -> Iterator[Example]:
    if not isinstance(block, yaml.MappingNode):
        raise _invalid(name, block, "each item under `nlu` must be a mapping.")
    intent, examples = _field(block, "intent"), _field(block, "examples")
    if intent is None:
        return  # a synonym, a lookup or a pattern
    if examples is None:
        raise _invalid(name, block, f"the intent {intent.value!r} has no `examples`.")
    for line, raw in _lines(examples, name):
        yield read_example(raw, intent=str(intent.value), file=name, line=line)


def _lines(examples: yaml.Node, name: str) -> Iterator[tuple[int, str]]:
    if isinstance(examples, yaml.SequenceNode):
        for item in examples.value:
            text = _field(item, "text") if isinstance(item, yaml.MappingNode) else item
            if text is None or not isinstance(text, yaml.ScalarNode):
                raise _invalid(name, item, "an example needs a text.")
            yield text.start_mark.line + 1, text.value.strip()
        return
    # In a literal block the first line of text follows the line that holds the `|`.
    for line, raw in enumerate(examples.value.split("\n"), start=examples.start_mark.line + 2):
        if not raw.strip():
            continue
        if not raw.lstrip().startswith("- "):
            raise FileInvalid(
                f"{name}:{line}", "this line is no example.", 'Begin it with "- ", on one line.'
            )
        yield line, raw.strip()[2:].strip()


def _no_yaml(name: str, error: yaml.MarkedYAMLError) -> FileInvalid:
    line = error.problem_mark.line + 1 if error.problem_mark else 1
    return FileInvalid(
        f"{name}:{line}", f"this is not YAML ({error.problem}).", "Look at the indentation."
    )


def _field(node: yaml.MappingNode, key: str) -> yaml.Node | None:
    return next((value for name, value in node.value if name.value == key), None)


def _invalid(name: str, node: yaml.Node, problem: str) -> FileInvalid:
    return FileInvalid(f"{name}:{node.start_mark.line + 1}", problem, "See the other files.")
