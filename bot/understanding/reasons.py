"""Why a customer is unhappy or leaving: reasons of a closed list, each with its evidence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.understanding.calibration import Doubles, fit_logistic, sigmoid
from bot.understanding.clauses import Clause, clauses
from bot.understanding.cues import cued_reasons
from bot.understanding.examples import REASON_ENTITY, REASONS, Example
from bot.understanding.features import Floats, Row, stack
from bot.understanding.linear import Flags, LinearModel, best_margins, fit_linear, folds
from bot.understanding.nearness import Neighbourhood, Neighbours
from bot.understanding.normalise import normalise

# Chosen by cross-validation on the training data.
COST = 2.0
FOLDS = 4
# Unseen messages from which the mix and the thresholds can be read off.
ENOUGH = 4_000
_THRESHOLDS = np.arange(0.05, 0.9, 0.01)
# A clause of this margin is no neighbour of the plane; less would name more that is not meant.
_PLAINLY = 1.0

_KINDS = 4

ToRow = Callable[[str], Row]


@dataclass(frozen=True)
class NamedReason:
    """A reason found in a message, and the clause that says it."""

    reason: str
    confidence: float
    evidence: Clause


@dataclass(frozen=True)
class ReasonClassifier:
    """One plane a reason; message, clause, phrasings and neighbours are weighed together.

    `mix` holds a row for each reason: the weight of the whole message's margin, of the best
    clause's margin, of a cue (see `cues`) in any clause, of the votes of the nearest examples, and
    a bias. `thresholds` are chances from which a reason counts as named. `named` says which
    examples name which reason, shape (examples, reasons).
    """

    model: LinearModel
    mix: Doubles
    thresholds: Doubles
    named: Flags

    @classmethod
    def fit(
        cls,
        examples: Sequence[Example],
        to_row: ToRow,
        *,
        width: int,
        unseen: Flags | None = None,
    ) -> ReasonClassifier:
        """Fit on whole messages, and on their annotated spans and the clauses beside them.

        `to_row` is asked for the texts of `texts_to_read`. Mix and thresholds are learned from
        messages that the encoder was not tuned on (`unseen`; by default all are).
        """
        lessons = [lesson for place, e in enumerate(examples) for lesson in lessons_of(place, e)]
        matrix = stack([to_row(lesson.text) for lesson in lessons], width=width)
        wanted = np.array([_flags(lesson.reasons) for lesson in lessons])
        owners = np.array([lesson.owner for lesson in lessons])
        named = np.array([_flags(example.reasons) for example in examples])
        whole = [to_row(example.text) for example in examples]

        evidence = np.zeros((len(examples), _KINDS, len(REASONS)))
        keys = [example.reasons[0] if example.reasons else example.intent for example in examples]
        tested = []
        for train, test in folds(keys, count=FOLDS, enough=ENOUGH, unseen=unseen):
            tested.append(test)
            used = np.isin(owners, train)
            model = fit_linear(matrix[used], wanted[used], cost=COST)
            rows = [whole[place] for place in test]
            pieces = [clauses(examples[place].text) for place in test]
            parts = [[to_row(clause.text) for clause in piece] for piece in pieces]
            kept = Neighbours.in_meaning([whole[place] for place in train])
            evidence[test] = np.stack(
                [
                    model.margins_of(stack(rows, width=width)),
                    best_margins(model, parts, rows, width=width),
                    np.array([_cued(piece) for piece in pieces]),
                    np.array([_votes(named[train], around) for around in kept.look_all(rows)]),
                ],
                axis=1,
            )
        places = np.concatenate(tested)
        all_named, evidence, named = named, evidence[places], named[places]
        mix = np.array([fit_logistic(evidence[:, :, r], named[:, r]) for r in range(len(REASONS))])
        chances = _chances(evidence, mix)
        return cls(
            fit_linear(matrix, wanted, cost=COST),
            mix,
            np.array([_best_threshold(chances[:, r], named[:, r]) for r in range(len(REASONS))]),
            all_named,
        )

    def find(
        self, whole: Floats, parts: Sequence[tuple[Clause, Floats]], around: Neighbourhood
    ) -> tuple[NamedReason, ...]:
        """Return the reasons named, in the order said, from the margins of message and clauses.

        `around` are the nearest of the examples it was fitted on.
        """
        if not parts:
            return ()
        margins = [margins for _, margins in parts]
        cued = _cued([clause for clause, _ in parts])
        evidence = _evidence(whole, margins, cued, _votes(self.named, around))
        chances = _chances(evidence[None], self.mix)[0]
        found = [
            NamedReason(
                REASONS[place],
                float(chances[place]),
                max(parts, key=lambda part: float(part[1][place]))[0],
            )
            for place in np.flatnonzero((chances >= self.thresholds) | _plainly_said(evidence))
        ]
        return tuple(sorted(found, key=lambda named: (named.evidence.start, -named.confidence)))


def texts_to_read(examples: Sequence[Example]) -> list[str]:
    """Return every text that fitting on these examples reads, each once."""
    texts = [lesson.text for place, e in enumerate(examples) for lesson in lessons_of(place, e)]
    texts += [clause.text for example in examples for clause in clauses(example.text)]
    return list(dict.fromkeys(texts))


@dataclass(frozen=True)
class Lesson:
    owner: int
    text: str
    reasons: tuple[str, ...]


def lessons_of(owner: int, example: Example) -> list[Lesson]:
    spans = [span for span in example.spans if span.entity == REASON_ENTITY]
    lessons = [Lesson(owner, example.text, example.reasons)]
    if not spans:
        return lessons
    lessons += [Lesson(owner, example.text[s.start : s.end], (s.value,)) for s in spans]
    # What stands beside a cause names none: it teaches which words do not make one.
    beside = [
        clause
        for clause in clauses(example.text)
        if all(clause.end <= s.start or s.end <= clause.start for s in spans)
    ]
    return lessons + [Lesson(owner, clause.text, ()) for clause in beside]


def _flags(reasons: Sequence[str]) -> list[bool]:
    return [reason in reasons for reason in REASONS]


def _cued(pieces: Sequence[Clause]) -> Flags:
    """Return for each reason whether a clause holds a cue of it."""
    found = {reason for clause in pieces for reason in cued_reasons(normalise(clause.text))}
    return np.array(_flags(tuple(found)))


def _votes(named: Flags, around: Neighbourhood) -> Doubles:
    """Return the share of the nearest examples that name each reason; 0 where nobody votes."""
    result: Doubles = around.shares.astype(np.float64) @ named[around.voters]
    return result


def _evidence(whole: Floats, parts: Sequence[Floats], cued: Flags, votes: Doubles) -> Doubles:
    """Return four rows: the message's margins, the best of its clauses, the cues, the votes."""
    best = np.max(parts, axis=0) if parts else whole
    stacked: Doubles = np.stack([whole, best, cued, votes]).astype(np.float64)
    return stacked


def _plainly_said(evidence: Doubles) -> Flags:
    """Return which reasons a clause names in a known phrasing, however much stands around it."""
    plain: Flags = (evidence[2] > 0) & (evidence[1] >= _PLAINLY)
    return plain


def _chances(evidence: Doubles, mix: Doubles) -> Doubles:
    """Return P(reason) for evidence of shape (messages, kinds, reasons)."""
    return sigmoid((evidence * mix[:, :-1].T).sum(axis=1) + mix[:, -1])


def _best_threshold(chances: Doubles, named: Flags) -> float:
    """Return the chance from which naming a reason serves F1 best: half of the best F1 there is.

    That holds where chances are what they say (Lipton, Elkan and Naryanaswamy, "Optimal
    thresholding of classifiers to maximize F1 measure", 2014). The threshold at which the best was
    reached jumps with every few examples; how good it was does not.
    """

    def f1(threshold: float) -> float:
        said = chances >= threshold
        return 2 * float((said & named).sum()) / max(int(said.sum() + named.sum()), 1)

    return max(map(f1, _THRESHOLDS)) / 2
