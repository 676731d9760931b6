"""The table of what a training costs, and the steps that it measures."""

from __future__ import annotations

import pytest

from bench import training
from bench.training import STOCK, TRAINING, Cost, table


def test_costs_are_told_by_step():
    lines = table([Cost("reading", 1.25, 1.0), Cost(TRAINING, 30.0, 45.0)]).splitlines()
    assert lines[0] == "| step | seconds | of computing |"
    assert lines[3] == f"| {TRAINING} | 30.0 | 45.0 |"


def test_beside_stock_rasa_each_is_a_part_of_its_training():
    told = table([Cost(TRAINING, 30.0, 45.0), Cost(STOCK, 600.0, 700.0)])
    assert f"| {TRAINING} | 30.0 | 45.0 | 1/20 |" in told
    assert f"| {STOCK} | 600.0 | 700.0 | 1/1 |" in told


@pytest.mark.slow
def test_a_step_is_measured_in_its_own_process(tmp_path):
    reading = training._steps(tmp_path)[training.READING]
    cost = training._measure(training.READING, reading, tmp_path)
    assert cost.computing > 0
    assert cost.clock > 0
