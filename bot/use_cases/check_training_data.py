"""Check the training data for what would make the assistant understand worse, or leak."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.understanding.examples import REASON_ENTITY, REASONS, Example
from bot.understanding.normalise import tokens

LEAST_EXAMPLES = 40
# The intent that matters most needs the widest wording.
LEAST_EXAMPLES_OF = {"request_cancellation": 100}
# Shares of the shorter text's word pairs and words from which two texts count as nearly the same.
NEARLY_THE_SAME = 0.85
_SHORTEST_NEAR = 5
# A series: so many examples of one intent that begin with the same words.
SERIES_WORDS, SERIES_LENGTH = 4, 6
# Shorter texts ("yes", "thank you") are the same in everybody's mouth, held out or not.
_SHORTEST_LEAK = 4

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[A-Za-z]{2,}")
_CARD = re.compile(r"(?<!\d)(?:\d[ -]?){12,18}\d(?!\d)")
_PHONE = re.compile(r"(?<![\w-])(?:\+\d[\d ()-]{7,}\d|\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4})(?![\w-])")
# Domains that belong to nobody are no personal data.
_NOBODYS = re.compile(r"@(?:[\w-]+\.)*example\.|@(?:[\w-]+\.)*(?:test|invalid|example)$")


@dataclass(frozen=True)
class Finding:
    """One thing to mend, with the file and line where it stands."""

    file: str
    line: int
    kind: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.kind}: {self.message}"


def check_training_data(
    examples: Sequence[Example], *, held_out: Mapping[str, str] | None = None
) -> list[Finding]:
    """Return all findings, in the order of files and lines; an empty list means all is well.

    `held_out` maps texts that must not be trained on to where they stand ("file:line").
    """
    findings = [
        *_broken(examples),
        *_unknown_reasons(examples),
        *_commands(examples),
        *_personal(examples),
        *_duplicates(examples),
        *_too_few(examples),
        *_series(examples),
        *_leaks(examples, held_out or {}),
    ]
    return sorted(findings, key=lambda finding: (finding.file, finding.line, finding.kind))


def _broken(examples: Sequence[Example]) -> Iterator[Finding]:
    for example in examples:
        if example.problem:
            yield _at(example, "annotation", f"{example.problem}.")
        elif not tokens(example.text) and not example.text.strip():
            yield _at(example, "empty", "an example needs a text.")


def _unknown_reasons(examples: Sequence[Example]) -> Iterator[Finding]:
    for example in examples:
        for span in example.spans:
            if span.entity != REASON_ENTITY:
                yield _at(
                    example, "entity", f"{span.entity!r} is found by rules; annotate reasons only."
                )
            elif span.value not in REASONS:
                known = ", ".join(REASONS)
                yield _at(example, "reason", f"{span.value!r} is no reason; there are {known}.")


def _commands(examples: Sequence[Example]) -> Iterator[Finding]:
    for example in examples:
        if example.text.startswith("/"):
            yield _at(example, "command", "a text that begins with / is read as a command by Rasa.")


def _personal(examples: Sequence[Example]) -> Iterator[Finding]:
    for example in examples:
        email = _EMAIL.search(example.text)
        if email and not _NOBODYS.search(email.group()):
            yield _at(example, "personal data", "an e-mail address; use one at example.com.")
        if _CARD.search(example.text):
            yield _at(example, "personal data", "a card number.")
        elif _PHONE.search(example.text):
            yield _at(example, "personal data", "a telephone number.")


def _duplicates(examples: Sequence[Example]) -> Iterator[Finding]:
    typed: dict[tuple[str, str], Example] = {}
    first: dict[tuple[str, ...], Example] = {}
    by_pair: dict[tuple[str, str], list[int]] = defaultdict(list)
    pairs_of: list[Counter[tuple[str, str]]] = []
    kept: list[Example] = []
    for example in examples:
        words = _heard(example.text)
        # Within an intent "yup" and "yes" are two examples; between intents they are one text.
        twin = typed.setdefault((example.intent, _as_typed(example.text)), example)
        before = first.setdefault(words, example) if words else example
        if twin is not example:
            yield _at(example, "duplicate", f"the same text stands at {_place(twin)}.")
            continue
        if before.intent != example.intent:
            yield _at(example, "duplicate", f"the text is {before.intent} at {_place(before)}.")
            continue
        pairs = Counter(zip(("<", *words), (*words, ">"), strict=True))
        if len(words) >= _SHORTEST_NEAR:
            near = _nearest(pairs, example, kept, pairs_of, by_pair)
            if near:
                yield _at(example, "near duplicate", f"nearly {near.intent} at {_place(near)}.")
        for pair in pairs:
            by_pair[pair].append(len(kept))
        kept.append(example)
        pairs_of.append(pairs)


def _nearest(
    pairs: Counter[tuple[str, str]],
    example: Example,
    kept: Sequence[Example],
    pairs_of: Sequence[Counter[tuple[str, str]]],
    by_pair: Mapping[tuple[str, str], list[int]],
) -> Example | None:
    """Return an example of another intent that shares nearly all word pairs."""
    shared: Counter[int] = Counter(
        place for pair in pairs for place in by_pair.get(pair, ()) if len(pairs_of[place]) > 1
    )
    for place, count in shared.most_common(5):
        together = len(pairs) + len(pairs_of[place]) - count
        if count / together >= NEARLY_THE_SAME and kept[place].intent != example.intent:
            return kept[place]
    return None


def _too_few(examples: Sequence[Example]) -> Iterator[Finding]:
    counts = Counter(example.intent for example in examples)
    for intent, count in counts.items():
        least = LEAST_EXAMPLES_OF.get(intent, LEAST_EXAMPLES)
        if count < least:
            first = next(example for example in examples if example.intent == intent)
            yield _at(first, "too few", f"{intent} has {count} examples; it needs {least}.")


def _series(examples: Sequence[Example]) -> Iterator[Finding]:
    openings: dict[tuple[str, ...], list[Example]] = defaultdict(list)
    for example in examples:
        words = tokens(example.text)
        if len(words) > SERIES_WORDS:
            opening = (example.intent, *words[:SERIES_WORDS])
            openings[opening].append(example)
    for (intent, *words), alike in openings.items():
        if len(alike) >= SERIES_LENGTH:
            said = " ".join(words)
            yield _at(
                alike[-1], "series", f'{len(alike)} examples of {intent} begin with "{said}".'
            )


def _leaks(examples: Sequence[Example], held_out: Mapping[str, str]) -> Iterator[Finding]:
    places = {tuple(tokens(text)): place for text, place in held_out.items()}
    for example in examples:
        words = tuple(tokens(example.text))
        if len(words) >= _SHORTEST_LEAK and words in places:
            yield _at(example, "leak", f"the text is held out for tests at {places[words]}.")


def _at(example: Example, kind: str, message: str) -> Finding:
    return Finding(example.file, example.line, kind, message)


def _heard(text: str) -> tuple[str, ...]:
    """Plain words and figures: "0/10" and "42" are two texts, "Cancel pls!" and "cancle" one."""
    figures = re.findall(r"\d+", text)
    return (*(token for token in tokens(text) if token != "!"), *figures)


def _as_typed(text: str) -> str:
    return " ".join(text.lower().rstrip(" .!").split())


def _place(example: Example) -> str:
    return f"{example.file}:{example.line}"
