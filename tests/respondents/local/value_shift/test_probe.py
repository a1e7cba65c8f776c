from typing import Any

import numpy as np
import pytest
from scipy.special import expit

from vaar.respondents.local.value_shift.probe import (
    Probe,
    auc,
    fit_probe,
    held_out,
    shuffled_within_pairs,
)


@pytest.fixture
def probe():
    return Probe(np.random.default_rng(1).normal(size=48), -0.3)


@pytest.mark.parametrize("target", [0.88, 0.975])
def test_the_least_shift_reaches_the_target_in_single_precision(probe, target):
    states: Any = np.random.default_rng(2).normal(size=(200, 48)).astype(np.float32)
    bias: Any = np.float32(probe.bias)
    single = Probe(probe.weights.astype(np.float32), bias)
    moved = single.shifted(states, target)
    before, after = single.probability(states), single.probability(moved)
    below = before < target
    assert below.any() and (~below).any()
    assert after[below] == pytest.approx(target, abs=1e-5)
    assert (moved[~below] == states[~below]).all()


def test_suppression_is_the_same_from_above(probe):
    states = np.random.default_rng(3).normal(size=(200, 48))
    after = probe.probability(probe.shifted(states, 0.1, suppress=True))
    assert after.max() == pytest.approx(0.1, abs=1e-9)


def test_no_shorter_shift_reaches_it(probe):
    """Along any direction of the same length P comes to less."""
    state = np.zeros(48)
    distance = float(probe.least_distance(state, 0.9))
    ways = np.random.default_rng(4).normal(size=(500, 48))
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    assert probe.probability(state + distance * ways).max() < 0.9


def test_a_probe_finds_the_direction_that_tells():
    generator = np.random.default_rng(5)
    true = generator.normal(size=6)
    states = generator.normal(size=(20_000, 6)) * [1, 5, 0.2, 1, 1, 1]
    labels = generator.uniform(size=20_000) < expit(states @ true + 0.5)
    found = fit_probe(states, labels, penalty=1e-6)
    assert found.weights == pytest.approx(true, abs=0.35)
    assert found.bias == pytest.approx(0.5, abs=0.15)


def test_held_out_by_pair_and_the_control_by_shuffled_labels():
    generator = np.random.default_rng(6)
    pairs = np.repeat(np.arange(100), 2)
    labels = np.tile([True, False], 100)
    of_pair = np.repeat(generator.normal(size=(100, 20)), 2, axis=0) * 3
    states = of_pair + np.where(labels, 1.0, -1.0)[:, None] * np.eye(20)[0] * 4
    found = held_out(states, labels, pairs, 5, seed=1)
    assert found.accuracy > 0.85 and found.auc > 0.9
    chance = held_out(states, shuffled_within_pairs(labels, pairs, 1), pairs, 5, seed=1)
    assert abs(chance.accuracy - 0.5) < 0.2


def test_auc_is_the_share_of_ordered_pairs():
    told, labels = np.array([3.0, 2.0, 2.0, 1.0]), np.array([True, True, False, False])
    assert auc(told, labels) == pytest.approx(3.5 / 4)
