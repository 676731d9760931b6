"""Confidences are probabilities, and calibrated ones are believable."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.calibration import (
    calibration_error,
    fit_logistic,
    fit_temperature,
    sigmoid,
    softmax,
)


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=8), st.floats(0.05, 3.0))
def test_softmax_gives_probabilities(margins, temperature):
    chances = softmax(np.array(margins), temperature=temperature)
    assert chances.sum() == pytest.approx(1.0)
    assert (chances >= 0).all()


def test_a_classifier_that_is_often_wrong_gets_a_high_temperature():
    margins = np.tile([1.0, -1.0], (100, 1))
    always, half = np.zeros(100, dtype=int), np.arange(100) % 2
    assert fit_temperature(margins, half) > fit_temperature(margins, always)


def test_a_logistic_fit_finds_the_rate():
    happened = np.arange(1000) % 4 == 0
    weights = fit_logistic(np.zeros((1000, 1)), happened)
    assert sigmoid(weights[-1]) == pytest.approx(0.25, abs=0.01)


def test_separable_data_stays_finite():
    features = np.array([[-1.0], [1.0]])
    assert np.isfinite(fit_logistic(features, np.array([False, True]))).all()


def test_calibration_error_is_the_gap_between_saying_and_being():
    assert calibration_error(np.full(10, 0.8), np.arange(10) < 8) == pytest.approx(0.0)
    assert calibration_error(np.full(10, 0.9), np.zeros(10, dtype=bool)) == pytest.approx(0.9)
