import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from vaar.sem.data.ordinal.continuous import pearson, standardise
from vaar.sem.data.ordinal.pairs import PairOutcome

PAIR = np.array([0]), np.array([1])


def sample(rho=0.6, n=120, seed=4):
    return np.random.default_rng(seed).multivariate_normal([3, -2], [[4, 2 * rho], [2 * rho, 1]], n)


def test_moments_have_the_number_of_values_as_divisor():
    values = sample()
    values[5:9, 0] = np.nan
    got = standardise(values)
    np.testing.assert_allclose(got.means, np.nanmean(values, axis=0), rtol=1e-12)
    np.testing.assert_allclose(got.variances, np.nanvar(values, axis=0), rtol=1e-12)


@pytest.mark.parametrize("rho", [-0.999, -0.3, 0.0, 0.8])
def test_complete_data_give_pearsons_r(rho):
    values = sample(rho)
    got = pearson(standardise(values), *PAIR)
    assert got.correlations[0] == pytest.approx(np.corrcoef(values.T)[0, 1], abs=1e-10)


def test_missing_values_give_the_maximum_likelihood_given_the_moments():
    values = sample()
    values[::4, 0] = np.nan
    values[1::5, 1] = np.nan
    z = (values - np.nanmean(values, axis=0)) / np.nanstd(values, axis=0)
    x, y = z[np.isfinite(z).all(axis=1)].T

    def misfit(rho):
        free = 1 - rho**2
        return 0.5 * len(x) * np.log(free) + (x @ x + y @ y - 2 * rho * x @ y) / (2 * free)

    direct = minimize_scalar(misfit, bounds=(-0.99, 0.99), options={"xatol": 1e-10}).x
    assert pearson(standardise(values), *PAIR).correlations[0] == pytest.approx(direct, abs=1e-7)


def test_influences_reproduce_the_large_sample_variance_of_r():
    values = sample(rho=0.6, n=200_000)
    influences = pearson(standardise(values), *PAIR).influences
    assert np.mean(influences**2) == pytest.approx((1 - 0.6**2) ** 2, rel=0.02)


def test_variable_of_two_values_has_finite_influences():
    got = standardise(np.array([[0.0], [0.0], [0.0], [1.0], [1.0]]))
    mean, variance = got.influences
    np.testing.assert_allclose(mean, got.standardised)
    np.testing.assert_allclose(variance, got.standardised**2 - 1.0)


@pytest.mark.parametrize(
    ("values", "outcome"),
    [
        ([[1, 2], [2, 4], [3, 6]], PairOutcome.PERFECT),
        ([[1, 5], [2, 5], [3, 5]], PairOutcome.CONSTANT),
        ([[1, np.nan], [2, np.nan], [np.nan, 3], [np.nan, 4]], PairOutcome.NO_OVERLAP),
    ],
)
def test_degenerate_pairs_have_a_named_outcome(values, outcome):
    got = pearson(standardise(np.array(values, dtype=float)), *PAIR)
    assert got.outcomes[0] == outcome
    assert np.isnan(got.influences).all()
