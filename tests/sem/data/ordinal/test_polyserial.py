import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.special import ndtr, ndtri

from vaar.sem.data.ordinal.continuous import standardise
from vaar.sem.data.ordinal.pairs import PairOutcome
from vaar.sem.data.ordinal.polychoric import code_items
from vaar.sem.data.ordinal.polyserial import polyserial

ONE = np.array([0])


def sample(rho, n=150, seed=3):
    normal = np.random.default_rng(seed).multivariate_normal([0, 0], [[1, rho], [rho, 1]], n)
    return np.digitize(normal[:, 0], [-1.0, 0.2, 0.9]).astype(float), 5 + 2 * normal[:, 1]


def estimate(category, value):
    return polyserial(code_items(category[:, None]), standardise(value[:, None]), ONE, ONE)


def maximised_directly(category, value):
    both = np.isfinite(category + value)
    answered = category[np.isfinite(category)]
    shares = [np.mean(answered <= level) for level in range(3)]
    edges = np.concatenate([[-np.inf], ndtri(shares), [np.inf]])
    z = ((value - np.nanmean(value)) / np.nanstd(value))[both]
    code = category[both].astype(int)

    def misfit(rho):
        spread = np.sqrt(1 - rho**2)
        upper, lower = edges[code + 1] - rho * z, edges[code] - rho * z
        return -np.log(np.maximum(ndtr(upper / spread) - ndtr(lower / spread), 1e-300)).sum()

    return minimize_scalar(misfit, bounds=(-0.999, 0.999), options={"xatol": 1e-10}).x


@pytest.mark.parametrize("rho", [-0.97, -0.5, 0.0, 0.4, 0.9])
def test_estimate_maximises_the_likelihood(rho):
    category, value = sample(rho)
    got = estimate(category, value).correlations[0]
    assert got == pytest.approx(maximised_directly(category, value), abs=1e-6)


def test_missing_answers_are_left_out_by_pair():
    category, value = sample(0.6)
    category[::7] = np.nan
    value[::5] = np.nan
    got = estimate(category, value).correlations[0]
    assert got == pytest.approx(maximised_directly(category, value), abs=1e-6)


def test_reversing_the_variable_flips_the_sign():
    category, value = sample(0.6)
    plain, flipped = estimate(category, value), estimate(category, -value)
    np.testing.assert_allclose(flipped.correlations, -plain.correlations, atol=1e-9)
    np.testing.assert_allclose(flipped.influences, -plain.influences, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_values_within_their_own_thresholds_are_a_perfect_association(sign):
    value = ndtri((np.arange(60) + 0.5) / 60)
    category = (value > 0.4).astype(float)
    pair = estimate(category, sign * value)
    assert pair.outcomes[0] == PairOutcome.PERFECT
    assert pair.correlations[0] == sign


def test_degenerate_pairs_have_a_named_outcome():
    category, value = sample(0.5)
    assert estimate(np.ones_like(category), value).outcomes[0] == PairOutcome.CONSTANT
    assert estimate(category, np.ones_like(value)).outcomes[0] == PairOutcome.CONSTANT
    first, second = category.copy(), value.copy()
    first[:70], second[70:] = np.nan, np.nan
    assert estimate(first, second).outcomes[0] == PairOutcome.NO_OVERLAP
