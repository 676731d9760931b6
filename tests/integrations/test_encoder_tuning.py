"""Tuning pulls apart what is labelled apart, and set-up adds exactly what was learned."""

from __future__ import annotations

import random

import numpy as np
import onnxruntime
import pytest

from bot.errors import SetupError
from bot.integrations.encoder_delta import (
    DELTA_FILE,
    PARTS,
    RANK,
    Delta,
    is_held_back,
    merged,
    read_delta,
    write_delta,
)
from bot.integrations.encoder_graph import LAYERS, WIDTH, exact_graph
from bot.integrations.encoder_network import stacked, vectors
from bot.integrations.encoder_tuning import TUNED_LAYERS, Lesson, joined, slipped, tune
from bot.understanding.encoder import name_of
from bot.understanding.examples import Example

WORDS = [
    "please",
    "can",
    "you",
    "now",
    "end",
    "it",
    "stop",
    "where",
    "when",
    "is",
    "box",
    "late",
    "soon",
]
EXAMPLES = [
    Example(f"{first} {middle} {last}", intent)
    for intent, middles in {
        "leave": ("end it", "stop it"),
        "where": ("where is", "when is"),
    }.items()
    for middle in middles
    for first in ("please", "now", "can you")
    for last in ("box", "soon", "late")
]


def tokens(text):
    return [WORDS.index(word) for word in text.split() if word in WORDS]


@pytest.fixture(scope="module")
def weights():
    """A network of the right shape that has learned nothing, with a vocabulary of its own."""
    chance = np.random.default_rng(1)

    def some(*shape):
        return (chance.standard_normal(shape) * 0.05).astype(np.float32)

    read = {
        "embeddings.word_embeddings.weight": some(len(WORDS), WIDTH),
        "embeddings.position_embeddings.weight": some(128, WIDTH),
        "embeddings.token_type_embeddings.weight": some(2, WIDTH),
    }
    norms = ["embeddings.LayerNorm"]
    for layer in range(LAYERS):
        for part in PARTS:
            wide_out, wide_in = part.startswith("inter"), part == "output.dense"
            shape = (WIDTH * (4 if wide_out else 1), WIDTH * (4 if wide_in else 1))
            read[f"encoder.layer.{layer}.{part}.weight"] = some(*shape)
            read[f"encoder.layer.{layer}.{part}.bias"] = some(shape[0])
        norms += [f"encoder.layer.{layer}.{n}.LayerNorm" for n in ("attention.output", "output")]
    for name in norms:
        read[f"{name}.weight"] = np.ones(WIDTH, np.float32)
        read[f"{name}.bias"] = np.zeros(WIDTH, np.float32)
    return read


@pytest.fixture(scope="module")
def tuned(weights):
    """What a few rounds over the examples taught, and what was said of them."""
    said: list[str] = []
    matrices = tune(weights, tokens, EXAMPLES, epochs=30, say=said.append)
    return Delta(matrices, frozenset(name_of(example.text) for example in EXAMPLES)), said


def encoded(weights, texts):
    """The vectors as they are served, but for the 8 bits."""
    graph = exact_graph(weights).SerializeToString()
    session = onnxruntime.InferenceSession(graph)
    return np.vstack([session.run(["vectors"], {"ids": [tokens(text)]})[0] for text in texts])


def apart(weights):
    """How much farther two intents lie from each other than two wordings of one; 1 is as far."""
    texts = ["can you stop it now", "can you end it now", "can you when is now"]
    stop, end, when = encoded(weights, texts)
    return (1 - stop @ when) / (1 - stop @ end)


@pytest.mark.slow
def test_what_is_labelled_apart_comes_to_lie_apart(weights, tuned):
    delta, said = tuned
    assert apart(merged(weights, delta)) > 2 * apart(weights)
    assert said[-1].startswith("Epoch 30 of 30: step ")


