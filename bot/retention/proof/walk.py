"""The walk: every place that can be reached from a beginning, breadth first, each shape once.

Breadth first makes the first way found to a broken rule the shortest one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.retention import moves
from bot.retention.dialogue import Heard, read_dialogue
from bot.retention.proof.inputs import ACCEPT, EXITS, MOVES, NOT_UNDERSTOOD, OPENED, answers_of
from bot.retention.proof.passages import Passage, billing_is_back, passages
from bot.retention.proof.place import Beginning, Place, first_place
from bot.retention.proof.rule import Broken, PassageRule, PlaceRule
from bot.retention.proof.rules import PASSAGE_RULES, PLACE_RULES
from bot.retention.proof.shape import misunderstood_shape, shape_of, shapes_of, what_stands
from bot.retention.say import Say

# Longer than an offer stands, and than offers count on.
A_DAY = timedelta(hours=25)
# What passes without the customer: stands in a chat in place of their words.
A_DAY_PASSES = Heard("a_day_passes")
BILLING_ANSWERS = Heard("billing_answers_again")


@dataclass(frozen=True)
class Line:
    """What was done, and what was said to it."""

    said: Heard
    says: tuple[Say, ...]


@dataclass(frozen=True)
class Violation:
    """A broken rule, with the shortest chat that leads there."""

    rule: str
    statement: str
    what: str
    beginning: str
    chat: tuple[Line, ...]


@dataclass(frozen=True)
class _Node:
    place: Place
    line: Line | None = None
    parent: _Node | None = None

    def chat(self) -> tuple[Line, ...]:
        lines, node = [], self
        while node.line is not None and node.parent is not None:
            lines.append(node.line)
            node = node.parent
        return tuple(reversed(lines))


class Walk:
    """One beginning's walk, by the given inputs; with `deepest`, no further than so many moves.

    Without `judges` no rule is held against what is passed.
    """

    def __init__(
        self,
        beginning: Beginning,
        *,
        inputs: tuple[Heard, ...] = MOVES,
        deepest: int | None = None,
        judges: bool = True,
    ) -> None:
        self.title = beginning.title
        self._inputs_anywhere, self._deepest = inputs, deepest
        self._place_rules = PLACE_RULES if judges else ()
        self._passage_rules = PASSAGE_RULES if judges else ()
        self.states = self.transitions = 0
        self.violations: dict[str, Violation] = {}
        self._seen: set[Hashable] = set()
        self._judged: set[Hashable] = set()
        self._todo: deque[_Node] = deque()
        self._add(_Node(first_place(beginning)))

    def explore(self) -> Iterator[Passage]:
        """Walk to the end, and yield every passage on the way."""
        while self._todo:
            node = self._todo.popleft()
            self.states += 1
            self._judge_place(node)
            for passage in self._passages(node.place):
                self.transitions += 1
                self._judge(passage, node)
                if not self._is_last(node.place):
                    self._add(_Node(passage.after, Line(passage.said, passage.says), node))
                yield passage
            for said, place in _without_a_word(node.place):
                self.transitions += 1
                self._add(_Node(place, Line(said, ()), node))

    def _is_last(self, place: Place) -> bool:
        """A day later accepting and leaving are tried, each once."""
        return place.is_late or (self._deepest is not None and place.turns > self._deepest)

    def _passages(self, place: Place) -> Iterator[Passage]:
        for heard in self._inputs(place):
            yield from passages(place, heard)

    def _inputs(self, place: Place) -> Iterable[Heard]:
        if not place.turns:
            return (OPENED,)
        if place.is_late:
            return (*EXITS, ACCEPT, *answers_of(place))
        if place.dialogue.misunderstood and self._stands_elsewhere_too(place):
            return (*EXITS[:2], NOT_UNDERSTOOD)
        return (*self._inputs_anywhere, *answers_of(place))

    def _stands_elsewhere_too(self, place: Place) -> bool:
        """Any other move forgets what was not understood, first of all: the rest is walked there.

        The exit is tried here nevertheless, by the control and in words.
        """
        understood = moves.understood(place.dialogue)
        return shape_of(replace(place, dialogue=understood)) in self._seen

    def _judge_place(self, node: _Node) -> None:
        """Judge what could be done from here, once where only what was shown before differs."""
        stands = what_stands(node.place)
        if stands in self._judged:
            return
        self._judged.add(stands)
        for rule in self._place_rules:
            for broken in rule.check(node.place):
                self._note(rule, broken, node)

    def _judge(self, passage: Passage, node: _Node) -> None:
        for rule in self._passage_rules:
            for broken in rule.check(passage):
                line = Line(passage.said, passage.says)
                self._note(rule, broken, node, line)

    def _note(
        self, rule: PlaceRule | PassageRule, broken: Broken, node: _Node, *lines: Line
    ) -> None:
        then = tuple(Line(passage.said, passage.says) for passage in broken.then)
        chat = (*node.chat(), *lines, *then)
        violation = Violation(rule.number, rule.statement, broken.what, self.title, chat)
        self.violations.setdefault(rule.number, violation)

    def _add(self, node: _Node) -> None:
        misunderstood = node.place.dialogue.misunderstood
        if misunderstood and self._stands_elsewhere_too(node.place):
            shapes: tuple[Hashable, ...] = (misunderstood_shape(node.place),)
        else:
            shapes = shapes_of(node.place)
        if self._seen.issuperset(shapes):
            return
        self._seen.update(shapes)
        # As the next message finds it: written down and read again.
        dialogue = read_dialogue(node.place.dialogue.to_document())
        self._todo.append(replace(node, place=replace(node.place, dialogue=dialogue)))


def _without_a_word(place: Place) -> Iterator[tuple[Heard, Place]]:
    """Yield what happens by itself: an offer runs out, billing answers again."""
    attempt = place.dialogue.open_attempt
    offered = attempt is not None and attempt.open_offer is not None
    if offered and not place.is_late and not place.dialogue.misunderstood:
        later = replace(place.at(place.now + A_DAY), memory=place.memory.a_day_later())
        yield A_DAY_PASSES, later
    if place.owed:
        yield BILLING_ANSWERS, billing_is_back(place)
