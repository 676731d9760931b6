"""What can be wrong with training examples beside each other: too alike, too few, at odds."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from bot.annotation.alike import tokens_of
from bot.understanding.doubts import doubts
from bot.understanding.examples import Example
from bot.use_cases.findings import DOUBTED_LABEL, Finding, at, place

LEAST_EXAMPLES = 80
# The intent that matters most needs the widest wording.
LEAST_EXAMPLES_OF = {"request_cancellation": 250}
# Shares of the shorter text's word pairs and words from which two texts count as nearly the same.
NEARLY_THE_SAME = 0.85
_SHORTEST_NEAR = 5
# A series: so many examples of one intent that begin with the same words.
SERIES_WORDS, SERIES_LENGTH = 4, 6
# One-sided: so large a share of an intent begins with one word, or so small a share is short or
# long. What is said in a few words anyway ("yes", "bye") needs no long examples.
ONE_OPENING = 0.4
SHORT_WORDS, LONG_WORDS, LEAST_SHARE = 5, 12, 0.03
_SHORT_BY_NATURE = frozenset(("affirm", "deny", "greet", "thank", "goodbye"))


def findings(
    examples: Sequence[Example], confirmed: Mapping[tuple[str, str], str]
) -> Iterator[Finding]:
    """Yield what is wrong between examples; `confirmed` labels are not doubted."""
    yield from _duplicates(examples)
    by_intent: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        by_intent[example.intent].append(example)
    for alike in by_intent.values():
        yield from _too_few(alike)
        yield from _one_sided(alike)
        yield from _series(alike)
    yield from _two_reasons(examples)
    yield from _doubtful(examples, confirmed)


def beside(new: Example, examples: Sequence[Example], near: Sequence[Example]) -> Iterator[Finding]:
    """Yield what would be wrong with a new example beside these; it has no line yet.

    `near` are those of other intents that share half of its words or more.
    """
    typed = _as_typed(new.text)
    own = [other for other in examples if other.intent == new.intent]
    twins = [other for other in own if _as_typed(other.text) == typed]
    for found in (
        *_duplicates([*twins, *near, new]),
        *_series([*own, new]),
        *_two_reasons([*(other for other in examples if other.spans), new]),
    ):
        if (found.file, found.line) == (new.file, new.line):
            yield found


def _duplicates(examples: Sequence[Example]) -> Iterator[Finding]:
    typed: dict[tuple[str, str], Example] = {}
    first: dict[tuple[str, ...], Example] = {}
    by_pair: dict[tuple[str, str], list[int]] = defaultdict(list)
    pairs_of: list[dict[tuple[str, str], None]] = []
    kept: list[Example] = []
    for example in examples:
        words = _heard(example.text)
        # Within an intent "yup" and "yes" are two examples; between intents they are one text.
        twin = typed.setdefault((example.intent, _as_typed(example.text)), example)
        before = first.setdefault(words, example) if words else example
        if twin is not example:
            yield at(
                example, "duplicate", f"the same text stands at {place(twin)}; delete one of them."
            )
            continue
        if before.intent != example.intent:
            yield at(
                example,
                "duplicate",
                f"the text is {before.intent} at {place(before)}; keep it under one intent.",
            )
            continue
        pairs = dict.fromkeys(zip(("<", *words), (*words, ">"), strict=True))
        if len(words) >= _SHORTEST_NEAR:
            near = _nearest(pairs, example, kept, pairs_of, by_pair)
            if near:
                yield at(
                    example,
                    "near duplicate",
                    f"nearly {near.intent} at {place(near)}; keep one, or say what differs.",
                )
        for pair in pairs:
            by_pair[pair].append(len(kept))
        kept.append(example)
        pairs_of.append(pairs)


def _nearest(
    pairs: Mapping[tuple[str, str], None],
    example: Example,
    kept: Sequence[Example],
    pairs_of: Sequence[Mapping[tuple[str, str], None]],
    by_pair: Mapping[tuple[str, str], list[int]],
) -> Example | None:
    """Return an example of another intent that shares nearly all word pairs.

    Who shares nearly all of them shares one of the rarest; only those are looked up.
    """
    may_differ = int(len(pairs) * (1 / NEARLY_THE_SAME - 1))
    rarest = sorted(pairs, key=lambda pair: len(by_pair.get(pair, ())))[: may_differ + 1]
    others = dict.fromkeys(other for pair in rarest for other in by_pair.get(pair, ()))
    for other in others:
        if kept[other].intent != example.intent:
            shared = len(pairs.keys() & pairs_of[other].keys())
            together = len(pairs) + len(pairs_of[other]) - shared
            if shared / together >= NEARLY_THE_SAME:
                return kept[other]
    return None


def _too_few(alike: Sequence[Example]) -> Iterator[Finding]:
    intent = alike[0].intent
    least = LEAST_EXAMPLES_OF.get(intent, LEAST_EXAMPLES)
    if len(alike) < least:
        yield at(
            alike[0],
            "too few",
            f"{intent} has {len(alike)} examples; it needs {least}, in words of their own.",
        )


def _one_sided(alike: Sequence[Example]) -> Iterator[Finding]:
    intent, count = alike[0].intent, len(alike)
    if count < LEAST_EXAMPLES:
        return  # too few to have sides
    words = [tokens_of(example.text) for example in alike]
    openings = Counter(said[0] for said in words if len(said) > 1)
    opening, times = openings.most_common(1)[0] if openings else ("", 0)
    if times > ONE_OPENING * count:
        yield at(
            alike[0],
            "one-sided",
            f'{times} of {count} examples of {intent} begin with "{opening}"; vary them.',
        )
    if intent in _SHORT_BY_NATURE:
        return
    short = sum(len(said) <= SHORT_WORDS for said in words)
    long = sum(len(said) > LONG_WORDS for said in words)
    if short < LEAST_SHARE * count:
        yield at(
            alike[0],
            "one-sided",
            f"{short} of {count} examples of {intent} have up to {SHORT_WORDS} words; add some.",
        )
    if long < LEAST_SHARE * count:
        yield at(
            alike[0],
            "one-sided",
            f"{long} of {count} examples of {intent} have over {LONG_WORDS} words; add some.",
        )


def _series(alike: Sequence[Example]) -> Iterator[Finding]:
    openings: dict[tuple[str, ...], list[Example]] = defaultdict(list)
    for example in alike:
        words = tokens_of(example.text)
        if len(words) > SERIES_WORDS:
            openings[tuple(words[:SERIES_WORDS])].append(example)
    for opening, series in openings.items():
        if len(series) >= SERIES_LENGTH:
            said = " ".join(opening)
            yield at(
                series[-1],
                "series",
                f'{len(series)} examples of {series[-1].intent} begin with "{said}"; '
                "keep the best few.",
            )


def _two_reasons(examples: Sequence[Example]) -> Iterator[Finding]:
    """The same words name the same reason, or else the shorter the span the less it teaches."""
    first: dict[tuple[str, ...], tuple[str, Example]] = {}
    for example in examples:
        for span in example.spans:
            words = _heard(example.text[span.start : span.end])
            value, before = first.setdefault(words, (span.value, example))
            if words and value != span.value and before is not example:
                yield at(
                    example,
                    "reason",
                    f'"{" ".join(words)}" is {span.value} here and {value} at {place(before)}; '
                    "decide for one, or annotate the words that differ.",
                )


def _doubtful(
    examples: Sequence[Example], confirmed: Mapping[tuple[str, str], str]
) -> Iterator[Finding]:
    for doubt in doubts(examples, read=tokens_of):
        example = doubt.example
        if (example.intent, example.text) not in confirmed:
            alike = " and ".join(map(place, doubt.alike))
            yield at(
                example,
                DOUBTED_LABEL,
                f"{example.intent}, yet it reads like {doubt.instead} (as {alike}); move it there, "
                f"add others like it to {example.intent}, or confirm the label.",
            )
    yield from _stale(examples, confirmed)


def _stale(
    examples: Sequence[Example], confirmed: Mapping[tuple[str, str], str]
) -> Iterator[Finding]:
    there = {(example.intent, example.text) for example in examples}
    for label, where in confirmed.items():
        if label not in there:
            file, _, line = where.rpartition(":")
            yield Finding(file, int(line), "stale", "no example has this label; delete the line.")


def _heard(text: str) -> tuple[str, ...]:
    """Plain words and figures: "0/10" and "42" are two texts, "Cancel pls!" and "cancle" one."""
    figures = re.findall(r"\d+", text)
    return (*(token for token in tokens_of(text) if token != "!"), *figures)


def _as_typed(text: str) -> str:
    return " ".join(text.lower().rstrip(" .!").split())
