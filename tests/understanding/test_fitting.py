"""What is computed for many messages at once is what is computed for each."""

from __future__ import annotations

import numpy as np
import pytest

from bot.understanding.features import Vectoriser, blocks_of, stack
from bot.understanding.linear import fit_labels, fit_linear
from bot.understanding.nearness import Neighbours
from tests.understanding.engines import examples

SOME = examples()[::200]
TEXTS = [example.text for example in SOME]
LEARNED, ASKED = TEXTS[::2], [*TEXTS[1::2], "", "zxqv wibble", "?", "the the the"]


@pytest.fixture(scope="module")
def vectoriser() -> Vectoriser:
    return Vectoriser.fit(map(blocks_of, LEARNED))


def test_rows_are_the_same_one_by_one_and_all_at_once(vectoriser):
    for text, row in zip(ASKED, vectoriser.rows(ASKED), strict=True):
        alone = vectoriser.row(text)
        assert (row.numbers == alone.numbers).all()
        assert (row.values == alone.values).all()
        assert row.familiar == alone.familiar


def test_a_row_is_of_length_one_or_empty(vectoriser):
    for row in vectoriser.rows(ASKED):
        length = float(row.values @ row.values)
        assert length == pytest.approx(1, abs=1e-5) or not len(row.numbers)


def test_familiar_is_the_share_of_known_words(vectoriser):
    known, strange, both = vectoriser.rows([LEARNED[0], "zxqv wibble", f"{LEARNED[0]} wibble"])
    assert known.familiar == 1
    assert strange.familiar == 0
    assert 0 < both.familiar < 1


def test_without_any_feature_rows_are_empty():
    (row,) = Vectoriser.fit([]).rows(["hello"])
    assert (len(row.numbers), row.familiar) == (0, 0)


def test_how_near_messages_are_is_the_same_one_by_one_and_all_at_once(vectoriser):
    kept = Neighbours.of(vectoriser.rows(LEARNED), width=vectoriser.width)
    rows = vectoriser.rows(ASKED)
    near = [kept.look(row).near for row in rows]
    at_once = kept.look_all(rows, stack(rows, width=vectoriser.width))
    assert [one.near for one in at_once] == pytest.approx(near, abs=1e-5)


@pytest.mark.parametrize("labels", [1, 2, 3, 7])
def test_planes_found_together_are_those_found_one_by_one(vectoriser, labels):
    rows = vectoriser.rows(TEXTS)
    matrix = stack(rows, width=vectoriser.width)
    right = np.arange(len(rows)) % labels
    # The last label has no example.
    favour = [1.0 + 0.1 * label for label in range(labels + 1)]
    together = fit_labels(matrix, right, cost=1.5, favour=favour)
    wanted = np.eye(labels + 1, dtype=bool)[right]
    apart = fit_linear(matrix, wanted, cost=1.5, favour=favour)
    assert np.abs(together.margins_of(matrix) - apart.margins_of(matrix)).max() < 0.01
    assert (together.margins_of(matrix)[:, -1] == -1).all()
