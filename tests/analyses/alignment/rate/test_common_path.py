import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaar.analyses.alignment.rate.common_path import toward_common_path
from vaar.analyses.alignment.rate.function import RateFunction

sizes = st.floats(-0.3, 0.3)


def function(n_paths, groups=1):
    return RateFunction(
        np.ones(n_paths), np.ones(n_paths), np.full((groups, 1), 0.1), np.ones(n_paths)
    )


def place(own, people=np.inf):
    return np.r_[own, np.full(len(own), people)][None]


def spread(n_paths, se):
    return np.diag(np.repeat([se**2, 0.0], n_paths))[None]


def test_one_path_stays_where_it_is():
    at = place([0.2])
    assert toward_common_path(function(1), at, spread(1, 0.1)) is at


@given(sizes, sizes)
def test_paths_no_further_apart_than_their_errors_become_one_with_the_same_rate(first, second):
    rate, at = function(2), place([first, second])
    drawn = toward_common_path(rate, at, spread(2, 1.0))  # Q is below 1 within ±.3
    assert drawn[0, 0] == pytest.approx(drawn[0, 1], abs=1e-9)
    assert rate(drawn) == pytest.approx(rate(at), abs=1e-9)


def test_of_paths_further_apart_the_share_of_empirical_bayes_stays():
    """People of q = .5 at both would give no rate; with κ wide ln A is nearly linear: mean .1."""
    wide = RateFunction(np.ones(2), np.ones(2), np.array([[50.0]]), np.ones(2))
    drawn = toward_common_path(wide, place([0.3, -0.1]), spread(2, 0.1))
    squared = (0.2**2 + 0.2**2) / 0.1**2
    assert drawn[0, :2] == pytest.approx(0.1 + (1 - 1 / squared) * np.array([0.2, -0.2]), abs=1e-3)


def test_the_common_path_points_where_people_point():
    """One hypothesis of people who go against it: its common path has the other sign."""
    rate = function(2)
    at = np.array([[0.1, -0.1, 5.0, -5.0]])
    drawn = toward_common_path(rate, at, spread(2, 1.0))
    assert drawn[0, :2] == pytest.approx([0.1, -0.1], abs=1e-6)
    assert drawn[0, 2:].tolist() == [5.0, -5.0]


def test_correlated_errors_count_once():
    """Two paths with one error between them are as far apart as their difference says."""
    together = np.zeros((1, 4, 4))
    together[0, :2, :2] = 0.01 * np.array([[1.0, 0.9], [0.9, 1.0]])
    wide = RateFunction(np.ones(2), np.ones(2), np.array([[50.0]]), np.ones(2))
    drawn = toward_common_path(wide, place([0.3, -0.1]), together)
    squared = 0.4**2 / (2 * 0.01 * 0.1)
    assert drawn[0, 0] - drawn[0, 1] == pytest.approx(0.4 * (1 - 1 / squared), abs=1e-3)
