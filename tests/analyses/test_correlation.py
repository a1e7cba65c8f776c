import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from vaar.analyses.correlation import (
    LEAST_RELIABILITY,
    NOTHING,
    Correlation,
    corrected,
    pearson,
    reliability,
    spearman,
)

vectors = st.lists(st.integers(-9, 9), min_size=6, max_size=15).map(lambda v: np.array(v, float))


@given(vectors, st.integers(0, 999))
def test_pearson_is_that_of_scipy_with_its_interval(x, seed):
    y = np.random.default_rng(seed).normal(size=len(x))
    if np.ptp(x) == 0:
        assert np.isnan(pearson(x, y).value)
        return
    known = stats.pearsonr(x, y)
    ends = known.confidence_interval(0.95)  # Fisher's
    found = pearson(x, y)
    assert (found.value, found.lower, found.upper) == pytest.approx(
        (known.statistic, ends.low, ends.high), abs=1e-9
    )


@given(vectors, st.integers(0, 999))
def test_spearman_is_that_of_scipy_ties_and_all(x, seed):
    y = np.random.default_rng(seed).integers(0, 4, len(x)).astype(float)
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        assert np.isnan(spearman(x, y).value)
        return
    assert spearman(x, y).value == pytest.approx(stats.spearmanr(x, y).statistic, abs=1e-9)


def test_the_interval_of_spearman_is_that_of_bonett_and_wright():
    x = np.arange(10.0)
    y = np.array([2.0, 0, 1, 4, 3, 6, 5, 9, 8, 7])
    rho = stats.spearmanr(x, y).statistic
    reach = stats.norm.ppf(0.975) * np.sqrt((1 + rho**2 / 2) / (10 - 3))
    found = spearman(x, y)
    ends = np.tanh(np.arctanh(rho) + np.array([-reach, reach]))
    assert (found.lower, found.upper) == pytest.approx(tuple(ends))


def test_a_whole_correlation_has_finite_ends():
    x = np.arange(8.0)
    found = pearson(x, 2 * x)
    assert found.value == pytest.approx(1)
    assert 0.99 < found.lower <= found.upper <= 1 and found.p < 1e-6


def test_reliability_is_the_share_of_variance_that_is_not_error():
    values = np.array([1.0, 2, 3, 4])
    assert reliability(values, np.full(4, 0.5)) == pytest.approx(1 - 0.25 / (5 / 3))
    assert reliability(values, np.zeros(4)) == 1
    assert np.isnan(reliability(values, np.array([0.1, np.nan, 0.1, 0.1])))


def test_the_correction_is_spearmans_and_stays_within_one():
    found = corrected(Correlation(0.5, -0.1, 0.8, 0.04), 0.8, 0.5)
    root = np.sqrt(0.8 * 0.5)
    assert (found.value, found.lower) == pytest.approx((0.5 / root, -0.1 / root))
    assert found.upper == 1 and found.p == 0.04


def test_nothing_is_corrected_below_the_least_reliability():
    given_ = Correlation(0.5, 0.1, 0.8, 0.04)
    assert corrected(given_, 0.9, LEAST_RELIABILITY - 0.01) == NOTHING or np.isnan(
        corrected(given_, 0.9, LEAST_RELIABILITY - 0.01).value
    )
    assert np.isnan(corrected(given_, np.nan, 0.9).value)
    assert np.isfinite(corrected(given_, 0.5, 0.9).value) and LEAST_RELIABILITY == 0.5
