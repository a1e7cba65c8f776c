import numpy as np
import pytest
from scipy import stats

from vaar.analyses.stability.profiles_differ import shapes, welch_james


def test_of_one_variable_it_is_welchs_test():
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(14, 1)), rng.normal(0.8, 2.0, size=(23, 1))
    found = welch_james([x, y])
    welch = stats.ttest_ind(x[:, 0], y[:, 0], equal_var=False)
    assert found.f == pytest.approx(welch.statistic**2)
    assert found.df2 == pytest.approx(welch.df)
    assert found.p == pytest.approx(welch.pvalue)


def test_of_several_groups_it_is_welchs_analysis_of_variance():
    rng = np.random.default_rng(4)
    samples = [rng.normal(m, sd, n) for m, sd, n in ((0, 1, 12), (0.5, 2, 20), (1, 0.5, 9))]
    n = np.array([len(one) for one in samples])
    w = n / [one.var(ddof=1) for one in samples]
    mean = np.array([one.mean() for one in samples])
    centre = (w * mean).sum() / w.sum()
    lack = ((1 - w / w.sum()) ** 2 / (n - 1)).sum()
    f = (w * (mean - centre) ** 2).sum() / 2 / (1 + 2 * (3 - 2) / (3**2 - 1) * lack)
    found = welch_james([one[:, None] for one in samples])
    assert found.f == pytest.approx(f)
    assert found.df2 == pytest.approx((3**2 - 1) / (3 * lack))


def test_unequal_covariances_do_not_make_profiles_differ():
    # 400 data sets without a difference: rejected at 5 % in 5.0 ± 2.2 % (two standard errors)
    rng = np.random.default_rng(5)
    sizes, spreads = (20, 40, 60), (3.0, 1.0, 0.5)
    p = [
        welch_james([s * rng.normal(size=(n, 3)) for n, s in zip(sizes, spreads, strict=True)]).p
        for _ in range(400)
    ]
    assert 0.025 < np.mean(np.array(p) < 0.05) < 0.08


def test_parallel_profiles_differ_in_level_and_not_in_shape():
    rng = np.random.default_rng(6)
    level = [rng.normal(size=(80, 3)) + shift for shift in (0, 1.5)]
    bent = [level[0], level[1] + np.array([2.0, 0, 0])]
    assert welch_james(level).p < 1e-6
    assert welch_james(shapes(level)).p > 0.01
    assert welch_james(shapes(bent)).p < 1e-6


def test_a_group_that_never_varies_has_no_test():
    assert np.isnan(welch_james([np.ones((9, 2)), np.random.default_rng(1).normal(size=(9, 2))]).p)
