"""Our own data and the held-out messages through our own engine."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bench.understanding.measures import Guess, mean_f1, micro_f1, recall_and_precision
from bench.understanding.rows import in_folds, our_examples, our_lexicon
from bot.encoder_files import find_encoder
from bot.understanding.encoder import name_of
from bot.understanding.engine import Engine
from bot.understanding.parsed import LEAVING, Parsed

# The day on which our examples are read; a held-out message says its own.
TODAY = date(2026, 3, 11)
STRANGE = "out_of_scope"
KINDS = frozenset(
    ("duration", "date", "money", "plan", "order_number", "subscription", "competitor")
)


@dataclass
class Asked:
    """What was right and what was understood, message by message."""

    guesses: list[Guess] = field(default_factory=list)
    reasons: list[tuple[set[str], set[str]]] = field(default_factory=list)
    wishes: list[tuple[bool, bool]] = field(default_factory=list)
    hardship: list[tuple[bool, bool]] = field(default_factory=list)
    entities: list[tuple[set[str], set[str]]] = field(default_factory=list)
    false_alarms: list[bool] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def add(self, right: str, reasons: Sequence[str], said: Parsed, seconds: float) -> None:
        self.guesses.append(Guess(right, said.intent, said.confidence))
        self.reasons.append((set(reasons), set(said.reasons)))
        self.wishes.append((right in LEAVING, said.intent in LEAVING))
        self.seconds.append(seconds)

    def strangers(self) -> list[Guess]:
        """The guesses as knowledge of being out of scope: how sure it is that a message is in."""
        return [
            Guess(
                None if guess.right == STRANGE else guess.right,
                guess.said,
                1 - guess.confidence if guess.said == STRANGE else guess.confidence,
            )
            for guess in self.guesses
        ]

    def summary(self) -> dict[str, float]:
        """Return wishes, reasons, hardship and entities as figures between 0 and 1."""
        recall, precision = recall_and_precision(self.wishes)
        found = {
            "wants-to-leave recall": recall,
            "wants-to-leave precision": precision,
            "reasons macro-F1": mean_f1(self.reasons),
            "reasons micro-F1": micro_f1(self.reasons),
        }
        if self.hardship:
            found["hardship recall"], found["hardship precision"] = recall_and_precision(
                self.hardship
            )
        if self.entities:
            found["entities with the right value, F1"] = micro_f1(self.entities)
        if self.false_alarms:
            found["false alarms on hard negatives"] = sum(self.false_alarms) / len(
                self.false_alarms
            )
        return found


def cross_validated(say: Any) -> Asked:
    """Ask every fifth of our data an engine that learned from the other four.

    What the encoder was tuned on is learned from, and not asked: it is nothing new to it.
    """
    asked, lexicon, encoder = Asked(), our_lexicon(), find_encoder()
    tuned_on = encoder.tuned_on if encoder else frozenset()
    for number, (learned, unseen) in enumerate(in_folds(our_examples()), start=1):
        say(f"Cross-validation, fold {number} of 5")
        engine = Engine.fit(learned, lexicon=lexicon, encoder=encoder)
        for example in (e for e in unseen if name_of(e.text) not in tuned_on):
            said, seconds = timed(engine, example.text)
            reasons = [span.value for span in example.spans]
            asked.add(example.intent, reasons, said, seconds)
    return asked


def on_held_out(rows: Sequence[dict[str, Any]], engine: Engine) -> Asked:
    asked = Asked()
    for row in rows:
        said, seconds = timed(engine, row["text"], date.fromisoformat(row["today"]))
        asked.add(row["intent"], row["reasons"], said, seconds)
        asked.entities.append(
            (
                {f"{e['entity']}={e['value']}" for e in row["entities"] if e["entity"] in KINDS},
                {f"{e.entity}={e.value}" for e in said.entities if e.entity in KINDS},
            )
        )
        if "hardship" in row:
            asked.hardship.append((row["hardship"], said.signals.hardship))
        if row.get("hard_negative"):
            asked.false_alarms.append(said.intent in LEAVING)
    return asked


def stress(rows: Sequence[dict[str, Any]], engine: Engine) -> dict[str, float]:
    """How the shipped engine hears wishes to leave other companies; it never learned of them."""
    said = [(row, timed(engine, row["text"])[0].intent in LEAVING) for row in rows]
    recall, precision = recall_and_precision([(row["label"] == 1, heard) for row, heard in said])
    found = {"recall": recall, "precision": precision}
    for kind in ("hard_word", "hard_intent", "easy"):
        of_kind = [heard for row, heard in said if row["kind"] == kind]
        found[f"false alarms, {kind}"] = sum(of_kind) / max(len(of_kind), 1)
    return found


def timed(engine: Engine, text: str, today: date = TODAY) -> tuple[Parsed, float]:
    started = time.perf_counter()
    said = engine.parse(text, today=today)
    return said, time.perf_counter() - started
