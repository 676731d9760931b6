"""The sentence encoder: what means the same lies near, and nothing depends on its being there."""

from __future__ import annotations

import json

import numpy as np
import pytest

from bot import encoder_files
from bot.encoder_files import KeepingEncoder, RememberingEncoder, encoder_digest, find_encoder
from bot.errors import SetupError
from bot.integrations.encoder_build import build_encoder
from bot.understanding.encoder import MAX_TOKENS, SentenceEncoder, name_of
from bot.understanding.engine import Engine
from bot.understanding.engine_files import JSON_FILE
from bot.understanding.examples import Example
from bot.understanding.linear import folds
from tests.needs import missing
from tests.understanding.engines import TODAY, examples

FEW = [
    Example(text, intent)
    for intent, texts in {
        "leave": ("cancel my plan", "end the subscription", "I want to leave", "stop it for good"),
        "where": ("where is my parcel", "has it been sent", "track the box", "when does it come"),
        "price": ("what does it cost", "how much is a box", "the price of solo", "is it cheaper"),
    }.items()
    for text in texts
]


@pytest.fixture
def encoder():
    found = find_encoder()
    if found is None:
        missing("There is no sentence encoder. Set-up says why: run `make setup-dev`.")
    return found


class Counting:
    """The real encoder, with a count of the texts it had to read."""

    def __init__(self, encoder):
        self.encoder, self.read = encoder, 0
        self.digest, self.width = encoder.digest, encoder.width
        self.tuned_on = encoder.tuned_on

    def encode(self, texts):
        self.read += len(texts)
        return self.encoder.encode(texts)


def test_what_means_the_same_lies_near(encoder):
    leave, end, late = encoder.encode(
        ["I want to cancel my subscription", "please end my membership", "is the box late today?"]
    )
    assert leave @ end > 0.4 > leave @ late


def test_a_vector_has_length_one_whatever_is_encoded_beside(encoder):
    texts = ["no", "what a long message this is about nothing in particular, really", "o-5002?"]
    together = encoder.encode(texts)
    assert np.linalg.norm(together, axis=1) == pytest.approx(1, abs=1e-3)
    assert np.array_equal(together, np.vstack([encoder.encode([text]) for text in texts]))


def test_a_very_long_text_is_read_to_a_bound(encoder):
    start = "word " * MAX_TOKENS
    assert encoder.encode([start + "cancel"])[0] == pytest.approx(
        encoder.encode([start])[0], abs=0.05
    )


def test_words_never_seen_in_training_are_understood(encoder):
    unseen = {
        "discontinue membership": "leave",
        "whereabouts of package": "where",
        "fees?": "price",
    }
    engine = Engine.fit(FEW, encoder=encoder)
    assert {text: engine.parse(text, today=TODAY).intent for text in unseen} == unseen


def test_signs_without_words_mean_nothing(encoder):
    assert not encoder.encode(["!!!", "😀", "12/3", ""]).any()
    engine = Engine.fit(FEW, encoder=encoder)
    assert {engine.parse(text, today=TODAY).ranking for text in (":::", "—", "")} == {
        engine.parse("12345", today=TODAY).ranking
    }


def test_an_engine_fitted_with_another_encoder_is_refused(encoder):
    files = Engine.fit(FEW, encoder=encoder).to_files()
    with pytest.raises(ValueError, match="not here"):
        Engine.from_files(files)
    plain = {**json.loads(files[JSON_FILE]), "encoder": "another"}
    with pytest.raises(ValueError, match="not here"):
        Engine.from_files({**files, JSON_FILE: json.dumps(plain).encode()}, encoder=encoder)


def test_an_engine_without_needs_none(encoder):
    files = Engine.fit(FEW).to_files()
    without, beside = Engine.from_files(files), Engine.from_files(files, encoder=encoder)
    assert without.parse("end it", today=TODAY) == beside.parse("end it", today=TODAY)


def test_what_was_learned_from_is_encoded_once(encoder, tmp_path):
    texts = [f"message number {number}" for number in range(150)]
    first = Counting(encoder)
    vectors = KeepingEncoder(first, tmp_path).encode(texts)
    again = Counting(encoder)
    kept = KeepingEncoder(again, tmp_path).encode([*texts, "and a new one"])
    assert (first.read, again.read) == (150, 1)
    assert kept[:150] == pytest.approx(vectors)


def test_texts_that_are_read_again_with_every_model_are_encoded_once(encoder, tmp_path):
    first = Counting(encoder)
    remembering = RememberingEncoder(first, tmp_path / "vectors")
    rows = np.concatenate([remembering.encode([text]) for text in ("one", "two", "one")])
    remembering.keep()
    again = Counting(encoder)
    kept = RememberingEncoder(again, tmp_path / "vectors").encode(["two", "three", "one"])
    assert (first.read, again.read) == (2, 1)
    assert np.array_equal(kept[[2, 0, 2]], rows)
    assert remembering.encode([]).shape == (0, encoder.width)
    assert b"three" not in next(tmp_path.iterdir()).read_bytes()


def test_what_was_tuned_on_is_never_a_test_of_it():
    keys = ["a", "b"] * 600
    unseen = np.arange(1200) % 5 == 0
    ((train, test),) = folds(keys, count=4, enough=6_000, unseen=unseen)
    assert np.array_equal(test, np.flatnonzero(unseen))
    assert np.array_equal(train, np.flatnonzero(~unseen))
    most = np.arange(1200) % 5 != 0
    tested = [test for _, test in folds(keys, count=4, enough=6_000, unseen=most)]
    assert len(tested) == 4
    assert np.array_equal(np.sort(np.concatenate(tested)), np.flatnonzero(most))


def test_too_few_new_texts_are_no_test_at_all():
    few = np.arange(1200) < 30
    tested = [test for _, test in folds(["a"] * 1200, count=4, enough=6_000, unseen=few)]
    assert sum(map(len, tested)) == 1200


def test_the_encoder_knows_what_it_was_tuned_on(encoder):
    tuned_on = [example.text for example in examples() if name_of(example.text) in encoder.tuned_on]
    assert len(tuned_on) > 0.7 * len(examples())


def test_half_a_file_of_kept_vectors_is_made_again(encoder, tmp_path):
    texts = [f"message number {number}" for number in range(150)]
    vectors = KeepingEncoder(encoder, tmp_path).encode(texts)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(kept.read_bytes()[:1000])
    assert KeepingEncoder(encoder, tmp_path).encode(texts) == pytest.approx(vectors, abs=1e-3)


def test_no_encoder_is_found_where_none_was_made(tmp_path):
    assert encoder_digest(tmp_path) is None
    assert find_encoder(tmp_path) is None


def test_a_graph_that_cannot_be_run_says_so(encoder):
    words = (encoder_files.FOLDER / encoder_files.VOCABULARY).read_bytes()
    with pytest.raises(ValueError, match="cannot be run"):
        SentenceEncoder(b"no graph", words)


def test_weights_with_another_hash_are_not_used(tmp_path):
    (tmp_path / "package").mkdir()
    with pytest.raises(SetupError, match=r"There is no model\.safetensors"):
        build_encoder(tmp_path / "package", tmp_path / "made")
    (tmp_path / "package" / "model.safetensors").write_bytes(b"other weights")
    with pytest.raises(SetupError, match="not the file whose hash is known"):
        build_encoder(tmp_path / "package", tmp_path / "made")
    assert not (tmp_path / "made").exists()
