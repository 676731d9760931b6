"""Tunes the sentence encoder on labelled messages, so that what we tell apart lies apart.

Three simple classifiers stand on its vectors while it learns: the intent, each reason, and whether
somebody wants to leave. They are thrown away; those that answer are fitted by `Engine.fit`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.integrations.encoder_delta import PARTS, RANK
from bot.integrations.encoder_graph import LAYERS, WIDTH, Weights
from bot.integrations.encoder_network import Arrays, stacked, vectors
from bot.understanding.encoder import MAX_TOKENS
from bot.understanding.examples import REASONS, Example
from bot.understanding.parsed import LEAVING
from bot.understanding.reasons import lessons_of

Tokens = Callable[[str], list[int]]
Say = Callable[[str], None]
Batch = dict[str, NDArray[Any]]

TUNED_LAYERS = 5
# A batch holds texts of like length, filled up to one of these.
_LENGTHS = (8, 16, 24, 40, MAX_TOKENS)
_BATCH = 32
_RATE, _RATE_OF_HEADS, _WARMING = 1e-3, 5e-3, 0.06
_FADING_SLOPE, _FADING_SQUARE = 0.9, 0.999
# How far towards what was learned the encoder is moved: short of all of it, it knows our messages
# as well, and other people's better (Wortsman et al., "Robust fine-tuning", 2022).
_MOVED = 0.7
# The classifiers read vectors of length 1: without this they would learn slowly.
_STRETCH = 10.0
_SMOOTH = 0.05
# A wish to leave that goes unheard costs the customer most.
_LEAVING_WEIGHT = 2.0
_SOFTER = frozenset(
    {"greet", "thank", "complain", "give_reason", "report_problem", "express_hardship"}
)
# One text in so many is read with a slip of the keyboard, anew in each epoch.
_SLIPS = 5
# One wish to leave in so many is read together with what does not weigh against it.
_JOINED = 5
_TELL_EVERY = 50
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Lesson:
    """A text to learn from, with what is right: one value an intent, and one a reason."""

    text: str
    intent: NDArray[np.float32]  # all zero where the text is a part of a message
    leaves: float
    reasons: NDArray[np.float32]
    softer: bool = False  # a wish to leave in the same message comes before it


def tune(
    weights: Weights,
    tokens: Tokens,
    examples: Sequence[Example],
    *,
    epochs: int,
    layers: int = TUNED_LAYERS,
    say: Say = lambda _: None,
) -> dict[str, NDArray[np.float32]]:
    """Return the matrices of a delta for the last `layers`, learned from all these examples."""
    import jax
    import jax.numpy as jnp

    lessons = _lessons(examples)
    chance = random.Random(0)
    plan = [_batches(lessons, tokens, chance) for _ in range(epochs)]
    frozen = jax.tree_util.tree_map(jnp.asarray, stacked(weights, tuned=layers))
    learned = _beginning(frozen["upper"], len(lessons[0].intent))
    slopes, squares = (jax.tree_util.tree_map(jnp.zeros_like, learned) for _ in range(2))
    step = jax.jit(partial(_step, steps=sum(map(len, plan))))
    done, lost = 0, 0.0
    for epoch, batches in enumerate(plan, start=1):
        for number, batch in enumerate(batches, start=1):
            done += 1
            learned, slopes, squares, loss = step(frozen, learned, slopes, squares, batch, done)
            lost += (float(loss) - lost) * max(0.01, 1 / done)
            if number % _TELL_EVERY == 0 or number == len(batches):
                say(f"Epoch {epoch} of {epochs}: step {number} of {len(batches)}, loss {lost:.3f}")
    return {
        f"encoder.layer.{layer}.{name}": _moved(name) * np.asarray(values[layer - LAYERS])
        for name, values in learned["delta"].items()
        for layer in range(LAYERS - layers, LAYERS)
    }


def _moved(name: str) -> float:
    return _MOVED if name.endswith(".up") else 1.0


def _lessons(examples: Sequence[Example]) -> list[Lesson]:
    names = sorted({example.intent for example in examples})
    return [
        Lesson(
            lesson.text,
            np.array(
                [lesson.text == example.text and name == example.intent for name in names],
                dtype=np.float32,
            ),
            float(example.intent in LEAVING),
            np.array([reason in lesson.reasons for reason in REASONS], dtype=np.float32),
            lesson.text == example.text and example.intent in _SOFTER,
        )
        for place, example in enumerate(examples)
        for lesson in lessons_of(place, example)
    ]


def _batches(lessons: Sequence[Lesson], tokens: Tokens, chance: random.Random) -> list[Batch]:
    """Return all lessons once, in batches of like length and in a random order."""
    by_length: dict[int, list[tuple[Lesson, list[int]]]] = {}
    softer = [lesson for lesson in lessons if lesson.softer]
    for lesson in chance.sample(lessons, len(lessons)):
        if softer and lesson.leaves and lesson.intent.any() and not chance.randrange(_JOINED):
            lesson = joined(lesson, chance.choice(softer), chance)
        text = lesson.text if chance.randrange(_SLIPS) else slipped(lesson.text, chance)
        ids = tokens(text)
        length = next(length for length in _LENGTHS if len(ids) <= length)
        by_length.setdefault(length, []).append((lesson, ids))
    batches = [
        _batch(kept[start : start + _BATCH], length)
        for length, kept in sorted(by_length.items())
        for start in range(0, len(kept), _BATCH)
    ]
    chance.shuffle(batches)
    return batches


def _batch(kept: Sequence[tuple[Lesson, list[int]]], length: int) -> Batch:
    # Always full, so that a length is compiled once: the last one begins again.
    filled = [kept[place % len(kept)] for place in range(_BATCH)]
    lessons = [lesson for lesson, _ in filled]
    return {
        "ids": np.array([ids + [0] * (length - len(ids)) for _, ids in filled]),
        "mask": np.array(
            [[1.0] * len(ids) + [0.0] * (length - len(ids)) for _, ids in filled], np.float32
        ),
        "intent": np.array([lesson.intent for lesson in lessons]),
        "leaves": np.array([[lesson.leaves] for lesson in lessons], np.float32),
        "reasons": np.array([lesson.reasons for lesson in lessons]),
    }


def joined(wish: Lesson, other: Lesson, chance: random.Random) -> Lesson:
    """Return a wish to leave with what somebody else told, in one message; it stays the wish."""
    first, second = chance.sample([wish.text, other.text], 2)
    return replace(
        wish,
        text=f"{first}{'' if first[-1] in '.!?' else '.'} {second}",
        reasons=np.maximum(wish.reasons, other.reasons),
    )


def slipped(text: str, chance: random.Random) -> str:
    """Return a text with one slip of the keyboard in one of its longer words."""
    words = text.split(" ")
    long = [place for place, word in enumerate(words) if len(word) >= 4 and word.isalpha()]
    if not long:
        return text
    place = chance.choice(long)
    word, at = words[place], chance.randrange(1, len(words[place]) - 1)
    words[place] = chance.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + chance.choice(_LETTERS) + word[at + 1 :],
        )
    )
    return " ".join(words)


def _beginning(upper: Arrays, intents: int) -> Any:
    """Return what is learned as it begins: `up` is nothing, so the encoder is as it was."""
    chance = np.random.default_rng(0)
    delta = {}
    for part in PARTS:
        layers, out, into = upper[f"{part}.weight"].shape
        down = chance.standard_normal((layers, RANK, into)) / into**0.5
        delta[f"{part}.down"] = down.astype(np.float32)
        delta[f"{part}.up"] = np.zeros((layers, out, RANK), np.float32)
    labels = {"intent": intents, "leaves": 1, "reasons": len(REASONS)}
    heads = {
        name: {"weights": np.zeros((WIDTH, n), np.float32), "biases": np.zeros(n, np.float32)}
        for name, n in labels.items()
    }
    return {"delta": delta, "heads": heads}


def _loss(learned: Any, frozen: Any, batch: Any) -> Any:
    import jax
    import jax.numpy as jnp

    read = _STRETCH * vectors(frozen, learned["delta"], batch["ids"], batch["mask"])
    margins = {
        name: read @ head["weights"] + head["biases"] for name, head in learned["heads"].items()
    }

    def missed(name: str) -> Any:
        """Cross-entropy of yes or no, added up over the labels."""
        each = jax.nn.softplus(margins[name]) - margins[name] * batch[name]
        return each.sum(axis=1)

    whole = batch["intent"].sum(axis=1)
    right = (1 - _SMOOTH) * batch["intent"] + _SMOOTH / batch["intent"].shape[1]
    wrong = -(jax.nn.log_softmax(margins["intent"]) * right).sum(axis=1)
    return jnp.mean(whole * (wrong + _LEAVING_WEIGHT * missed("leaves")) + missed("reasons"))


def _step(
    frozen: Any, learned: Any, slopes: Any, squares: Any, batch: Any, done: Any, *, steps: int
) -> Any:
    """One step of Adam (Kingma and Ba, 2015), whose rate rises for a while and then falls to 0."""
    import jax
    import jax.numpy as jnp

    loss, slope = jax.value_and_grad(_loss)(learned, frozen, batch)
    slopes = _towards(slopes, slope, _FADING_SLOPE)
    squares = _towards(squares, jax.tree_util.tree_map(jnp.square, slope), _FADING_SQUARE)
    past = done / steps
    speed = jnp.minimum(past / _WARMING, 0.5 + 0.5 * jnp.cos(jnp.pi * past))
    speed = speed * jnp.sqrt(1 - _FADING_SQUARE**done) / (1 - _FADING_SLOPE**done)

    def moved(rate: float) -> Callable[[Any, Any, Any], Any]:
        return lambda now, first, second: now - rate * speed * first / (jnp.sqrt(second) + 1e-8)

    learned = {
        name: jax.tree_util.tree_map(moved(rate), learned[name], slopes[name], squares[name])
        for name, rate in (("delta", _RATE), ("heads", _RATE_OF_HEADS))
    }
    return learned, slopes, squares, loss


def _towards(old: Any, new: Any, fading: float) -> Any:
    import jax

    return jax.tree_util.tree_map(lambda o, n: fading * o + (1 - fading) * n, old, new)
