import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from vaar.analyses.alignment.rate.same_sign import (
    KAPPA,
    MANY_PATHS,
    context_probability,
    corrected,
    log_rate,
    log_same_sign,
    reference_probability,
    upper_of_many,
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


def test_an_unbiased_estimate_keeps_its_place_and_its_percentiles():
    replicates = np.linspace(0, 1, 1001)
    estimate, lower, upper = corrected(0.5, replicates)
    assert estimate == pytest.approx(0.5)
    assert (lower, upper) == pytest.approx((0.025, 0.975), abs=1e-3)


def test_replicates_below_the_estimate_move_it_up_by_twice_their_distance():
    rng = np.random.default_rng(1)
    replicates = rng.normal(-0.5, 1, 20_000)  # the estimate is 0, so its bias is −0.5
    estimate, lower, upper = corrected(0.0, replicates)
    assert estimate == pytest.approx(0.5, abs=0.05)  # 4 Monte Carlo errors of such a quantile
    assert (lower, upper) == pytest.approx((0.5 - 1.96, 0.5 + 1.96), abs=0.12)


def test_what_failed_does_not_count_and_nothing_gives_nothing():
    replicates = np.array([[0.1, np.nan], [0.2, np.nan], [np.nan, np.nan], [0.3, np.nan]])
    estimate, lower, upper = corrected([0.2, 0.5], replicates)
    assert estimate[0] == pytest.approx(0.2)
    assert lower[0] < 0.2 < upper[0]
    assert np.isnan([estimate[1], lower[1], upper[1]]).all()


@pytest.mark.parametrize(("n_paths", "se"), [(1, 0.085), (2, 0.085), (4, 0.085), (8, 0.085)])
def test_who_knows_nothing_has_a_rate_near_a_half_with_any_number_of_paths(n_paths, se):
    """At N = 200 standard errors are about .085; the corrected median must lie in .44–.55."""
    rng = np.random.default_rng(n_paths)
    b = se * rng.standard_normal((600, n_paths))
    again = b + se * rng.standard_normal((400, 600, n_paths))
    at_b = rate(log_same_sign(b, 1, 1.0), np.ones(n_paths))
    replicates = rate(log_same_sign(again, 1, 1.0), np.ones(n_paths))
    estimate, _, _ = corrected(at_b, replicates)
    assert 0.44 <= np.median(estimate) <= 0.55


@pytest.mark.parametrize("beta", [-0.1, 0.0, 0.1, 0.3])
@pytest.mark.parametrize("se", [0.12, 0.085, 0.04])
def test_intervals_of_two_paths_cover_the_truth(beta, se):
    rng = np.random.default_rng(7)
    b = beta + se * rng.standard_normal((1000, 2))
    again = b + se * rng.standard_normal((400, 1000, 2))
    at_b = rate(log_same_sign(b, 1, 1.0), [1, 1])
    _, lower, upper = corrected(at_b, rate(log_same_sign(again, 1, 1.0), [1, 1]))
    truth = rate(log_same_sign([beta, beta], 1, 1.0), [1, 1])
    coverage = ((lower <= truth) & (truth <= upper)).mean()
    assert 0.915 <= coverage <= 0.975  # the nominal .95 within five Monte Carlo errors of .007


@pytest.mark.parametrize("beta", [-0.2, 0.0, 0.2, 0.3])
@pytest.mark.parametrize("n_paths", [MANY_PATHS, 8])
def test_intervals_of_many_paths_cover_the_truth(beta, n_paths):
    """At N = 150: the corrected interval alone covers .77 with 8 paths of .3."""
    rng = np.random.default_rng(11)
    b = beta + 0.085 * rng.standard_normal((800, n_paths))
    again = b + 0.085 * rng.standard_normal((300, 800, n_paths))
    at_b = log_rate(log_same_sign(b, 1, 1.0), np.ones(n_paths))
    replicates = log_rate(log_same_sign(again, 1, 1.0), np.ones(n_paths))
    _, lower, upper = corrected(np.exp(at_b), np.exp(replicates))
    upper = np.maximum(upper, upper_of_many(at_b, replicates))
    truth = rate(log_same_sign(np.full(n_paths, beta), 1, 1.0), np.ones(n_paths))
    assert (upper <= 1).all()
    assert ((lower <= truth) & (truth <= upper)).mean() >= 0.92


def test_the_upper_end_of_many_is_normal_and_free_of_bias():
    rng = np.random.default_rng(2)
    replicates = rng.normal(-3.2, 0.5, (20_000, 1))  # the estimate is −3, so its bias is −0.2
    replicates[::7] = np.nan
    assert np.log(upper_of_many([-3.0], replicates)) == pytest.approx(-2.8 + 1.96 * 0.5, abs=0.02)
    assert upper_of_many([-0.1], replicates + 3) == pytest.approx(1.0)
    assert np.isnan(upper_of_many([-1.0], replicates[:1])).all()
