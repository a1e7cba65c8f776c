import numpy as np
import pandas as pd
import pytest
from scipy import stats

from vaar.analyses.sensitivity.means import FEWEST, mean_difference, variance_share


@pytest.fixture(scope="module")
def pair():
    rng = np.random.default_rng(1)
    one = pd.Series(rng.normal(1, 1, 30), range(30))
    other = pd.Series(rng.normal(0, 3, 50), range(30, 80))
    return one, other


def test_sessions_alone_have_welchs_test(pair):
    one, other = pair
    found, wanted = mean_difference(one, other, None), stats.ttest_ind(*pair, equal_var=False)
    assert found.p == pytest.approx(wanted.pvalue)
    ends = wanted.confidence_interval(0.95)
    assert (found.lower, found.upper) == pytest.approx((ends.low, ends.high))
    alone = pd.Series([f"p{k}" for k in range(80)])
    assert mean_difference(one, other, alone).p == found.p


def test_personas_in_both_levels_are_pairs():
    """With a session of each level per persona it is the paired t-test."""
    rng = np.random.default_rng(2)
    person = rng.normal(0, 2, 40)
    one = pd.Series(person + rng.normal(0.3, 1, 40))
    other = pd.Series(person + rng.normal(0, 1, 40), range(40, 80))
    shared = pd.Series([f"p{k % 40}" for k in range(80)])
    found = mean_difference(one, other, shared)
    wanted = stats.ttest_rel(one.to_numpy(), other.to_numpy())
    assert found.se == pytest.approx(float(wanted.statistic**-1) * float(found.value))
    assert found.p == pytest.approx(wanted.pvalue)


def test_few_sessions_have_no_difference(pair):
    one, other = pair
    assert np.isnan(mean_difference(one.iloc[: FEWEST - 1], other, None).value)
    assert np.isfinite(mean_difference(one.iloc[:FEWEST], other, None).value)


def test_the_share_of_variance_is_that_of_an_analysis_of_variance():
    """ω² = (k − 1)(F − 1) / ((k − 1)(F − 1) + N), from scipy's F, with groups of any size."""
    rng = np.random.default_rng(3)
    level = pd.Series(["a"] * 30 + ["b"] * 20 + ["c"] * 25)
    values = pd.Series(rng.normal(0, 1, 75)) + level.map({"a": 0.0, "b": 0.8, "c": 0.3})
    f = stats.f_oneway(*(own for _, own in values.groupby(level))).statistic
    wanted = 2 * (f - 1) / (2 * (f - 1) + 75)
    assert variance_share(values, level) == pytest.approx(wanted)
    assert 0.02 < wanted < 0.3


def test_chance_has_next_to_no_share_and_small_levels_do_not_count():
    rng = np.random.default_rng(4)
    level = pd.Series(np.tile(["a", "b"], 1000))
    assert variance_share(pd.Series(rng.normal(size=2000)), level) < 0.005
    assert np.isnan(variance_share(pd.Series(np.ones(2000)), level))
    alone = pd.Series(["a"] * 2000)
    assert np.isnan(variance_share(pd.Series(rng.normal(size=2000)), alone))
    one = pd.Series([0.0, 1.0] * FEWEST + [9.0] * (FEWEST - 1))
    names = pd.Series(["a", "b"] * FEWEST + ["c"] * (FEWEST - 1))
    assert variance_share(one, names) == 1.0
