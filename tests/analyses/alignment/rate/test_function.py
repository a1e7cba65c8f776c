import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import approx_fprime
from scipy.stats import norm

from vaar.analyses.alignment.rate.function import RateFunction

SIGNS = np.array([-1.0, 1.0])
FUNCTION = RateFunction(SIGNS, np.array([1.0, 3.0]), np.array([[0.1]]), np.array([0.05, 0.2]))

places = arrays(float, (1, 4), elements=st.floats(-0.4, 0.4))


@given(places)
def test_it_is_the_weighted_mean_of_the_logarithms_of_agreement(place):
    p = norm.cdf(SIGNS * place[0, :2] / 0.1)
    q = norm.cdf(SIGNS * place[0, 2:] / [0.05, 0.2])
    agreement = q * p + (1 - q) * (1 - p)
    assert FUNCTION.sureness(place)[0] == pytest.approx(q)
    assert FUNCTION(place)[0] == pytest.approx(np.log(agreement) @ [0.25, 0.75], rel=1e-9)


@given(places)
def test_its_slopes_are_those_of_finite_differences(place):
    numeric = approx_fprime(place[0], lambda x: FUNCTION(x[None])[0], 1e-7)
    scale = 1 + np.abs(numeric).max()
    assert FUNCTION.slopes(place)[0] / scale == pytest.approx(numeric / scale, abs=1e-4)


def test_a_sign_as_given_is_a_path_of_people_infinitely_far_off():
    place = np.array([[0.1, 0.1, -np.inf, np.inf]])
    assert FUNCTION.sureness(place).tolist() == [[1.0, 1.0]]
    assert FUNCTION(place)[0] == pytest.approx(
        0.25 * norm.logcdf(-1) + 0.75 * norm.logcdf(1), rel=1e-12
    )
    assert FUNCTION.slopes(place)[0, 2:].tolist() == [0.0, 0.0]


def test_some_of_the_groups_keep_their_own_kappa():
    both = RateFunction(SIGNS, np.ones(2), np.array([[0.1], [0.4]]), np.ones(2))
    place = np.array([[0.1, 0.1, 0.0, 1.0]])
    second = both.of(np.array([False, True]))
    assert second(place)[0] == pytest.approx(both(np.repeat(place, 2, axis=0))[1], rel=1e-12)
