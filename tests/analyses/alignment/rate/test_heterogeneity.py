import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from vaar.analyses.alignment.rate.heterogeneity import estimate_heterogeneity, pool


def contexts(rng, models, n, kappa, se):
    return [rng.normal(rng.normal(), np.hypot(kappa, se), n) for _ in range(models)]


@given(st.integers(0, 10_000))
def test_with_equal_errors_it_is_the_variance_beyond_them(seed):
    """REML in closed form: κ² = max(0, s² − se²)."""
    rng = np.random.default_rng(seed)
    b = rng.normal(0.2, 0.15, 12)
    found = estimate_heterogeneity([b], [np.full(12, 0.08)])
    assert found.value**2 == pytest.approx(max(0.0, b.var(ddof=1) - 0.08**2), abs=1e-5)
    assert found.lower <= found.value <= found.upper


def test_a_published_meta_analysis_is_reproduced():
    """BCG vaccine trials, log relative risks (Colditz et al. 1994): REML τ² = 0.3132."""
    effect = [
        *(-0.8893, -1.5854, -1.3481, -1.4416, -0.2175, -0.7861, -1.6209),
        *(0.0120, -0.4694, -1.3713, -0.3394, 0.4459, -0.0173),
    ]
    variance = [
        *(0.3256, 0.1946, 0.4154, 0.0200, 0.0512, 0.0069, 0.2230),
        *(0.0040, 0.0564, 0.0730, 0.0124, 0.5325, 0.0714),
    ]
    found = estimate_heterogeneity([effect], [np.sqrt(variance)])
    assert found.value**2 == pytest.approx(0.3132, abs=2e-4)  # inputs have four decimals


def test_the_interval_covers_and_models_are_pooled():
    rng = np.random.default_rng(5)
    found = [
        estimate_heterogeneity(contexts(rng, 4, 10, 0.1, 0.06), [np.full(10, 0.06)] * 4)
        for _ in range(150)
    ]
    assert np.median([f.value for f in found]) == pytest.approx(0.1, abs=0.01)
    covered = np.mean([f.lower <= 0.1 <= f.upper for f in found])
    assert covered >= 0.95 - 4 * np.sqrt(0.95 * 0.05 / 150)


def test_pooling_without_differences_gives_all_models_the_common_mean():
    pooled = pool(np.full(6, 0.3), np.full(6, 0.05))
    np.testing.assert_allclose(pooled.mean, 0.3, atol=1e-9)
    assert (pooled.positive > 0.999).all()
    assert (pooled.sd < 0.05).all()


def test_pooling_of_very_different_models_leaves_them_where_they_are():
    path = np.array([-0.6, -0.2, 0.1, 0.5, 0.8])
    pooled = pool(path, np.full(5, 0.02))
    np.testing.assert_allclose(pooled.mean, path, atol=0.005)
    np.testing.assert_allclose(pooled.sd, 0.02, rtol=0.05)
    np.testing.assert_allclose(pooled.positive, norm.cdf(path / 0.02), atol=1e-3)


@pytest.mark.parametrize(("models", "most"), [(6, 0.05), (30, 0.01)])
def test_models_without_any_path_are_seldom_claimed_to_have_one(models, most):
    rng = np.random.default_rng(2)
    claims = []
    for _ in range(400):
        positive = pool(rng.normal(0, 0.08, models), np.full(models, 0.08)).positive
        claims.append(np.mean((positive >= 0.95) | (positive <= 0.05)))
    assert np.mean(claims) <= most + 0.01  # claims of one data set go together; error about .01
