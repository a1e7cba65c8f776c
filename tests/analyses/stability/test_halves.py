import numpy as np
import pytest

from vaar.analyses.stability.halves import Halves, split_halves


def sessions(profiles, n=40, sd=1.0, seed=1):
    rng = np.random.default_rng(seed)
    return [np.asarray(one, float) + sd * rng.normal(size=(n, len(one))) for one in profiles]


def test_models_with_profiles_of_their_own_are_matched():
    found = split_halves(sessions([[0, 0, 0], [2, 0, -2], [-2, 2, 0]]), 30, 1)
    assert found.matched.tolist() == [1, 1, 1]
    assert found.r.min() > 0.9


def test_models_of_one_profile_are_matched_by_chance():
    found = split_halves(sessions([[1, 2, 3]] * 5), 300, 1)
    assert found.matched.mean() == pytest.approx(0.2, abs=0.08)
    assert abs(np.median(found.r)) < 0.5


def test_reliability_is_stepped_up_by_spearman_and_brown():
    assert Halves(np.array([0.5]), np.array([])).reliability == pytest.approx([2 / 3])
