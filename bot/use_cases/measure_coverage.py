"""Measure what customers say and what tests hold, against everything the assistant knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from bot.annotation.drift import Drift, by_week, drifts
from bot.conversations.understood import NOT_UNDERSTOOD, Meant
from bot.errors import InvalidInput
from bot.understanding.examples import REASONS
from bot.use_cases.coverage_ports import AssistantParts, Made, Tested
from bot.use_cases.review_ports import Pressed, ReviewViews

MOST_DAYS = 366
# More than this are not needed to tell shares to a tenth of a percent.
MOST_MESSAGES = 50_000
KINDS = ("intents", "reasons", "rules", "responses", "stories")


@dataclass(frozen=True)
class Used:
    """One thing the assistant knows: how often it came up in chats, and in tests."""

    name: str
    in_chats: int
    in_tests: int

    @property
    def is_idle(self) -> bool:
        """Nobody ever says it."""
        return self.in_chats == 0

    @property
    def is_untested(self) -> bool:
        return self.in_tests == 0


@dataclass(frozen=True)
class Coverage:
    """`kinds` are by name, each with what there is, the most used first; `weeks` oldest first."""

    since: datetime
    until: datetime
    messages: int
    not_understood: int
    kinds: dict[str, tuple[Used, ...]]
    weeks: tuple[Drift, ...]


def measure_coverage(
    *,
    days: int,
    now: datetime,
    views: ReviewViews,
    parts: AssistantParts,
    understand: Callable[[str], str],
) -> Coverage:
    """Return the coverage of the last `days`; `understand` gives the intent of a test's sentence.

    Raises:
        InvalidInput: fewer than 1 or more than 366 days.
    """
    if not 1 <= days <= MOST_DAYS:
        raise InvalidInput(f"days: choose 1 to {MOST_DAYS}.")
    since = now - timedelta(days=days)
    understand = lru_cache(maxsize=None)(understand)
    heard = views.meant_since(since, most=MOST_MESSAGES)
    presses = views.presses_since(since, until=now)
    said = Counter(views.responses_since(since, until=now))
    made, tested = parts.made(), parts.tested()
    walks = _walks(heard, presses)
    intents = Counter(one.understood.intent for one in heard)
    tests = _tested_intents(tested, understand)
    return Coverage(
        since=since,
        until=now,
        messages=len(heard),
        not_understood=intents[NOT_UNDERSTOOD],
        kinds={
            "intents": _used(made.intents, intents, tests),
            "reasons": _used(
                REASONS,
                Counter(reason for one in heard for reason in one.understood.reasons),
                Counter(reason for _intent, reasons in tested.labels for reason in reasons),
            ),
            "rules": _used_rules(made, intents + Counter(one.intent for one in presses), tests),
            "responses": _used(made.responses, said, Counter(tested.responses)),
            "stories": _used_stories(made, walks, tested, understand),
        },
        weeks=drifts(by_week((one.at, one.understood.intent) for one in heard)),
    )


def _walks(heard: Iterable[Meant], presses: Iterable[Pressed]) -> list[tuple[str, ...]]:
    """Return what was meant in each conversation, typed or pressed, in its order."""
    found: dict[str, dict[int, str]] = {}
    for one in heard:
        found.setdefault(one.conversation, {})[one.turn] = one.understood.intent
    for press in presses:
        found.setdefault(press.conversation, {})[press.turn] = press.intent
    return [tuple(walk[turn] for turn in sorted(walk)) for walk in found.values()]


def _tested_intents(tested: Tested, understand: Callable[[str], str]) -> Counter[str]:
    dialogues = Counter(
        intent or understand(text) for said in tested.dialogues for text, intent in said
    )
    return dialogues + Counter(intent for intent, _reasons in tested.labels)


def _used(names: Iterable[str], in_chats: Counter[str], in_tests: Counter[str]) -> tuple[Used, ...]:
    found = [Used(name, in_chats[name], in_tests[name]) for name in names]
    return tuple(sorted(found, key=lambda used: (-used.in_chats, -used.in_tests, used.name)))


def _used_rules(made: Made, in_chats: Counter[str], in_tests: Counter[str]) -> tuple[Used, ...]:
    by_intent = {name: intent for name, (intent, _action) in made.rules.items()}
    return _used(
        made.rules,
        Counter({name: in_chats[intent] for name, intent in by_intent.items()}),
        Counter({name: in_tests[intent] for name, intent in by_intent.items()}),
    )


def _used_stories(
    made: Made,
    walks: Sequence[tuple[str, ...]],
    tested: Tested,
    understand: Callable[[str], str],
) -> tuple[Used, ...]:
    tests = [
        tuple(intent or understand(text) for text, intent in said) for said in tested.dialogues
    ]
    return _used(made.stories, _told_in(walks, made), _told_in(tests, made))


def _told_in(walks: Sequence[tuple[str, ...]], made: Made) -> Counter[str]:
    """Return how many of the conversations go each story's way."""
    return Counter(
        {name: sum(_tells(walk, told) for walk in walks) for name, told in made.stories.items()}
    )


def _tells(walk: tuple[str, ...], story: tuple[str, ...]) -> bool:
    """Whether a conversation goes the story's way somewhere, without a detour."""
    return any(walk[at : at + len(story)] == story for at in range(len(walk) - len(story) + 1))
