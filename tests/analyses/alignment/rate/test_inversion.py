import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from vaar.analyses.alignment.rate.function import RateFunction
from vaar.analyses.alignment.rate.inversion import inverted
from vaar.analyses.alignment.rate.same_sign import KAPPA

NORMAL = norm.ppf((np.arange(4000) + 0.5) / 4000)
"""Errors without any chance in them."""


def function(n_paths, groups=1):
    ones = np.ones(n_paths)
    return RateFunction(ones, ones, np.full((groups, 1), KAPPA), ones)


def one_path(b, errors, people=np.inf, level=0.95):
    place = np.array([[b, people]])
    beside = np.stack([errors, np.zeros_like(errors)], axis=-1)[:, None]
    return np.concatenate(inverted(function(1), place, beside, level))


@given(st.floats(-0.4, 0.4), st.floats(0.02, 0.15), st.sampled_from([0.8, 0.95]))
def test_of_one_path_it_is_the_interval_of_the_path_carried_over(b, se, level):
    """The rate rises with its only path, so that its interval is known in closed form."""
    reach = norm.ppf(0.5 + level / 2) * se
    expected = norm.cdf(np.array([b, b - reach, b + reach]) / KAPPA)
    # exact but for 4,000 errors in place of infinitely many
    assert one_path(b, se * NORMAL, level=level) == pytest.approx(expected, abs=2e-3)


def test_errors_that_lie_to_one_side_are_taken_out():
    """Replicates .05 below the estimate: the estimate, too, lies .05 below the truth."""
    estimate, lower, upper = one_path(0.1, 0.08 * NORMAL - 0.05)
    expected = norm.cdf(np.array([0.15, 0.15 - 1.96 * 0.08, 0.15 + 1.96 * 0.08]) / KAPPA)
    assert [estimate, lower, upper] == pytest.approx(expected, abs=2e-3)


def test_people_without_direction_leave_nothing_to_be_sure_of():
    assert one_path(0.2, 0.1 * NORMAL, people=0.0) == pytest.approx([0.5, 0.5, 0.5])


def test_people_against_the_hypothesis_turn_the_interval_round():
    against = one_path(0.1, 0.08 * NORMAL, people=-np.inf)
    assert against == pytest.approx(1 - one_path(0.1, 0.08 * NORMAL)[[0, 2, 1]], abs=2e-3)


def test_what_failed_does_not_count_and_nothing_gives_nothing():
    place = np.array([[0.1, np.inf], [0.1, np.inf], [np.nan, np.inf]])
    errors = np.zeros((4000, 3, 2))
    errors[..., 0] = 0.08 * NORMAL[:, None]
    errors[1:, 1] = np.nan
    whole = inverted(function(1, 3), place, errors)
    errors = np.concatenate([errors, np.full((7, 3, 2), np.nan)])
    with_failures = inverted(function(1, 3), place, errors)
    for one, other in zip(whole, with_failures, strict=True):
        assert one[0] == pytest.approx(other[0], rel=1e-12)
        assert np.isnan(one[1:]).all()


def covers(beta, q=1.0, se=0.085, cases=500, replicates=250, se_people=0.0):
    """Share of intervals that hold the truth, and the median error of the estimates."""
    rng = np.random.default_rng([len(beta), int(1000 * se), 7])
    n = len(beta)
    people_sd = se_people or 1.0
    true = np.r_[beta, np.full(n, norm.ppf(q) * people_sd)]
    errors = np.repeat([se, se_people], n)
    place = true + errors * rng.standard_normal((cases, 2 * n))
    again = errors * rng.standard_normal((replicates, cases, 2 * n))
    rate = RateFunction(np.ones(n), np.ones(n), np.full((cases, 1), KAPPA), np.full(n, people_sd))
    estimate, lower, upper = inverted(rate, place, again)
    truth = np.exp(rate(np.tile(true, (cases, 1))))[0]
    assert (lower >= 0).all() and (lower <= estimate).all()
    assert (estimate <= upper).all() and (upper <= 1).all()
    return ((lower <= truth) & (truth <= upper)).mean(), np.median(estimate) - truth


@pytest.mark.parametrize("n_paths", [1, 2, 6])
@pytest.mark.parametrize("q", [1.0, 0.6])
@pytest.mark.parametrize("size", [-0.2, 0.0, 0.2])
def test_intervals_cover_the_truth_however_many_paths_and_however_sure_people_are(n_paths, q, size):
    """.95 less four Monte Carlo errors of .01; quantiles of replicates covered .74 and more."""
    coverage, bias = covers([size] * n_paths, q)
    assert 0.91 <= coverage <= 0.985
    assert abs(bias) <= 0.03


@pytest.mark.parametrize("beta", [(0.3, -0.1), (0.4, 0.0, -0.2), (0.4, -0.4)])
def test_paths_that_really_differ_are_covered_too(beta):
    coverage, bias = covers(beta, 0.9)
    assert 0.91 <= coverage <= 0.985
    assert abs(bias) <= 0.03


@pytest.mark.parametrize("beta", [(0.2,), (0.2, 0.2), (0.0, 0.0)])
def test_people_who_are_a_sample_widen_the_interval(beta):
    coverage, _ = covers(beta, 0.95, se_people=0.07)
    assert 0.91 <= coverage <= 0.985


@pytest.mark.parametrize("n_paths", [1, 2, 6])
def test_who_knows_nothing_has_a_rate_near_a_half_with_any_number_of_paths(n_paths):
    """At N = 200 standard errors are about .085; the median must lie in .44–.55."""
    _, bias = covers([0.0] * n_paths)
    assert 0.44 <= 0.5 + bias <= 0.55