@pytest.mark.slow
def test_what_set_up_adds_is_what_was_learned(weights, tuned):
    delta, _said = tuned
    upper = range(LAYERS - TUNED_LAYERS, LAYERS)
    learned = {
        f"{part}.{kind}": np.stack(
            [delta.matrices[f"encoder.layer.{n}.{part}.{kind}"] for n in upper]
        )
        for part in PARTS
        for kind in ("down", "up")
    }
    text = "please stop it now"
    ids = np.array([[*tokens(text), 0, 0, 0]])
    mask = np.array([[1.0, 1, 1, 1, 0, 0, 0]], np.float32)
    (traced,) = vectors(stacked(weights, tuned=TUNED_LAYERS), learned, ids, mask)
    (served,) = encoded(merged(weights, delta), [text])
    assert np.asarray(traced) == pytest.approx(served, abs=1e-4)


def test_a_delta_is_read_as_it_was_written_to_half_a_step(tmp_path):
    name, chance = "encoder.layer.5.output.dense", np.random.default_rng(1)
    # Some of the rank weigh a hundred times as much as others: each has steps of its own.
    weight = np.logspace(-2, 0, RANK)
    matrices = {
        f"{name}.down": chance.standard_normal((RANK, 40)) * weight[:, None],
        f"{name}.up": chance.standard_normal((30, RANK)) * weight,
    }
    write_delta(Delta(matrices, frozenset(map(name_of, ("one", "two")))), tmp_path / "delta")
    read = read_delta(tmp_path / "delta")
    assert read.tuned_on == {name_of("one"), name_of("two")}
    assert read.matrices.keys() == matrices.keys()
    for key, along in ((f"{name}.down", 1), (f"{name}.up", 0)):
        half = np.abs(matrices[key]).max(axis=along, keepdims=True) / 2047 / 2
        assert (np.abs(read.matrices[key] - matrices[key]) <= half * 1.001).all()
    with pytest.raises(SetupError, match="not for it"):
        merged({}, read)


def test_what_tuning_left_as_it_was_is_read_as_nothing(tmp_path):
    name = "encoder.layer.5.output.dense"
    matrices = {f"{name}.down": np.ones((RANK, 4)), f"{name}.up": np.zeros((3, RANK))}
    write_delta(Delta(matrices, frozenset()), tmp_path / "delta")
    assert not read_delta(tmp_path / "delta").matrices[f"{name}.up"].any()


def test_the_delta_that_is_shipped_was_learned_from_nothing_held_back():
    shipped = read_delta()
    assert len(shipped.tuned_on) > 10_000
    assert not [name for name in shipped.tuned_on if name[0] % 5 == 0]
    assert DELTA_FILE.stat().st_size < 1_000_000


def test_one_text_in_five_is_held_back_and_always_the_same():
    texts = [f"message {number}" for number in range(1000)]
    held = [text for text in texts if is_held_back(text)]
    assert 150 < len(held) < 250
    assert held == [text for text in texts if is_held_back(text)]


def test_a_slip_changes_one_longer_word():
    chance = random.Random(1)
    changed = [slipped("i want to cancel", chance).split() for _ in range(50)]
    assert all(words[0] == "i" and words[2] == "to" for words in changed)
    assert any(words[3] != "cancel" for words in changed)
    assert slipped("go on", chance) == "go on"


def test_a_wish_to_leave_beside_what_somebody_else_told_stays_one():
    chance = random.Random(1)
    wish = Lesson("please end it", np.array([1, 0], np.float32), 1.0, np.array([0, 1], np.float32))
    told = Lesson("late again!", np.array([0, 1], np.float32), 0.0, np.array([1, 0], np.float32))
    both = [joined(wish, told, chance) for _ in range(50)]
    assert {one.text for one in both} == {
        "please end it. late again!",
        "late again! please end it",
    }
    assert all(one.intent.tolist() == [1, 0] and one.leaves == 1.0 for one in both)
    assert all(one.reasons.tolist() == [1, 1] for one in both)
