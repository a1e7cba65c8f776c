import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from vaar.analyses.alignment.rate.same_sign import (
    KAPPA,
    context_probability,
    log_rate,
    log_same_sign,
    reference_probability,
)

paths = st.floats(-1, 1)
shares = st.floats(0.001, 0.999)


def rate(log_agreement, weights):
    return np.exp(log_rate(log_agreement, weights))


def vaar(path, sign=1.0, reference=1.0, kappa=KAPPA):
    return rate(log_same_sign(np.atleast_1d(path), sign, reference, kappa), [1.0])


def test_the_probability_of_a_sign_is_a_normal_one():
    assert context_probability(0.1, 1) == pytest.approx(norm.cdf(1))
    assert context_probability(0.1, -1, 0.05) == pytest.approx(norm.cdf(-2))


def test_a_reference_takes_the_differences_between_studies_in():
    assert reference_probability(0.3, 0.3, 1) == pytest.approx(norm.cdf(1))
    assert reference_probability(0.5, 0.3, 1, tau=0.4) == pytest.approx(norm.cdf(1))
    assert reference_probability(0.5, 0.3, -1, tau=0.4) == pytest.approx(norm.cdf(-1))
    assert np.isnan(reference_probability(np.nan, 0.3, 1))


@given(paths, shares)
def test_agreement_is_both_have_it_or_both_have_not(path, q):
    p = norm.cdf(path / KAPPA)
    expected = q * p + (1 - q) * (1 - p)
    assert np.exp(log_same_sign(path, 1, q)) == pytest.approx(expected, rel=1e-9)


@given(shares)
def test_no_direction_is_a_half_for_every_reference(q):
    assert vaar(0.0, reference=q) == pytest.approx(0.5)


@given(paths)
def test_people_without_direction_give_a_half_for_every_model(path):
    assert vaar(path, reference=0.5) == pytest.approx(0.5)


def test_a_path_far_on_the_wrong_side_keeps_a_finite_logarithm():
    assert log_same_sign(-1.0, 1, 1.0, kappa=0.02) == pytest.approx(norm.logcdf(-50))


def test_the_rate_is_a_weighted_geometric_mean():
    log_a = np.log([0.9, 0.4])
    assert rate(log_a, [3, 1]) == pytest.approx(0.9**0.75 * 0.4**0.25)
    assert np.isnan(rate([np.log(0.9), np.nan], [1, 1]))
