"""What choices without a value show: known figures, and a simulation that shares no code."""

import numpy as np
import pytest

from vaar.analyses.social_value_orientation.nulls import (
    at_random,
    expected,
    first_printed,
    transitive_at_random,
)


def test_options_at_random_in_a_hundred_thousand_trials(primary):
    places = np.random.default_rng(8).integers(0, 9, size=(100_000, 6))
    own = np.mean([one.own[places[:, k]] for k, one in enumerate(primary)], axis=0)
    other = np.mean([one.other[places[:, k]] for k, one in enumerate(primary)], axis=0)
    simulated = np.degrees(np.arctan2(other - 50, own - 50))
    exact = at_random(primary)
    assert simulated.mean() == pytest.approx(22.70, abs=0.2)
    assert exact.mean == pytest.approx(simulated.mean(), abs=4 * 12.87 / 316)
    assert exact.sd == pytest.approx(simulated.std(), rel=0.01)
    prosocial = np.mean((simulated >= 22.45) & (simulated < 57.15))
    assert exact.shares["prosocial"] == pytest.approx(prosocial, abs=4 * 0.5 / 316)


def test_the_known_figures(primary):
    random = at_random(primary)
    assert (random.mean, random.sd) == pytest.approx((22.70, 12.87), abs=0.005)
    assert random.shares["prosocial"] == pytest.approx(0.507, abs=0.0005)
    assert sum(random.shares.values()) == pytest.approx(1)
    assert transitive_at_random(primary) == pytest.approx(0.503, abs=0.0005)
    assert first_printed(primary) == pytest.approx(30.47, abs=0.005)


def test_certain_choices_have_one_angle(primary):
    first = [np.eye(9)[0]] * 6
    found = expected(primary, first)
    assert found.mean == pytest.approx(first_printed(primary))
    assert found.sd == pytest.approx(0, abs=1e-6)
    assert found.shares["prosocial"] == 1
